using System.Globalization;

namespace ScottPlot;

/// <summary>A colour of four bytes, not premultiplied.</summary>
public readonly struct Color : IEquatable<Color>
{
    public byte Red { get; }
    public byte Green { get; }
    public byte Blue { get; }
    public byte Alpha { get; }

    public Color(byte red, byte green, byte blue, byte alpha = 255) =>
        (Red, Green, Blue, Alpha) = (red, green, blue, alpha);

    /// <summary>Reads "#RRGGBB" or "#RRGGBBAA", with or without the hash; as in ScottPlot, anything else is black.</summary>
    public static Color FromHex(string hex)
    {
        string digits = hex.TrimStart('#');
        if (digits.Length == 6) digits += "FF";
        bool valid = uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rgba);
        return valid
            ? new Color((byte)(rgba >> 24), (byte)(rgba >> 16), (byte)(rgba >> 8), (byte)rgba)
            : new Color(0, 0, 0);
    }

    public readonly Color WithAlpha(byte alpha) => new(Red, Green, Blue, alpha);

    public readonly Color WithAlpha(double alpha) => WithAlpha((byte)(alpha * 255));

    public readonly Color WithOpacity(double opacity = .5) => WithAlpha(opacity);

    public string ToStringRGB() => $"#{Red:X2}{Green:X2}{Blue:X2}";

    public bool Equals(Color other) =>
        (Red, Green, Blue, Alpha) == (other.Red, other.Green, other.Blue, other.Alpha);

    public override bool Equals(object? obj) => obj is Color other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Red, Green, Blue, Alpha);

    public static bool operator ==(Color a, Color b) => a.Equals(b);

    public static bool operator !=(Color a, Color b) => !a.Equals(b);
}

public static class Colors
{
    public static Color Black { get; } = new(0, 0, 0);
    public static Color White { get; } = new(255, 255, 255);
    public static Color Gray { get; } = new(128, 128, 128);
    public static Color Transparent { get; } = new(0, 0, 0, 0);
}
