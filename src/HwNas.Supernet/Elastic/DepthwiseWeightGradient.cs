using System.Buffers;
using System.Numerics;
using static TorchSharp.torch;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// The weight gradient of a depthwise convolution: per channel, each weight's is the sum over images and output positions of
/// output gradient times the input that the weight reads there. oneDNN has no fast kernel for it beyond 3×3
/// (docs/decisions/0011-depthwise-weight-gradient.md).
/// </summary>
/// <remarks>
/// Channels lie side by side, so a vector holds as many of them, and a block is two vectors: their sums do not wait for each
/// other. Images are packed one by one, a block's channels with zeros around them, which stay in the nearest cache.
/// </remarks>
internal static unsafe class DepthwiseWeightGradient
{
    // Columns of a kernel whose sums stay in registers.
    private const int Columns = 5;

    // Floats of a cache line: vectors that lie across two take longer.
    private const int CacheLine = 16;

    private static readonly int Lanes = 2 * Vector<float>.Count;

    /// <summary>The weight gradient [c, 1, k, k] of a convolution that pads half of its kernel.</summary>
    /// <param name="x">Channels-last maps [n, c, h, w].</param>
    /// <param name="outputGradient">Channels-last [n, c, h / stride, w / stride], rounded up.</param>
    /// <param name="kernel">Side k of the kernel.</param>
    /// <param name="stride">Stride.</param>
    public static Tensor Of(Tensor x, Tensor outputGradient, int kernel, int stride)
    {
        // Keeps what is read by address until it was read.
        using var scope = NewDisposeScope();
        var shape = new Maps(
            (int)x.size(0), (int)x.size(1), (int)x.size(2), (int)x.size(3), (int)outputGradient.size(2),
            (int)outputGradient.size(3), kernel, stride);
        var gradient = empty(shape.Channels, 1, kernel, kernel);
        fixed (byte* input = ChannelsBeside(x).bytes,
            output = ChannelsBeside(outputGradient).bytes,
            sums = gradient.bytes)
        {
            var (from, by, to) = ((nint)input, (nint)output, (nint)sums);
            var blocks = (shape.Channels + Lanes - 1) / Lanes;
            if (get_num_threads() == 1)
            {
                for (var block = 0; block < blocks; block++)
                    SumBlock((float*)from, (float*)by, (float*)to, shape, block * Lanes);
            }
            else
            {
                Parallel.For(
                    0, blocks, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() },
                    block => SumBlock((float*)from, (float*)by, (float*)to, shape, block * Lanes));
            }
        }

