using System.Globalization;
using HwNas.Core.Metrics;

namespace HwNas.Cli.Reporting;

/// <summary>Numbers for a person, in three digits: what a reader compares.</summary>
internal static class Figures
{
    /// <summary>1,234,567 as "1.23 M".</summary>
    public static string Short(double count) => count switch
    {
        >= 999_500_000 => $"{Digits(count / 1e9)} G",
        >= 999_500 => $"{Digits(count / 1e6)} M",
        >= 1_000 => $"{Digits(count / 1e3)} k",
        _ when double.IsInteger(count) => count.ToString(CultureInfo.InvariantCulture),
        _ => Digits(count),
    };

    /// <summary>1,234,567 bytes as "1.23 MB", in the prefixes that limits on bytes take.</summary>
    public static string Bytes(long bytes) =>
        Short(bytes) is var text && text.Contains(' ', StringComparison.Ordinal) ? text + "B" : text + " B";

    /// <summary>A value of a metric, with its unit where the metric's name does not say it.</summary>
    public static string Of(Metric metric, double value) => metric.Unit == "bytes" ? Bytes((long)value)
        : metric.Device is not null ? $"{Short(value)} {metric.Unit}"
        : Short(value);

    public static string Digits(double value) => value.ToString(
        Math.Abs(value) >= 99.95 ? "#,0" : Math.Abs(value) >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
