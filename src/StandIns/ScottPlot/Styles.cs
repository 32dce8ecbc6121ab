namespace ScottPlot;

public class LineStyle
{
    public float Width { get; set; } = 1;
    public Color Color { get; set; } = Colors.Black;
    public LinePattern Pattern { get; set; } = LinePattern.Solid;
    public bool IsVisible { get; set; } = true;

    internal bool Draws => IsVisible && Width > 0 && Color.Alpha > 0;
}

public class TickMarkStyle : LineStyle
{
    /// <summary>Pixels.</summary>
    public float Length { get; set; }
}

public class MarkerStyle
{
    public bool IsVisible { get; set; } = true;

    public MarkerShape Shape { get; set; } = MarkerShape.FilledCircle;

    /// <summary>Diameter in pixels.</summary>
    public float Size { get; set; } = 5;

    public Color FillColor { get; set; } = Colors.Gray;

    /// <summary>The colour of shapes that are made of lines, such as open circles.</summary>
    public Color LineColor { get; set; } = Colors.Gray;
    public float LineWidth { get; set; } = 1;

    /// <summary>Drawn around filled shapes when wider than 0.</summary>
    public Color OutlineColor { get; set; } = Colors.Black;
    public float OutlineWidth { get; set; }
}

public class LabelStyle
{
    public bool IsVisible { get; set; } = true;
    public string Text { get; set; } = string.Empty;
    public float FontSize { get; set; } = 12;
    public bool Bold { get; set; }
    public Color ForeColor { get; set; } = Colors.Black;
    public Color BackgroundColor { get; set; } = Colors.Transparent;

    /// <summary>Pixels between the text and the border of its background.</summary>
    public float Padding { get; set; }
    public Alignment Alignment { get; set; } = Alignment.UpperLeft;

    /// <summary>Degrees, clockwise.</summary>
    public float Rotation { get; set; }
}
