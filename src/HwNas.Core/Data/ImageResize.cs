namespace HwNas.Core.Data;

/// <summary>
/// Resizing of square images to a subnet's resolution: separable cubic convolution (Keys 1981, a = −1/2) whose kernel
/// widens with the reduction, so that it does not alias; the same as Pillow's BICUBIC. One matrix serves every
/// runtime, so that training, search and ONNX Runtime see the same pixels.
/// </summary>
public static class ImageResize
{
    /// <summary>
    /// The matrix R [<paramref name="to"/>, <paramref name="from"/>], row-major, by which an image X becomes R·X·Rᵀ;
    /// every row sums to 1. The identity where the sides are equal.
    /// </summary>
    public static float[] Matrix(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, 1);
        var matrix = new float[to * from];
        var scale = (double)from / to;
        var reach = Math.Max(scale, 1);
        for (var row = 0; row < to; row++)
        {
            var centre = (row + 0.5) * scale;
            var weights = new double[from];
            for (var column = 0; column < from; column++)
                weights[column] = Cubic((column + 0.5 - centre) / reach);
            var sum = weights.Sum();
            for (var column = 0; column < from; column++)
                matrix[(row * from) + column] = (float)(weights[column] / sum);
        }

        return matrix;
    }

    /// <summary>
    /// Makes one image a network's input: normalised, then resized. <paramref name="input"/> is
    /// [channels, resolution, resolution].
    /// </summary>
    public static void ToInput(LabelledImages images, int index, int resolution, ReadOnlySpan<float> matrix, Span<float> input)
    {
        ArgumentNullException.ThrowIfNull(images);
        var side = images.Side;
        var (scale, offset) = ((float)(1 / (255 * images.Normalisation.Deviation)), (float)(images.Normalisation.Mean / images.Normalisation.Deviation));
        Span<float> rows = new float[resolution * side];
        for (var channel = 0; channel < images.Channels; channel++)
        {
            var pixels = images.Pixels.AsSpan((index * images.ImageBytes) + (channel * side * side), side * side);
            var output = input.Slice(channel * resolution * resolution, resolution * resolution);
            if (resolution == side)
            {
                for (var i = 0; i < pixels.Length; i++)
                    output[i] = (pixels[i] * scale) - offset;
                continue;
            }

            rows.Clear();
            for (var row = 0; row < resolution; row++)
            {
                for (var source = 0; source < side; source++)
                {
                    var weight = matrix[(row * side) + source];
                    if (weight == 0)
                        continue;
                    for (var column = 0; column < side; column++)
                        rows[(row * side) + column] += weight * ((pixels[(source * side) + column] * scale) - offset);
                }
            }

            for (var row = 0; row < resolution; row++)
            {
                for (var column = 0; column < resolution; column++)
                {
                    var sum = 0f;
                    for (var source = 0; source < side; source++)
                        sum += rows[(row * side) + source] * matrix[(column * side) + source];
                    output[(row * resolution) + column] = sum;
                }
            }
        }
    }

    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        return x switch
        {
            < 1 => (((1.5 * x) - 2.5) * x * x) + 1,
            < 2 => (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2,
            _ => 0,
        };
    }
}
