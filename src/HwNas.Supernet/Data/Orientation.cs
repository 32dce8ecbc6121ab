using HwNas.Core.Data;
using SkiaSharp;

namespace HwNas.Supernet.Data;

/// <summary>Turns pictures as a camera was held (EXIF 2.3, tag 274).</summary>
internal static class Orientation
{
    /// <summary>Whether rows become columns.</summary>
    public static bool IsTurned(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop
            or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>The picture as it is looked at; the same array where it is upright.</summary>
    /// <param name="pixels">[channels, height, width] as stored.</param>
    /// <param name="stored">Their shape.</param>
    /// <param name="origin">Where the first row and the first column belong.</param>
    public static (byte[] Pixels, ImageShape Shape) Upright(byte[] pixels, ImageShape stored, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or 0)
            return (pixels, stored);
        var turned = IsTurned(origin);
        var shape = turned ? new ImageShape(stored.Channels, stored.Width, stored.Height) : stored;

        // The first stored row is at the bottom, or the right; the first stored column at the right, or the bottom.
        var rowsBack = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft
            or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        var columnsBack = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight
            or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var upright = new byte[pixels.Length];
        for (var channel = 0; channel < stored.Channels; channel++)
        {
            var begin = channel * stored.Pixels;
            Turn(pixels.AsSpan(begin, stored.Pixels), upright.AsSpan(begin, stored.Pixels));
        }

        return (upright, shape);

        void Turn(ReadOnlySpan<byte> source, Span<byte> target)
        {
            for (var row = 0; row < stored.Height; row++)
            {
                var down = rowsBack ? stored.Height - 1 - row : row;
                for (var column = 0; column < stored.Width; column++)
                {
                    var right = columnsBack ? stored.Width - 1 - column : column;
                    target[turned ? (right * shape.Width) + down : (down * shape.Width) + right] =
                        source[(row * stored.Width) + column];
                }
            }
        }
    }
}
