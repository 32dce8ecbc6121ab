using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Metrics;
using HwNas.Core.Search;

namespace HwNas.Cli.Commands;

/// <summary>The limits of a search as users write them: <c>--macs 300M</c>, <c>--latency-us pi5=8000</c>.</summary>
internal sealed class BudgetOptions
{
    private readonly Option<string[]> _latency = new("--latency-us")
    {
        Description = "Latency limit in microseconds; with several profiles DEVICE=LIMIT, as often as needed.",
        HelpName = "[DEVICE=]US",
    };

    // An option for each count of a network.
    private readonly ImmutableArray<(Metric Metric, Option<string> Option)> _counts =
    [
        .. CountMetrics.All.Select(metric => (metric, new Option<string>($"--{metric.Option}")
        {
            Description = $"Limit on the {metric.Scale.Label}, such as {metric.Example}.",
            HelpName = "LIMIT",
        })),
    ];

    private readonly Option<double?> _confidence = Numbers.In(new Option<double?>("--confidence")
    {
        Description = "Latency limits hold for the upper end of the predicted interval of this confidence, such as 0.95. "
            + "Default: for the median.",
        HelpName = "0.5-0.999",
    });

    public IReadOnlyList<Option> All => [_latency, .. _counts.Select(count => count.Option), _confidence];

    /// <summary>The confidence with which latency limits hold; null for the median.</summary>
    /// <exception cref="InputException">It is out of range.</exception>
    public double? Confidence(ParseResult parsed) => parsed.GetValue(_confidence) is not { } value || value is >= 0.5 and <= 0.999
        ? parsed.GetValue(_confidence)
        : throw new InputException(
            string.Create(CultureInfo.InvariantCulture, $"--confidence {value} is not between 0.5 and 0.999, such as 0.95."));

    /// <summary>The limits by metric name, in the metric's unit.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="devices">The devices whose latency is known.</param>
    /// <exception cref="InputException">A limit is no number, or names no known device.</exception>
    public ImmutableArray<Budget> Read(ParseResult parsed, IReadOnlyList<string> devices)
    {
        var limits = (parsed.GetValue(_latency) ?? []).Select(text => Latency(text, devices));
        return [.. limits, .. OnCounts(parsed)];
    }

    /// <summary>The limits that need no device.</summary>
    /// <exception cref="InputException">A limit is no number.</exception>
    public IEnumerable<Budget> OnCounts(ParseResult parsed) => _counts
        .Where(count => parsed.GetValue(count.Option) is not null)
        .Select(count => new Budget(
            count.Metric.Name, Numbers.Limit(count.Option.Name, parsed.GetValue(count.Option)!, count.Metric)));

    private static Budget Latency(string text, IReadOnlyList<string> devices)
    {
        var parts = text.Split('=', 2);
        if (devices.Count == 0)
        {
            throw new InputException(
                "--latency-us needs a device: give its profile with --profile, or measure this machine with 'hwnas profile'.");
        }

        if (parts.Length == 1 && devices.Count > 1)
        {
            throw new InputException(
                $"--latency-us '{text}' does not say which of the devices it is for: {string.Join(", ", devices)}. "
                + "Write DEVICE=LIMIT.");
        }

        var device = parts.Length == 1 ? devices[0] : parts[0];
        var metric = LatencyMetrics.MedianOn(device);
        return devices.Contains(device)
            ? new Budget(metric.Name, Numbers.Limit("--latency-us", parts[^1], metric))
            : throw new InputException(
                $"--latency-us '{text}' names the device '{device}', of which no profile was given; "
                + $"there are {string.Join(", ", devices)}.");
    }
}
