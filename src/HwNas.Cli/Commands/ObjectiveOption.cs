using System.CommandLine;
using HwNas.Cli.Runs;
using HwNas.Core;

namespace HwNas.Cli.Commands;

/// <summary>What a search optimises, as users write it: <c>--objectives accuracy,latency:pi5,macs</c>.</summary>
internal sealed class ObjectiveOption
{
    // The names of the limits' options, so that there is one name for each cost.
    private static readonly Dictionary<string, string> Counted = new()
    {
        ["macs"] = "macs", ["params"] = "params", ["peak-memory"] = "peak_activation_bytes", ["model-size"] = "model_bytes",
    };

    public Option<string> Option { get; } = new("--objectives")
    {
        Description = "What to optimise: accuracy, latency (of every device), latency:DEVICE, macs, params, peak-memory, model-size. Default: accuracy and latency, without a profile accuracy and MACs.",
        HelpName = "NAME[,NAME]",
    };

    /// <summary>The objectives as metrics; none where none were given.</summary>
    /// <exception cref="InputException">A name is unknown, or accuracy is missing.</exception>
    public IReadOnlyList<string> Read(ParseResult parsed, IReadOnlyList<string> devices)
    {
        if (parsed.GetValue(Option) is not { } text)
            return [];
        List<string> metrics = [.. text.Split(',').SelectMany(name => Metrics(name.Trim(), devices)).Distinct()];
        return metrics.Contains(SubnetProblem.Accuracy) && metrics.Count > 1
            ? metrics
            : throw new InputException($"--objectives '{text}' needs accuracy and one cost or more, such as accuracy,macs; costs alone are known without a search.");
    }

    private static IEnumerable<string> Metrics(string name, IReadOnlyList<string> devices)
    {
        if (name == "accuracy")
            return [SubnetProblem.Accuracy];
        if (Counted.TryGetValue(name, out var counted))
            return [counted];
        var device = name.StartsWith("latency:", StringComparison.Ordinal) ? name["latency:".Length..] : null;
        if (name != "latency" && device is null)
            throw new InputException($"--objectives: there is no objective '{name}'; there are accuracy, latency, latency:DEVICE, {string.Join(", ", Counted.Keys)}.");
        if (devices.Count == 0)
            throw new InputException($"--objectives '{name}' needs a device: give its profile with --profile, or measure this machine with 'hwnas profile'.");
        if (device is not null && !devices.Contains(device))
            throw new InputException($"--objectives '{name}' names the device '{device}', of which no profile was given; there are {string.Join(", ", devices)}.");
        return (device is null ? devices : [device]).Select(SubnetProblem.LatencyOn);
    }
}
