using ScottPlot.TickGenerators;

namespace ScottPlot;

/// <summary>An edge of the data area with its frame line, ticks and labels.</summary>
public interface IAxis
{
    Edge Edge { get; }
    bool IsVisible { get; set; }

    /// <summary>The value at the left or bottom end.</summary>
    double Min { get; set; }

    /// <summary>The value at the right or top end.</summary>
    double Max { get; set; }

    LabelStyle Label { get; }
    LabelStyle TickLabelStyle { get; }
    LineStyle FrameLineStyle { get; }
    TickMarkStyle MajorTickStyle { get; }
    TickMarkStyle MinorTickStyle { get; }
    ITickGenerator TickGenerator { get; set; }

    /// <summary>Puts ticks at the given places instead of automatic ones.</summary>
    void SetTicks(double[] xs, string[] labels);
}

public interface IXAxis : IAxis;

public interface IYAxis : IAxis;

internal abstract class Axis(Edge edge) : IAxis
{
    public Edge Edge => edge;
    public bool IsVisible { get; set; } = true;
    public double Min { get; set; } = double.NaN;
    public double Max { get; set; } = double.NaN;
    public LabelStyle Label { get; } = new() { FontSize = 16, Bold = true, Alignment = Alignment.MiddleCenter };
    public LabelStyle TickLabelStyle { get; } = new();
    public LineStyle FrameLineStyle { get; } = new();
    public TickMarkStyle MajorTickStyle { get; } = new() { Length = 4 };
    public TickMarkStyle MinorTickStyle { get; } = new() { Length = 2 };
    public ITickGenerator TickGenerator { get; set; } = new NumericAutomatic();

    public bool IsSet => !double.IsNaN(Min) && !double.IsNaN(Max);

    /// <summary>How far along the axis a value lies: 0 at its left or bottom end, 1 at the other.</summary>
    public double Fraction(double value) => (value - Min) / (Max - Min);

    public void SetTicks(double[] xs, string[] labels)
    {
        if (xs.Length != labels.Length)
            throw new ArgumentException($"{xs.Length} positions and {labels.Length} labels: there must be as many of both.");
        var ticks = new NumericManual();
        for (int i = 0; i < xs.Length; i++) ticks.AddMajor(xs[i], labels[i]);
        TickGenerator = ticks;
    }
}

internal sealed class XAxis(Edge edge) : Axis(edge), IXAxis;

internal sealed class YAxis(Edge edge) : Axis(edge), IYAxis;
