using System.Globalization;

namespace HwNas.Core.Data;

/// <summary>The shape of an image as it is stored: channel after channel, each row after row.</summary>
/// <param name="Channels">1 for grey images, 3 for red, green and blue.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Bytes of an image, one for each pixel of each channel.</summary>
    public int Bytes => checked(Channels * Height * Width);

    /// <summary>Pixels of one channel.</summary>
    public int Pixels => checked(Height * Width);

    /// <summary>Height × width × channels, as <c>--data FOLDER@32x32x3</c> takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}x{Channels}");
}

/// <summary>A rectangle of pixels.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct PixelArea(int Top, int Left, int Height, int Width);
