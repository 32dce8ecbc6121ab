using HwNas.Core.Data;
using HwNas.Core.Graphs;
using DataType = HwNas.Onnx.Export.TensorProto.Types.DataType;

namespace HwNas.Onnx.Export;

/// <summary>The order of an image's bytes.</summary>
public enum PixelLayout
{
    /// <summary>Channel after channel, as networks take them.</summary>
    Nchw,

    /// <summary>Pixel after pixel, as cameras and decoders give them.</summary>
    Nhwc,
}

/// <summary>
/// An input of raw bytes: normalisation and resizing are part of the model, by the same matrices as in training
/// (docs/decisions/0002), so that nobody has to do them again and differently.
/// </summary>
/// <param name="Layout">The order of the bytes.</param>
/// <param name="Height">Rows of the images; null for as many as the images of the run have.</param>
/// <param name="Width">Columns of the images; null for as many as the images of the run have.</param>
public sealed record PixelInput(PixelLayout Layout, int? Height = null, int? Width = null)
{
    /// <summary>Name of the input, unsigned bytes [batch, channels, height, width] or [batch, height, width, channels].</summary>
    public const string InputName = "pixels";

    /// <summary>Images as such a model takes them, one after the other; a number for each byte.</summary>
    public float[] Read(LabelledImages images, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(images);
        var shape = images.Shape;
        var inputs = new float[count * shape.Bytes];
        var pixels = new byte[shape.Bytes];
        for (var image = 0; image < count; image++)
        {
            images.Read(first + image, pixels);
            var input = inputs.AsSpan(image * shape.Bytes, shape.Bytes);
            for (var i = 0; i < pixels.Length; i++)
            {
                var (channel, pixel) = (i / shape.Pixels, i % shape.Pixels);
                input[Layout == PixelLayout.Nchw ? i : (pixel * shape.Channels) + channel] = pixels[i];
            }
        }

        return inputs;
    }

    /// <summary>Puts this input before a network that takes normalised images.</summary>
    /// <param name="model">The network's model.</param>
    /// <param name="normalisation">How bytes become its input.</param>
    /// <param name="image">Shape of its input.</param>
    /// <param name="batch">Images in one run; null where that is open.</param>
    internal void AddTo(ModelProto model, Normalisation normalisation, FeatureShape image, int? batch)
    {
        var (height, width, channels) = (Height!.Value, Width!.Value, image.Channels);
        var prefix = new OnnxGraphBuilder(InputName);
        var value = Layout == PixelLayout.Nchw
            ? prefix.Input(InputName, DataType.Uint8, batch, channels, height, width)
            : prefix.Node(
                "Transpose", "input.nchw", [prefix.Input(InputName, DataType.Uint8, batch, height, width, channels)],
                OnnxGraphBuilder.Ints("perm", 0, 3, 1, 2));
        value = prefix.Node("Cast", "input.float", [value], OnnxGraphBuilder.Int("to", (long)DataType.Float));
        var ofChannels = Enumerable.Range(0, channels).Select(normalisation.OfChannel).ToList();
        value = prefix.Node("Mul", "input.scaled", [value, PerChannel("input.scale", [.. ofChannels.Select(c => c.Scale)])]);
        value = prefix.Node(
            "Sub", "input.normalised", [value, PerChannel("input.offset", [.. ofChannels.Select(c => c.Offset)])]);
        if (height != image.Height)
        {
            var rows = prefix.Constant("input.rows", ImageResize.Matrix(height, image.Height), image.Height, height);
            value = prefix.Node("MatMul", "input.resized_rows", [rows, value]);
        }

        if (width != image.Width)
        {
            var columns = prefix.Constant(
                "input.columns", Transposed(ImageResize.Matrix(width, image.Width), width), width, image.Width);
            value = prefix.Node("MatMul", "input.resized", [value, columns]);
        }

        prefix.RenameLast(value, OnnxModelWriter.InputName);
        prefix.PutBefore(model.Graph);

        string PerChannel(string name, float[] values) => prefix.Constant(name, values, channels, 1, 1);
    }

    private static float[] Transposed(float[] matrix, int columns)
    {
        var rows = matrix.Length / columns;
        var transposed = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
            transposed[(i % columns * rows) + (i / columns)] = matrix[i];
        return transposed;
    }
}
