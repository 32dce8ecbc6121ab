namespace HwNas.Core.Data;

/// <summary>
/// Resizing: separable cubic convolution (Keys 1981, a = −1/2) whose kernel widens with the reduction, so that it does
/// not alias; the same as Pillow's BICUBIC. One matrix serves every runtime, so that training, search and ONNX Runtime
/// see the same pixels.
/// </summary>
public static class ImageResize
{
    /// <summary>
    /// The matrix R [<paramref name="to"/>, <paramref name="from"/>], row-major, that resizes one axis: with R of its height
    /// and C of its width, an image X becomes R·X·Cᵀ. Every row sums to 1. The identity where the sides are equal.
    /// </summary>
    public static float[] Matrix(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, 1);
        var matrix = new float[to * from];
        for (var row = 0; row < to; row++)
        {
            var (first, weights) = Taps(from, to, row);
            weights.CopyTo(matrix.AsSpan((row * from) + first));
        }

        return matrix;
    }

    /// <summary>
    /// Scales an image until it covers <paramref name="to"/>, keeping its proportions, and cuts out the centre.
    /// The number of channels stays.
    /// </summary>
    /// <param name="pixels">[channels, height, width].</param>
    /// <param name="from">Its shape.</param>
    /// <param name="to">The wanted sides.</param>
    public static byte[] Cover(ReadOnlySpan<byte> pixels, ImageShape from, ImageShape to)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(from.Channels, to.Channels);
        if (from == to)
            return pixels.ToArray();
        var scale = Math.Max((double)to.Height / from.Height, (double)to.Width / from.Width);
        var height = Math.Max(to.Height, (int)Math.Round(scale * from.Height));
        var width = Math.Max(to.Width, (int)Math.Round(scale * from.Width));
        var rows = Enumerable.Range((height - to.Height) / 2, to.Height).Select(row => Taps(from.Height, height, row)).ToArray();
        var columns = Enumerable.Range((width - to.Width) / 2, to.Width)
            .Select(column => Taps(from.Width, width, column)).ToArray();
        var output = new byte[to.Bytes];
        var line = new float[from.Width];
        for (var channel = 0; channel < to.Channels; channel++)
        {
            var plane = pixels.Slice(channel * from.Pixels, from.Pixels);
            for (var row = 0; row < to.Height; row++)
            {
                Array.Clear(line);
                foreach (var (i, weight) in rows[row].Weights.Index())
                {
                    var source = plane.Slice((rows[row].First + i) * from.Width, from.Width);
                    for (var column = 0; column < line.Length; column++)
                        line[column] += weight * source[column];
                }

                var target = output.AsSpan((channel * to.Pixels) + (row * to.Width), to.Width);
                for (var column = 0; column < target.Length; column++)
                {
                    var (first, weights) = columns[column];
                    var sum = 0f;
                    for (var i = 0; i < weights.Length; i++)
                        sum += weights[i] * line[first + i];
                    target[column] = (byte)Math.Clamp(MathF.Round(sum), 0, 255);
                }
            }
        }

        return output;
    }

    // What one pixel of the output is made of: the first pixel of the input, and the weights from there on.
    private static (int First, float[] Weights) Taps(int from, int to, int position)
    {
        var scale = (double)from / to;
        var reach = Math.Max(scale, 1);
        var centre = (position + 0.5) * scale;
        var first = Math.Max(0, (int)Math.Floor(centre - (2 * reach)));
        var last = Math.Min(from - 1, (int)Math.Ceiling(centre + (2 * reach)));
        var weights = new double[last - first + 1];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Cubic((first + i + 0.5 - centre) / reach);
        var sum = weights.Sum();
        return (first, [.. weights.Select(weight => (float)(weight / sum))]);
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
