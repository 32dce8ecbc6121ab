namespace ScottPlot.TickGenerators;

/// <summary>Ticks where the caller puts them.</summary>
public class NumericManual : ITickGenerator
{
    private readonly List<Tick> all = [];

    public Tick[] Ticks { get; private set; } = [];

    public void AddMajor(double position, string label) => all.Add(new Tick(position, label));

    public void AddMinor(double position) => all.Add(new Tick(position, string.Empty, isMajor: false));

    void ITickGenerator.Regenerate((double Min, double Max) range, Edge edge, float lengthPixels, LabelStyle labelStyle)
    {
        (double min, double max) = range.Min <= range.Max ? range : (range.Max, range.Min);
        Ticks = [.. all.Where(tick => tick.Position >= min && tick.Position <= max)];
    }
}
