using System.Globalization;
using ScottPlot;

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
    /// Ticks between two places on the logarithmic axis, those at 1, 2 and 5 times powers of ten with labels; over many decades
    /// fewer have labels. The others show by their crowding where the axis is logarithmic.
    /// </summary>
    public static Tick[] LogarithmicTicks(double from, double to)
    {
        const int MostDecades = 10;
        var ticks = new List<Tick>();
        var step = (int)Math.Ceiling(Math.Max(1, (to - from) / MostDecades));
        for (var exponent = (int)Math.Floor(from); exponent <= (int)Math.Ceiling(to); exponent++)
        {
            for (var factor = 1; factor <= (step == 1 ? 9 : 1); factor++)
            {
                double value = factor * Math.Pow(10, exponent), place = Math.Log10(value);
                if (place < from || place > to)
                    continue;

                // Over many decades the steps between would crowd.
                var isLabelled = exponent % step == 0 && (factor == 1 || (factor is 2 or 5 && to - from <= 4));
                var format = value is < 1e-4 or >= 1e7 ? "0E+0" : "#,0.####";
                ticks.Add(new Tick(
                    place, isLabelled ? value.ToString(format, CultureInfo.InvariantCulture) : "", isLabelled));
            }
        }

        return [.. ticks];
    }
}
