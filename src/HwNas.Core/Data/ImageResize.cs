using System.Numerics;

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
        var taps = Taps.Of(to, 0, (double)from / to, 0, from);
        for (var row = 0; row < to; row++)
            taps.Weights.AsSpan(row * taps.Stride, taps.Count[row]).CopyTo(matrix.AsSpan((row * from) + taps.First[row]));

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
        var output = new byte[to.Bytes];
        Resample(
            pixels, from,
            Taps.Of(to.Height, (height - to.Height) / 2, (double)from.Height / height, 0, from.Height),
            Taps.Of(to.Width, (width - to.Width) / 2, (double)from.Width / width, 0, from.Width), output, to);
        return output;
    }

    /// <summary>
    /// Scales a part of an image to the sides of another, whatever its proportions. The number of channels stays.
    /// </summary>
    /// <param name="pixels">[channels, height, width].</param>
    /// <param name="from">Its shape.</param>
    /// <param name="area">The part; nothing beyond it is seen.</param>
    /// <param name="output">Takes [channels, height, width]; may not be <paramref name="pixels"/>.</param>
    /// <param name="to">The shape of the output.</param>
    public static void Stretch(ReadOnlySpan<byte> pixels, ImageShape from, PixelArea area, Span<byte> output, ImageShape to)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(from.Channels, to.Channels);
        Resample(
            pixels, from,
            Taps.Of(to.Height, 0, (double)area.Height / to.Height, area.Top, area.Height),
            Taps.Of(to.Width, 0, (double)area.Width / to.Width, area.Left, area.Width), output, to);
    }

    private static void Resample(
        ReadOnlySpan<byte> pixels, ImageShape from, Taps rows, Taps columns, Span<byte> output, ImageShape to)
    {
        // Of a line only what the columns need.
        var (first, length) = (columns.First[0], columns.First[^1] + columns.Count[^1] - columns.First[0]);
        var line = new float[length];
        for (var channel = 0; channel < to.Channels; channel++)
        {
            var plane = pixels.Slice(channel * from.Pixels, from.Pixels);
            for (var row = 0; row < to.Height; row++)
            {
                Array.Clear(line);
                for (var i = 0; i < rows.Count[row]; i++)
                {
                    AddWeighted(
                        line, plane.Slice(((rows.First[row] + i) * from.Width) + first, length),
                        rows.Weights[(row * rows.Stride) + i]);
                }

                var target = output.Slice((channel * to.Pixels) + (row * to.Width), to.Width);
                for (var column = 0; column < target.Length; column++)
                {
                    var values = line.AsSpan(columns.First[column] - first, columns.Count[column]);
                    var weights = columns.Weights.AsSpan(column * columns.Stride, values.Length);
                    var sum = 0f;
                    for (var i = 0; i < values.Length; i++)
                        sum += weights[i] * values[i];
                    target[column] = (byte)Math.Clamp(MathF.Round(sum), 0, 255);
                }
            }
        }
    }

    private static void AddWeighted(Span<float> sums, ReadOnlySpan<byte> values, float weight)
    {
        var i = 0;
        for (; i <= values.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(values[i..]), out var low, out var high);
            AddWeighted(sums[i..], low, weight);
            AddWeighted(sums[(i + Vector<ushort>.Count)..], high, weight);
        }

        for (; i < values.Length; i++)
            sums[i] += weight * values[i];
    }

    private static void AddWeighted(Span<float> sums, Vector<ushort> values, float weight)
    {
        Vector.Widen(values, out var low, out var high);
        Add(sums, low);
        Add(sums[Vector<float>.Count..], high);

        void Add(Span<float> to, Vector<uint> part) =>
            (new Vector<float>(to) + (weight * Vector.ConvertToSingle(Vector.AsVectorInt32(part)))).CopyTo(to);
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

    // What the pixels of one axis of the output are made of: of each, the first pixel of the input and the weights from there on.
    private sealed class Taps(int outputs, int stride)
    {
        public int[] First { get; } = new int[outputs];

        public int[] Count { get; } = new int[outputs];

        public float[] Weights { get; } = new float[outputs * stride];

        public int Stride => stride;

        // Outputs from a position on, each of as many inputs as the scale says, out of those from begin on.
        public static Taps Of(int outputs, int position, double scale, int begin, int length)
        {
            var reach = Math.Max(scale, 1);
            var taps = new Taps(outputs, (int)Math.Min(length, Math.Ceiling(4 * reach) + 3));
            Span<double> weights = new double[taps.Stride];
            for (var output = 0; output < outputs; output++)
            {
                var centre = (position + output + 0.5) * scale;
                var first = Math.Max(0, (int)Math.Floor(centre - (2 * reach)));
                var count = Math.Min(length - 1, (int)Math.Ceiling(centre + (2 * reach))) - first + 1;
                var sum = 0.0;
                for (var i = 0; i < count; i++)
                    sum += weights[i] = Cubic((first + i + 0.5 - centre) / reach);
                for (var i = 0; i < count; i++)
                    taps.Weights[(output * taps.Stride) + i] = (float)(weights[i] / sum);
                (taps.First[output], taps.Count[output]) = (begin + first, count);
            }

            return taps;
        }
    }
}
