using System.CommandLine;
using System.Globalization;
using HwNas.Core;
using HwNas.Core.Metrics;

namespace HwNas.Cli.Commands;

/// <summary>
/// Numbers as users write them, one syntax everywhere: a decimal point and no mark between thousands, and for quantities
/// k, M or G at the end, decimal, as the field counts; bytes may end with B.
/// </summary>
internal static class Numbers
{
    // Products of several stay finite.
    private const double Most = 1e30;

    /// <summary>An option that takes a number: 0,5 is no 5.</summary>
    public static Option<T> In<T>(Option<T> option)
    {
        option.CustomParser = result =>
        {
            if (result.Tokens is [var token] && Plain(token.Value) is { } value)
                return (T)(object)value;
            result.AddError($"{option.Name} '{result.Tokens[^1].Value}' is no number; write it as 0.5, with a point.");
            return default;
        };
        return option;
    }

    /// <summary>A limit on a metric: 300M, 4MB, 8000.</summary>
    /// <exception cref="InputException">It is no positive number, or has another metric's unit; the
    /// message has an example.</exception>
    public static double Limit(string option, string text, Metric metric)
    {
        var isBytes = metric.Unit == "bytes";
        return Quantity(isBytes && text.EndsWith('B') ? text[..^1] : text) is { } value && value is > 0 and < 1e18
            ? value
            : throw new InputException(
                $"{option} '{text}' is no limit on {metric.Scale.Label}"
                + (metric.Unit.Length > 0 && metric.Unit != metric.Scale.Label ? $" in {metric.Unit}" : "")
                + $": write a positive number, such as {metric.Example}"
                + (text.Contains(',', StringComparison.Ordinal)
                    ? ", with a point where it has a fraction."
                    : isBytes ? "."
                    : "; only sizes in bytes end with B."));
    }

    /// <summary>A number with k, M or G at its end where it has one; null where it is none.</summary>
    public static double? Quantity(string text)
    {
        var factor = text.Length == 0 ? 1 : text[^1] switch { 'k' or 'K' => 1e3, 'M' => 1e6, 'G' => 1e9, _ => 1 };
        return Plain(factor > 1 ? text[..^1] : text) is { } value && Math.Abs(value * factor) <= Most ? value * factor : null;
    }

    private static double? Plain(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;
}
