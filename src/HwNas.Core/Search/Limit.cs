using System.Globalization;

namespace HwNas.Core.Search;

/// <summary>On which side of the bound of a limit a value must be.</summary>
public enum LimitKind
{
    /// <summary>The value must not exceed the bound: latency, MACs.</summary>
    AtMost,

    /// <summary>The value must not fall below the bound: accuracy.</summary>
    AtLeast,
}

/// <summary>A budget: a bound on one metric.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Kind">On which side the value must be.</param>
/// <param name="Bound">The bound, in the metric's unit; it may be reached.</param>
public sealed record Limit(string Metric, LimitKind Kind, double Bound)
{
    /// <summary>How far a value exceeds the limit, relative to the bound; 0 within it.</summary>
    public double ViolationOf(double value)
    {
        var excess = Kind == LimitKind.AtMost ? value - Bound : Bound - value;
        return excess <= 0 ? 0 : excess / (Bound == 0 ? 1 : Math.Abs(Bound));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Metric} {(Kind == LimitKind.AtMost ? "<=" : ">=")} {Bound:R}");
}
