namespace HwNas.Core.Data;

/// <summary>
/// Makes images a network's input without tensors, as a device does it: normalised, then resized to the network's square.
/// </summary>
public sealed class NetworkInputs
{
    private readonly LabelledImages _images;
    private readonly int _resolution;
    private readonly float[] _rows;
    private readonly float[] _columns;

    /// <summary>Prepares inputs of a resolution.</summary>
    public NetworkInputs(LabelledImages images, int resolution)
    {
        ArgumentNullException.ThrowIfNull(images);
        _images = images;
        _resolution = resolution;
        _rows = ImageResize.Matrix(images.Shape.Height, resolution);
        _columns = ImageResize.Matrix(images.Shape.Width, resolution);
    }

    /// <summary>Values of one input.</summary>
    public int Length => _images.Shape.Channels * _resolution * _resolution;

    /// <summary>Makes some images inputs, one after the other, each [channels, resolution, resolution].</summary>
    public float[] Read(int first, int count)
    {
        var inputs = new float[count * Length];
        var pixels = new byte[_images.Shape.Bytes];
        for (var image = 0; image < count; image++)
        {
            _images.Read(first + image, pixels);
            for (var channel = 0; channel < _images.Shape.Channels; channel++)
            {
                Resize(
                    pixels.AsSpan(channel * _images.Shape.Pixels, _images.Shape.Pixels), _images.Normalisation.OfChannel(channel),
                    inputs.AsSpan((image * Length) + (channel * _resolution * _resolution), _resolution * _resolution));
            }
        }

        return inputs;
    }

    private void Resize(ReadOnlySpan<byte> pixels, (float Scale, float Offset) normalisation, Span<float> output)
    {
        var (height, width) = (_images.Shape.Height, _images.Shape.Width);
        var normalised = new float[pixels.Length];
        for (var i = 0; i < normalised.Length; i++)
            normalised[i] = (pixels[i] * normalisation.Scale) - normalisation.Offset;
        var rows = normalised;
        if (height != _resolution)
        {
            rows = new float[_resolution * width];
            for (var row = 0; row < _resolution; row++)
            {
                for (var source = 0; source < height; source++)
                {
                    if (_rows[(row * height) + source] is not 0 and var weight)
                    {
                        for (var column = 0; column < width; column++)
                            rows[(row * width) + column] += weight * normalised[(source * width) + column];
                    }
                }
            }
        }

        if (width == _resolution)
        {
            rows.CopyTo(output);
            return;
        }

        for (var row = 0; row < _resolution; row++)
        {
            for (var column = 0; column < _resolution; column++)
            {
                var sum = 0f;
                for (var source = 0; source < width; source++)
                    sum += rows[(row * width) + source] * _columns[(column * width) + source];
                output[(row * _resolution) + column] = sum;
            }
        }
    }
}
