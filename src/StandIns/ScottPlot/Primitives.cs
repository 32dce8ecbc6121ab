namespace ScottPlot;

/// <summary>A place in the units of the axes.</summary>
public struct Coordinates(double x, double y)
{
    public double X { get; set; } = x;
    public double Y { get; set; } = y;
}

/// <summary>A place on the picture: pixels from its upper left corner.</summary>
public struct Pixel(float x, float y)
{
    public float X { get; set; } = x;
    public float Y { get; set; } = y;
}

/// <summary>The visible rectangle in the units of the axes; NaN on a side means "no opinion".</summary>
public readonly struct AxisLimits(double left, double right, double bottom, double top)
{
    public double Left { get; } = left;
    public double Right { get; } = right;
    public double Bottom { get; } = bottom;
    public double Top { get; } = top;

    public static AxisLimits NoLimits => new(double.NaN, double.NaN, double.NaN, double.NaN);
}

public enum Edge
{
    Left,
    Right,
    Bottom,
    Top,
}

/// <summary>Where a thing is anchored: an UpperLeft text lies below and right of its location.</summary>
public enum Alignment
{
    UpperLeft,
    UpperCenter,
    UpperRight,
    MiddleLeft,
    MiddleCenter,
    MiddleRight,
    LowerLeft,
    LowerCenter,
    LowerRight,
}

public enum MarkerShape
{
    None,
    FilledCircle,
    OpenCircle,
    FilledSquare,
    OpenSquare,
    FilledTriangleUp,
    OpenTriangleUp,
    FilledTriangleDown,
    OpenTriangleDown,
    FilledDiamond,
    OpenDiamond,
    Eks,
    Cross,
}

/// <summary>How a line is broken up.</summary>
public readonly struct LinePattern : IEquatable<LinePattern>
{
    private readonly float[]? dashes;

    private LinePattern(params float[] dashes) => this.dashes = dashes;

    public static LinePattern Solid { get; }
    public static LinePattern Dashed { get; } = new(10, 10);
    public static LinePattern DenselyDashed { get; } = new(6, 6);
    public static LinePattern Dotted { get; } = new(3, 5);

    /// <summary>Lengths on and off by turns, in pixels; empty for a solid line.</summary>
    internal ReadOnlySpan<float> Dashes => dashes;

    public bool Equals(LinePattern other) => Dashes.SequenceEqual(other.Dashes);

    public override bool Equals(object? obj) => obj is LinePattern other && Equals(other);

    public override int GetHashCode() => dashes is null ? 0 : HashCode.Combine(dashes[0], dashes[1]);

    public static bool operator ==(LinePattern a, LinePattern b) => a.Equals(b);

    public static bool operator !=(LinePattern a, LinePattern b) => !a.Equals(b);
}

public enum ImageFormat
{
    Bmp,
    Png,
    Jpeg,
    Webp,
    Svg,
}

/// <summary>What a Save method wrote.</summary>
public sealed class SavedImageInfo(string path, int fileSize)
{
    public string Path { get; } = path;
    public int FileSize { get; } = fileSize;
}

/// <summary>A rectangle on the picture, in pixels; y grows downwards.</summary>
internal readonly record struct PixelRect(float Left, float Top, float Right, float Bottom)
{
    public float Width => Right - Left;
    public float Height => Bottom - Top;
    public float CenterX => (Left + Right) / 2;
    public float CenterY => (Top + Bottom) / 2;
}
