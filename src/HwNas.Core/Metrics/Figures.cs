using System.Globalization;

namespace HwNas.Core.Metrics;

/// <summary>Numbers for a person, in three digits: what a reader compares.</summary>
public static class Figures
{
    /// <summary>1,234,567 as "1.23 M".</summary>
    public static string Prefixed(double count) => count switch
    {
        >= 999_500_000 => $"{Digits(count / 1e9)} G",
        >= 999_500 => $"{Digits(count / 1e6)} M",
        >= 1_000 => $"{Digits(count / 1e3)} k",
        _ when double.IsInteger(count) => count.ToString(CultureInfo.InvariantCulture),
        _ => Digits(count),
    };

    /// <summary>1,234,567 bytes as "1.23 MB", in the prefixes that limits on bytes take.</summary>
    public static string Bytes(long bytes) =>
        Prefixed(bytes) is var text && text.Contains(' ', StringComparison.Ordinal) ? text + "B" : text + " B";

    /// <summary>
    /// What values of a metric reach, turned inwards where digits are left out: an end that is shown can be had.
    /// </summary>
    public static string Range(Metric metric, double least, double most)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var (low, high) = (Inwards(least, 1), Inwards(most, -1));
        if (low > high)
            (low, high) = (least, most);
        return metric.Unit == "bytes"
            ? $"{Bytes((long)low)} to {Bytes((long)high)}"
            : $"{Text(low)} to {Text(high)} {metric.Unit}".TrimEnd();

        // Two decimals of values below 1 would leave nothing.
        static string Text(double value) =>
            value is > -1 and < 1 ? value.ToString("G3", CultureInfo.InvariantCulture) : Prefixed(value);
    }

    /// <summary>A value of a metric, with its unit where the metric's name does not say it.</summary>
    public static string Of(Metric metric, double value) => metric.Unit == "bytes" ? Bytes((long)value)
        : metric.Device is not null ? $"{Prefixed(value)} {metric.Unit}"
        : Prefixed(value);

    /// <summary>A number in three digits, without a prefix.</summary>
    public static string Digits(double value) => value.ToString(
        Math.Abs(value) >= 99.95 ? "#,0" : Math.Abs(value) >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    private static double Inwards(double value, int sign)
    {
        var near = InThreeDigits(value);
        return sign * (near - value) >= 0
            ? near
            : InThreeDigits(near + (sign * Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 2)));
    }

    private static double InThreeDigits(double value) =>
        double.Parse(value.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
