using System.Buffers;
using HwNas.Core.Data;

namespace HwNas.Supernet.Data.Augmenting;

/// <summary>Moves pixels of [channels, height, width] images, in place.</summary>
internal static class Geometry
{
    /// <summary>Left becomes right.</summary>
    public static void Mirror(Span<byte> pixels, ImageShape shape)
    {
        for (var row = 0; row < pixels.Length; row += shape.Width)
            pixels.Slice(row, shape.Width).Reverse();
    }

    /// <summary>Moves the content by whole pixels, down and to the right where positive.</summary>
    public static void Shift(Span<byte> pixels, ImageShape shape, int down, int right, byte fill)
    {
        if ((down, right) == (0, 0))
            return;
        var kept = Math.Max(0, shape.Width - Math.Abs(right));
        var (from, to) = (Math.Max(0, -right), Math.Max(0, right));
        WithCopy(pixels, shape, (source, target) =>
        {
            for (var channel = 0; channel < shape.Channels; channel++)
            {
                for (var row = 0; row < shape.Height; row++)
                {
                    var line = target.Slice((channel * shape.Pixels) + (row * shape.Width), shape.Width);
                    line.Fill(fill);
                    if (row - down >= 0 && row - down < shape.Height && kept > 0)
                    {
                        source.Slice((channel * shape.Pixels) + ((row - down) * shape.Width) + from, kept)
                            .CopyTo(line.Slice(to, kept));
                    }
                }
            }
        });
    }

    /// <summary>Turns the content about the centre, clockwise where positive.</summary>
    public static void Rotate(Span<byte> pixels, ImageShape shape, double degrees, byte fill)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        Map(pixels, shape, new Affine(cosine, sine, -sine, cosine, 0, 0), fill);
    }

    /// <summary>Moves each row to the left by <paramref name="share"/> of its distance below the centre.</summary>
    public static void ShearRows(Span<byte> pixels, ImageShape shape, double share, byte fill) =>
        Map(pixels, shape, new Affine(1, share, 0, 1, 0, 0), fill);

    /// <summary>Moves each column up by <paramref name="share"/> of its distance right of the centre.</summary>
    public static void ShearColumns(Span<byte> pixels, ImageShape shape, double share, byte fill) =>
        Map(pixels, shape, new Affine(1, 0, share, 1, 0, 0), fill);

    /// <summary>Moves the content by parts of pixels, down and to the right where positive.</summary>
    public static void Translate(Span<byte> pixels, ImageShape shape, double down, double right, byte fill) =>
        Map(pixels, shape, new Affine(1, 0, 0, 1, -right, -down), fill);

    // Each pixel takes the place where it came from, by bilinear interpolation.
    private static void Map(Span<byte> pixels, ImageShape shape, Affine back, byte fill) =>
        WithCopy(pixels, shape, (source, target) =>
        {
            double middleX = (shape.Width - 1) / 2.0, middleY = (shape.Height - 1) / 2.0;
            for (var row = 0; row < shape.Height; row++)
            {
                for (var column = 0; column < shape.Width; column++)
                {
                    double x = column - middleX, y = row - middleY;
                    var sourceX = middleX + (back.XX * x) + (back.XY * y) + back.X;
                    var sourceY = middleY + (back.YX * x) + (back.YY * y) + back.Y;
                    int left = (int)Math.Floor(sourceX), top = (int)Math.Floor(sourceY);
                    float toRight = (float)(sourceX - left), toBottom = (float)(sourceY - top);
                    for (var channel = 0; channel < shape.Channels; channel++)
                    {
                        var plane = source.Slice(channel * shape.Pixels, shape.Pixels);
                        var upper = Between(At(plane, top, left), At(plane, top, left + 1), toRight);
                        var lower = Between(At(plane, top + 1, left), At(plane, top + 1, left + 1), toRight);
                        target[(channel * shape.Pixels) + (row * shape.Width) + column] =
                            (byte)MathF.Round(Between(upper, lower, toBottom));
                    }
                }
            }

            float At(ReadOnlySpan<byte> plane, int row, int column) =>
                (uint)row < (uint)shape.Height && (uint)column < (uint)shape.Width ? plane[(row * shape.Width) + column] : fill;
        });

    private static float Between(float first, float second, float share) => first + (share * (second - first));

    private static void WithCopy(Span<byte> pixels, ImageShape shape, Move move)
    {
        var copy = ArrayPool<byte>.Shared.Rent(shape.Bytes);
        pixels.CopyTo(copy);
        move(copy.AsSpan(0, shape.Bytes), pixels);
        ArrayPool<byte>.Shared.Return(copy);
    }

    private delegate void Move(ReadOnlySpan<byte> source, Span<byte> target);

    // Where a pixel comes from, with the centre as the origin.
    private readonly record struct Affine(double XX, double XY, double YX, double YY, double X, double Y);
}