        return gradient.MoveToOuterDisposeScope();
    }

    private static Tensor ChannelsBeside(Tensor maps) => maps.permute(0, 2, 3, 1).contiguous();

    private static void SumBlock(float* input, float* output, float* gradient, Maps shape, int channel)
    {
        var (kernel, row) = (shape.Kernel, shape.PaddedWidth * Lanes);
        var groups = (kernel + Columns - 1) / Columns;
        var maps = ((shape.PaddedHeight * shape.PaddedWidth) + Columns) * Lanes;
        var pulls = shape.OutHeight * shape.OutWidth * Lanes;
        var size = maps + pulls + (kernel * groups * Columns * Lanes) + CacheLine;
        var buffer = ArrayPool<float>.Shared.Rent(size);
        buffer.AsSpan(0, size).Clear();
        fixed (float* start = buffer)
        {
            var x = (float*)(((nint)start + (CacheLine * sizeof(float)) - 1) & ~((CacheLine * sizeof(float)) - 1));
            var g = x + maps;
            var sums = g + pulls;
            var inside = x + ((kernel / 2) * (row + Lanes));
            for (var image = 0; image < shape.Images; image++)
            {
                Pack(input + ((long)image * shape.Height * shape.Width * shape.Channels) + channel,
                    shape.Height, shape.Width, shape.Channels, shape.Channels - channel, inside, row);
                Pack(output + ((long)image * shape.OutHeight * shape.OutWidth * shape.Channels) + channel,
                    shape.OutHeight, shape.OutWidth, shape.Channels, shape.Channels - channel, g, shape.OutWidth * Lanes);
                for (var i = 0; i < kernel; i++)
                {
                    for (var group = 0; group < groups; group++)
                    {
                        var columns = group * Columns * Lanes;
                        var weights = sums + (i * groups * Columns * Lanes) + columns;
                        AddColumns(x + (i * row) + columns, g, shape, weights);
                    }
                }
            }

            for (var lane = 0; lane < Math.Min(Lanes, shape.Channels - channel); lane++)
            {
                for (var weight = 0; weight < kernel * kernel; weight++)
                {
                    var (i, j) = (weight / kernel, weight % kernel);
                    gradient[((channel + lane) * kernel * kernel) + weight] = sums[(((i * groups * Columns) + j) * Lanes) + lane];
                }
            }
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    // The channels of a block, of one image.
    private static void Pack(float* from, int height, int width, int channels, int left, float* to, int row)
    {
        var lanes = Math.Min(Lanes, left);
        for (var y = 0; y < height; y++, to += row)
        {
            var pixel = to;
            for (var x = 0; x < width; x++, from += channels, pixel += Lanes)
            {
                if (lanes == Lanes)
                {
                    Vector.Load(from).Store(pixel);
                    Vector.Load(from + Vector<float>.Count).Store(pixel + Vector<float>.Count);
                }
                else
                {
                    new ReadOnlySpan<float>(from, lanes).CopyTo(new Span<float>(pixel, lanes));
                }
            }
        }
    }

    // Sums of five neighbouring weights of a kernel's row, over the output positions of an image.
    private static void AddColumns(float* x, float* g, Maps shape, float* sums)
    {
        var (count, lanes) = (Vector<float>.Count, Lanes);
        Vector<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default;
        Vector<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default;
        var (row, step) = (shape.PaddedWidth * lanes * shape.Stride, lanes * shape.Stride);
        for (var y = 0; y < shape.OutHeight; y++, x += row)
        {
            var p = x;
            for (var column = 0; column < shape.OutWidth; column++, p += step, g += lanes)
            {
                var (even, odd) = (Vector.Load(g), Vector.Load(g + count));
                a0 = Vector.MultiplyAddEstimate(even, Vector.Load(p), a0);
                b0 = Vector.MultiplyAddEstimate(odd, Vector.Load(p + count), b0);
                a1 = Vector.MultiplyAddEstimate(even, Vector.Load(p + lanes), a1);
                b1 = Vector.MultiplyAddEstimate(odd, Vector.Load(p + lanes + count), b1);
                a2 = Vector.MultiplyAddEstimate(even, Vector.Load(p + (2 * lanes)), a2);
                b2 = Vector.MultiplyAddEstimate(odd, Vector.Load(p + (2 * lanes) + count), b2);
                a3 = Vector.MultiplyAddEstimate(even, Vector.Load(p + (3 * lanes)), a3);
                b3 = Vector.MultiplyAddEstimate(odd, Vector.Load(p + (3 * lanes) + count), b3);
                a4 = Vector.MultiplyAddEstimate(even, Vector.Load(p + (4 * lanes)), a4);
                b4 = Vector.MultiplyAddEstimate(odd, Vector.Load(p + (4 * lanes) + count), b4);
            }
        }

        Add(sums, a0, b0);
        Add(sums + lanes, a1, b1);
        Add(sums + (2 * lanes), a2, b2);
        Add(sums + (3 * lanes), a3, b3);
        Add(sums + (4 * lanes), a4, b4);
    }

    private static void Add(float* sum, Vector<float> even, Vector<float> odd)
    {
        (Vector.Load(sum) + even).Store(sum);
        (Vector.Load(sum + Vector<float>.Count) + odd).Store(sum + Vector<float>.Count);
    }

    private readonly record struct Maps(
        int Images, int Channels, int Height, int Width, int OutHeight, int OutWidth, int Kernel, int Stride)
    {
        public int PaddedHeight => Height + Kernel - 1;

        public int PaddedWidth => Width + Kernel - 1;
    }
}
