using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace HwNas.Core.Metrics;

/// <summary>Which values of a quantity are better.</summary>
public enum Direction
{
    /// <summary>Smaller is better: latency, MACs.</summary>
    Minimize,

    /// <summary>Larger is better: accuracy.</summary>
    Maximize,
}

/// <summary>How people read the values of a metric.</summary>
/// <param name="Label">What it is called in a sentence, such as <c>peak memory</c>.</param>
/// <param name="Axis">What stands at an axis, such as <c>Peak activation memory</c>.</param>
/// <param name="Unit">The unit of the shown values, such as <c>kB</c>.</param>
/// <param name="Divisor">By which a value is divided to be shown.</param>
public sealed record MetricScale(string Label, string Axis, string Unit, double Divisor = 1);

/// <summary>
/// A quantity of networks: accuracy, latency on a device, MACs, a column of a table. Any of them is an objective, a budget,
/// the axis of a front and a column of a report; what it is called and how it is shown is said here and nowhere else.
/// </summary>
/// <param name="Name">The name in files, such as <c>top1_percent</c> or <c>latency_us@pi5</c>;
/// what follows @ is a device.</param>
/// <param name="Direction">Which values are better.</param>
/// <param name="Unit">The unit of its values, such as <c>%</c> or <c>µs</c>; empty where it has none.</param>
public sealed partial record Metric(string Name, Direction Direction, string Unit)
{
    /// <summary>The measured accuracy of a network, in percent of the validation images.</summary>
    public static Metric Accuracy { get; } = new("top1_percent", Direction.Maximize, "%")
    {
        Option = "accuracy",
        Scale = new MetricScale("accuracy", "Validation top-1 accuracy", "%"),
    };

    /// <summary>Standard error of the accuracy, in percentage points.</summary>
    public static Metric StandardError { get; } = new("standard_error_percent", Direction.Minimize, "%");

    /// <summary>
    /// What users call it on the command line, such as <c>peak-memory</c> in <c>--peak-memory 4MB</c>;
    /// null where they cannot ask for it.
    /// </summary>
    public string? Option { get; init; }

    /// <summary>What a limit on it looks like, such as <c>300M</c>.</summary>
    public string Example { get; init; } = "1";

    /// <summary>How it is shown.</summary>
    public MetricScale Scale { get; init; } = new(Name, Name, Unit);

    /// <summary>The device on which it is measured; null where it is none of a device.</summary>
    [JsonIgnore]
    public string? Device => Name.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? Name[(at + 1)..] : null;

    /// <summary>The value turned so that smaller is better (its own inverse).</summary>
    public double ToLoss(double value) => Direction == Direction.Minimize ? value : -value;

    /// <summary>Whether a text could be a metric's name in a file.</summary>
    internal static bool IsName(string? text) => text is { Length: > 0 and <= 200 } && NameText().IsMatch(text);

    [GeneratedRegex(@"^[a-z][a-z0-9_]*(@[A-Za-z0-9._-]+)?$")]
    private static partial Regex NameText();
}
