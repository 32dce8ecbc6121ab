namespace ScottPlot;

/// <summary>A mark on an axis; minor ticks have no label.</summary>
public readonly struct Tick(double position, string label, bool isMajor = true)
{
    public double Position { get; } = position;
    public string Label { get; } = label;
    public bool IsMajor { get; } = isMajor;
}

public interface ITickGenerator
{
    /// <summary>The ticks of the last rendering.</summary>
    Tick[] Ticks { get; }

    /// <summary>Chooses ticks for an axis that shows <paramref name="range"/> along some pixels.</summary>
    internal void Regenerate((double Min, double Max) range, Edge edge, float lengthPixels, LabelStyle labelStyle);
}
