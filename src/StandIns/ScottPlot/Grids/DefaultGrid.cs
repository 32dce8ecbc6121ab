namespace ScottPlot.Grids;

/// <summary>Lines across the data area at the major ticks.</summary>
public class DefaultGrid
{
    public bool IsVisible { get; set; } = true;

    public Color MajorLineColor { get => MajorLineStyle.Color; set => MajorLineStyle.Color = value; }
    public float MajorLineWidth { get => MajorLineStyle.Width; set => MajorLineStyle.Width = value; }
    public LinePattern MajorLinePattern { get => MajorLineStyle.Pattern; set => MajorLineStyle.Pattern = value; }

    internal LineStyle MajorLineStyle { get; } = new() { Color = Colors.Black.WithOpacity(.1) };
}
