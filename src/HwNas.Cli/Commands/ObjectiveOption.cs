using System.CommandLine;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Metrics;

namespace HwNas.Cli.Commands;

/// <summary>What a search optimises, as users write it: <c>--objectives accuracy,latency:pi5,macs</c>.</summary>
internal sealed class ObjectiveOption
{
    private static string Counts => string.Join(", ", CountMetrics.All.Select(metric => metric.Option));

    public Option<string> Option { get; } = new("--objectives")
    {
        Description = $"What to optimise: accuracy, latency (of every device), latency:DEVICE, {Counts}. "
            + "Default: accuracy and latency, without a profile accuracy and MACs.",
        HelpName = "NAME[,NAME]",
    };

    /// <summary>The objectives as metrics; none where none were given.</summary>
    /// <exception cref="InputException">A name is unknown, or accuracy is missing.</exception>
    public IReadOnlyList<string> Read(ParseResult parsed, IReadOnlyList<string> devices)
    {
        if (parsed.GetValue(Option) is not { } text)
            return [];
        List<string> metrics = [.. text.Split(',').SelectMany(name => Metrics(name.Trim(), devices)).Distinct()];
        return metrics.Contains(Metric.Accuracy.Name) && metrics.Count > 1
            ? metrics
            : throw new InputException(
                $"--objectives '{text}' needs accuracy and one cost or more, such as accuracy,macs; "
                + "costs alone are known without a search.");
    }

    private static IEnumerable<string> Metrics(string name, IReadOnlyList<string> devices)
    {
        if (name == "accuracy")
            return [Metric.Accuracy.Name];
        if (CountMetrics.All.FirstOrDefault(metric => metric.Option == name) is { } counted)
            return [counted.Name];
        var device = name.StartsWith("latency:", StringComparison.Ordinal) ? name["latency:".Length..] : null;
        if (name != "latency" && device is null)
        {
            throw new InputException(
                $"--objectives: there is no objective '{name}'; there are accuracy, latency, latency:DEVICE, {Counts}.");
        }

        if (devices.Count == 0)
        {
            throw new InputException(
                $"--objectives '{name}' needs a device: give its profile with --profile, or measure this machine with "
                + "'hwnas profile'.");
        }

        if (device is not null && !devices.Contains(device))
        {
            throw new InputException(
                $"--objectives '{name}' names the device '{device}', of which no profile was given; "
                + $"there are {string.Join(", ", devices)}.");
        }

        return (device is null ? devices : [device]).Select(of => LatencyMetrics.MedianOn(of).Name);
    }
}
