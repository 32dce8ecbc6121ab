using ScottPlot.Canvases;

namespace ScottPlot.TickGenerators;

/// <summary>Round numbers, as many as have room for their labels.</summary>
public class NumericAutomatic : ITickGenerator
{
    private const int MostTicks = 10;

    public Tick[] Ticks { get; private set; } = [];

    /// <summary>Replaces the labels; by default, numbers with as many decimals as the step between them.</summary>
    public Func<double, string>? LabelFormatter { get; set; }

    void ITickGenerator.Regenerate((double Min, double Max) range, Edge edge, float lengthPixels, LabelStyle labelStyle)
    {
        (double min, double max) = range.Min <= range.Max ? range : (range.Max, range.Min);
        Ticks = [];
        for (int most = MostTicks; most >= 1; most--)
        {
            double step = NiceSteps.AtMost(max - min, most);
            double[] positions = NiceSteps.Positions(min, max, step);
            string[] labels = [.. positions.Select(position => LabelFormatter?.Invoke(position) ?? NiceSteps.Label(position, step))];
            double spacing = step / (max - min) * lengthPixels;
            if (most > 1 && !HaveRoom(labels, spacing, edge, labelStyle)) continue;
            Ticks = [.. positions.Zip(labels, (position, label) => new Tick(position, label)), .. Minor(min, max, step)];
            return;
        }
    }

    private static bool HaveRoom(string[] labels, double spacing, Edge edge, LabelStyle style)
    {
        var font = new Font(style.FontSize, style.Bold);
        TextSize[] sizes = [.. labels.Select(label => TextRuler.Measure(label, font))];
        return sizes.Length == 0 || (edge is Edge.Left or Edge.Right
            ? sizes[0].Height * 2 <= spacing
            : sizes.Max(size => size.Width) + 1.5 * style.FontSize <= spacing);
    }

    private static IEnumerable<Tick> Minor(double min, double max, double step)
    {
        int parts = NiceSteps.MinorParts(step);
        double part = step / parts;
        return from position in NiceSteps.Positions(min, max, part)
               where Math.Abs(Math.IEEERemainder(position, step)) > part / 2
               select new Tick(position, string.Empty, isMajor: false);
    }
}
