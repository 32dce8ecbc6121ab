using System.CommandLine;
using System.Globalization;
using HwNas.Core;

namespace HwNas.Cli.Commands;

/// <summary>The limits of a search as users write them: <c>--macs 300M</c>, <c>--latency-us pi5=8000</c>.</summary>
internal sealed class BudgetOptions
{
    private readonly Option<string[]> _latency = new("--latency-us")
    {
        Description = "Latency limit in microseconds; with several profiles DEVICE=LIMIT, as often as needed.",
        HelpName = "[DEVICE=]US",
    };

    private readonly Option<string> _macs = Count("--macs", "Limit on multiply-accumulates, such as 300M.");
    private readonly Option<string> _params = Count("--params", "Limit on parameters, such as 5M.");
    private readonly Option<string> _peakMemory = Count("--peak-memory", "Limit on the peak activation memory at batch 1, such as 4MB.");
    private readonly Option<string> _modelSize = Count("--model-size", "Limit on the bytes of the parameters, such as 2MB.");


    private readonly Option<double?> _confidence = new("--confidence")
    {
        Description = "Latency limits hold for the upper end of the predicted interval of this confidence, such as 0.95. Default: for the median.",
        HelpName = "0.5-0.999",
    };

    public IReadOnlyList<Option> All => [_latency, _macs, _params, _peakMemory, _modelSize, _confidence];

    /// <summary>The confidence with which latency limits hold; null for the median.</summary>
    /// <exception cref="InputException">It is out of range.</exception>
    public double? Confidence(ParseResult parsed) => parsed.GetValue(_confidence) is not { } value || value is >= 0.5 and <= 0.999
        ? parsed.GetValue(_confidence)
        : throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--confidence {value} is not between 0.5 and 0.999, such as 0.95."));

    /// <summary>The limits by metric name, in the metric's unit.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="devices">The devices whose latency is known.</param>
    /// <exception cref="InputException">A limit is no number, or names no known device.</exception>
    public IReadOnlyList<(string Metric, double Limit)> Read(ParseResult parsed, IReadOnlyList<string> devices)
    {
        var limits = new List<(string, double)>();
        foreach (var text in parsed.GetValue(_latency) ?? [])
            limits.Add(Latency(text, devices));
        Add(_macs, "macs");
        Add(_params, "params");
        Add(_peakMemory, "peak_activation_bytes");
        Add(_modelSize, "model_bytes");
        return limits;

        void Add(Option<string> option, string metric)
        {
            if (parsed.GetValue(option) is { } text)
                limits.Add((metric, Quantity(option.Name, text)));
        }
    }

    /// <summary>Reads 300M, 4MB, 1.5k, 8000: decimal prefixes, as the field counts.</summary>
    internal static double Quantity(string option, string text)
    {
        var number = text.EndsWith('B') ? text[..^1] : text;
        var factor = number.Length == 0 ? 1 : number[^1] switch { 'k' or 'K' => 1e3, 'M' => 1e6, 'G' => 1e9, _ => 1 };
        if (factor > 1)
            number = number[..^1];
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1e15
            ? value * factor
            : throw new InputException($"{option} '{text}' is not a positive number with k, M or G at its end, such as 300M.");
    }

    private static (string Metric, double Limit) Latency(string text, IReadOnlyList<string> devices)
    {
        var parts = text.Split('=', 2);
        if (devices.Count == 0)
            throw new InputException("--latency-us needs a device: give its profile with --profile, or measure this machine with 'hwnas profile'.");
        if (parts.Length == 1 && devices.Count > 1)
            throw new InputException($"--latency-us '{text}' does not say which of the devices it is for: {string.Join(", ", devices)}. Write DEVICE=LIMIT.");
        var device = parts.Length == 1 ? devices[0] : parts[0];
        return devices.Contains(device)
            ? ($"latency_us@{device}", Quantity("--latency-us", parts[^1]))
            : throw new InputException($"--latency-us '{text}' names the device '{device}', of which no profile was given; there are {string.Join(", ", devices)}.");
    }

    private static Option<string> Count(string name, string description) => new(name) { Description = description, HelpName = "LIMIT" };
}
