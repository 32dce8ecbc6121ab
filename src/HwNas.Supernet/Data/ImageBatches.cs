using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using HwNas.Core.Data;
using HwNas.Supernet.Data.Augmenting;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HwNas.Supernet.Data;

/// <summary>Images in batches of a fixed order, as normalised channels-last tensors at any resolution.</summary>
public sealed class ImageBatches
{
    private static readonly ConcurrentDictionary<(int From, int To, DeviceType Type, int Index), Tensor> ResizeMatrices = [];

    private readonly LabelledImages _images;
    private readonly int[] _order;
    private readonly int _batchSize;
    private readonly TorchDevice _device;

    /// <summary>Cuts the first <paramref name="count"/> images into batches; the last one may be smaller.</summary>
    /// <param name="images">The images.</param>
    /// <param name="batchSize">Images in a batch.</param>
    /// <param name="count">How many of them; null for all.</param>
    /// <param name="device">Where the batches shall lie; null for the CPU.</param>
    public ImageBatches(LabelledImages images, int batchSize, int? count = null, TorchDevice? device = null)
        : this(images, [.. Enumerable.Range(0, count ?? images.Count)], batchSize, device ?? TorchDevice.Cpu)
    {
    }

    private ImageBatches(LabelledImages images, int[] order, int batchSize, TorchDevice device)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(order.Length, 1);
        _images = images;
        _order = order;
        _batchSize = batchSize;
        _device = device;
    }

    /// <summary>Number of images.</summary>
    public int Count => _order.Length;

    /// <summary>Number of batches.</summary>
    public int Batches => (_order.Length + _batchSize - 1) / _batchSize;

    /// <summary>A batch in the current dispose scope: images [n, channels, resolution, resolution] and labels [n].</summary>
    public (Tensor Images, Tensor Labels) Batch(int batch, int resolution)
    {
        var indices = _order.AsSpan(batch * _batchSize, Math.Min(_batchSize, _order.Length - (batch * _batchSize)));
        var (images, labels) = Load(_images, indices);
        return (Resize(_device.Take(images), resolution), _device.Take(labels));
    }

    /// <summary>
    /// Images of their own height and width [n, channels, height, width], normalised, not yet channels-last, and labels [n],
    /// on the CPU, in the current dispose scope.
    /// </summary>
    /// <param name="images">The data set.</param>
    /// <param name="indices">Which images.</param>
    /// <param name="augmentation">How they are varied, where given.</param>
    /// <param name="seed">Decides how: each image by this and its place in the batch alone.</param>
    /// <param name="cancellation">Gives it up.</param>
    internal static (Tensor Images, Tensor Labels) Load(
        LabelledImages images, ReadOnlySpan<int> indices, Augmentation? augmentation = null, int seed = 0,
        CancellationToken cancellation = default)
    {
        var shape = images.Shape;
        var pixels = new byte[shape.Bytes];
        var batch = empty([indices.Length, shape.Channels, shape.Height, shape.Width]);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        var labels = new long[indices.Length];
        var augmenter = augmentation is null ? null : new ImageAugmenter(augmentation, shape);
        for (var i = 0; i < indices.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            images.Read(indices[i], pixels);
            labels[i] = images.Labels[indices[i]];
            augmenter?.Apply(pixels, new Random(Seeds.Of(seed, i)));
            var target = values.Slice(i * shape.Bytes, shape.Bytes);
            for (var channel = 0; channel < shape.Channels; channel++)
            {
                var (scale, offset) = images.Normalisation.OfChannel(channel);
                for (var p = channel * shape.Pixels; p < (channel + 1) * shape.Pixels; p++)
                    target[p] = (pixels[p] * scale) - offset;
            }
        }

        return (batch, tensor(labels));
    }

    /// <summary>
    /// Resizes [n, channels, height, width] images to a square (<see cref="ImageResize"/>) and makes them channels-last.
    /// </summary>
    public static Tensor Resize(Tensor images, int resolution)
    {
        var (height, width) = ((int)images.shape[2], (int)images.shape[3]);
        if (height != resolution || width != resolution)
        {
            var device = images.device;
            var (rows, columns) = (ResizeMatrix(height, resolution, device), ResizeMatrix(width, resolution, device));
            images = rows.matmul(images).matmul(columns.t());
        }

        return ChannelsLast.Copy(images);
    }

    private static Tensor ResizeMatrix(int from, int to, Device device) => ResizeMatrices.GetOrAdd(
        (from, to, device.type, device.index),
        _ => tensor(ImageResize.Matrix(from, to), [to, from], device: device).DetachFromDisposeScope());
}
