using HwNas.Core.Data;
using HwNas.Supernet.Elastic;
using static TorchSharp.torch;

namespace HwNas.Supernet.Data;

/// <summary>Images in batches of a fixed order, as normalised channels-last tensors at any resolution.</summary>
public sealed class ImageBatches
{
    private readonly LabelledImages _images;
    private readonly int[] _order;
    private readonly int _batchSize;

    /// <summary>Cuts the first <paramref name="count"/> images into batches; the last one may be smaller.</summary>
    public ImageBatches(LabelledImages images, int batchSize, int? count = null)
        : this(images, [.. Enumerable.Range(0, count ?? images.Count)], batchSize)
    {
    }

    private ImageBatches(LabelledImages images, int[] order, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(order.Length, 1);
        _images = images;
        _order = order;
        _batchSize = batchSize;
    }

    /// <summary>Number of images.</summary>
    public int Count => _order.Length;

    /// <summary>Number of batches.</summary>
    public int Batches => (_order.Length + _batchSize - 1) / _batchSize;

    /// <summary>A batch in the current dispose scope: images [n, channels, resolution, resolution] and labels [n].</summary>
    public (Tensor Images, Tensor Labels) Batch(int batch, int resolution)
    {
        var indices = _order.AsSpan(batch * _batchSize, Math.Min(_batchSize, _order.Length - (batch * _batchSize)));
        var (images, labels) = Load(_images, indices, flip: null);
        return (Resize(images, resolution), labels);
    }

    /// <summary>
    /// Images at their own side [n, channels, side, side], normalised, not yet channels-last, and labels [n].
    /// </summary>
    /// <param name="images">The data set.</param>
    /// <param name="indices">Which images.</param>
    /// <param name="flip">Mirrors each image with probability 1/2, where given.</param>
    internal static (Tensor Images, Tensor Labels) Load(LabelledImages images, ReadOnlySpan<int> indices, Random? flip)
    {
        var side = images.Side;
        var values = new float[indices.Length * images.ImageBytes];
        var labels = new long[indices.Length];
        var scale = (float)(1 / (255 * images.Normalisation.Deviation));
        var offset = (float)(images.Normalisation.Mean / images.Normalisation.Deviation);
        for (var i = 0; i < indices.Length; i++)
        {
            var source = images.Pixels.AsSpan(indices[i] * images.ImageBytes, images.ImageBytes);
            var target = values.AsSpan(i * images.ImageBytes, images.ImageBytes);
            for (var p = 0; p < source.Length; p++)
                target[p] = (source[p] * scale) - offset;
            if (flip is not null && flip.Next(2) == 0)
            {
                for (var row = 0; row < target.Length; row += side)
                    target.Slice(row, side).Reverse();
            }

            labels[i] = images.Labels[indices[i]];
        }

        return (tensor(values, [indices.Length, images.Channels, side, side]), tensor(labels));
    }

    /// <summary>Resizes [n, channels, side, side] images (<see cref="ImageResize"/>) and makes them channels-last.</summary>
    internal static Tensor Resize(Tensor images, int resolution)
    {
        var side = (int)images.shape[2];
        if (side != resolution)
        {
            using var matrix = tensor(ImageResize.Matrix(side, resolution), [resolution, side]);
            images = matrix.matmul(images).matmul(matrix.t());
        }

        return ChannelsLast.Copy(images);
    }
}
