using System.Globalization;

namespace HwNas.Cli.Reporting;

/// <summary>
/// The horizontal scale: linear, or logarithmic where the costs differ by more than a factor of 12 (several
/// devices, large spaces), because on a linear axis the small ones would then stick together.
/// </summary>
internal sealed class CostScale
{
    private const double LogarithmicFrom = 12;

    private CostScale(bool logarithmic) => IsLogarithmic = logarithmic;

    public bool IsLogarithmic { get; }

    public static CostScale For(IEnumerable<double> costs)
    {
        double[] finite = [.. costs.Where(double.IsFinite)];
        return new CostScale(finite.Length > 0 && finite.Min() > 0 && finite.Max() / finite.Min() > LogarithmicFrom);
    }

    /// <summary>The place of a cost on the axis; NaN where it has none (zero on a logarithmic axis).</summary>
    public double Place(double cost) => !IsLogarithmic ? cost : cost > 0 ? Math.Log10(cost) : double.NaN;

    /// <summary>
    /// Ticks at 1, 2 and 5 times powers of ten between two places on the logarithmic axis; over many decades fewer.
    /// </summary>
    public static (double[] Places, string[] Labels) LogarithmicTicks(double from, double to)
    {
        const int MostDecades = 10;
        var ticks = new List<(double Place, string Label)>();
        var step = (int)Math.Ceiling(Math.Max(1, (to - from) / MostDecades));
        for (var exponent = (int)Math.Floor(from); exponent <= (int)Math.Ceiling(to); exponent++)
        {
            if (exponent % step != 0)
                continue;
            foreach (var factor in (int[])[1, 2, 5])
            {
                // Over many decades the steps between would crowd.
                if (factor > 1 && to - from > 4)
                    continue;
                double value = factor * Math.Pow(10, exponent), place = Math.Log10(value);
                var isLong = value is < 1e-4 or >= 1e7;
                if (place >= from && place <= to)
                    ticks.Add((place, value.ToString(isLong ? "0E+0" : "#,0.####", CultureInfo.InvariantCulture)));
            }
        }

        return ([.. ticks.Select(tick => tick.Place)], [.. ticks.Select(tick => tick.Label)]);
    }
}
