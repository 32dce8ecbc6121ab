using System.Globalization;

namespace ScottPlot.TickGenerators;

/// <summary>Steps of 1, 2 or 5 times a power of ten, and the round positions that they give.</summary>
internal static class NiceSteps
{
    /// <summary>The smallest nice step of which at most <paramref name="most"/> fit into the span.</summary>
    public static double AtMost(double span, int most)
    {
        double rough = span / most, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        foreach (int factor in (int[])[1, 2, 5])
        {
            // The tolerance keeps a span that is a whole number of steps from needing the next larger one.
            if (factor * power >= rough * (1 - 1e-9)) return factor * power;
        }
        return 10 * power;
    }

    public static double[] Positions(double min, double max, double step)
    {
        double tolerance = step * 1e-9;
        double first = Math.Ceiling((min - tolerance) / step), last = Math.Floor((max + tolerance) / step);
        if (!(last >= first) || last - first > 10_000) return [];
        var positions = new double[(int)(last - first) + 1];
        for (int i = 0; i < positions.Length; i++) positions[i] = Rounded((first + i) * step, step);
        return positions;
    }

    /// <summary>Into how many parts minor ticks divide a step: to 0.2 of 1, 0.5 of 2, 1 of 5.</summary>
    public static int MinorParts(double step)
    {
        double leading = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
        return Math.Round(leading) == 2 ? 4 : 5;
    }

    /// <summary>As many decimals as the step has, so that all labels of an axis look alike.</summary>
    public static string Label(double position, double step)
    {
        double largest = Math.Max(Math.Abs(position), step);
        if (largest >= 1e7 || step < 0.99e-5) return position == 0 ? "0" : position.ToString("0.###e0", CultureInfo.InvariantCulture);
        // Thousands are set apart from five digits on.
        string format = (largest >= 1e4 ? "N" : "F") + Decimals(step).ToString(CultureInfo.InvariantCulture);
        return position.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>3 times 0.1 as 0.3 rather than 0.30000000000000004; and no negative zero.</summary>
    private static double Rounded(double value, double step)
    {
        int decimals = Decimals(step);
        return (decimals <= 15 ? Math.Round(value, decimals) : value) + 0.0;
    }

    private static int Decimals(double step) => Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
}
