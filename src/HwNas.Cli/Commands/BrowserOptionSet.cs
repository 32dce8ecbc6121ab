using System.CommandLine;
using System.Net;
using HwNas.Core;
using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Commands;

/// <summary>The options of <c>hwnas profile --browser</c>.</summary>
internal sealed class BrowserOptionSet
{
    public Option<bool> Browser { get; } = new("--browser") { Description = "Measure phones and other devices in their browsers: serves a page that they open." };

    public Option<string> Listen { get; } = new("--listen")
    {
        Description = "Where the page is served. 127.0.0.1 reaches phones on USB (adb reverse), 0.0.0.0 the whole network; use --https with it.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
    };

    public Option<int> Port { get; } = new("--port") { Description = "Port of the page; 0 takes a free one.", DefaultValueFactory = _ => 8470 };

    public Option<bool> Https { get; } = new("--https")
    {
        Description = "Serve the page with a certificate made for this run. Without HTTPS, browsers give threads and a fine clock to loopback only.",
    };

    public Option<int> Devices { get; } = new("--devices") { Description = "End when so many devices are measured.", DefaultValueFactory = _ => 1 };

    public IReadOnlyList<Option> All => [Browser, Listen, Port, Https, Devices];

    /// <summary>The same measurement in a browser: ten times slower there, and its clock is no better than 5 µs.</summary>
    public static ProfileOptions InBrowsers(ProfileOptions options) => options with
    {
        Runtime = options.Runtime with { Provider = "wasm" },
        Measurement = options.Measurement with { MinPasses = 12, MinSampleUs = 5_000, LeadUs = 500 },
    };

    /// <summary>Where the profile of a device goes.</summary>
    public Func<string, string> PathOf(ParseResult parsed, Option<string> output) => parsed.GetValue(output) is not { } path
        ? device => Path.Combine("device-profiles", device + ".json")
        : parsed.GetValue(Devices) == 1 ? _ => path : throw new InputException("--out names one file, but --devices asks for several profiles. Leave out one of them.");

    /// <summary>Where to listen.</summary>
    /// <exception cref="InputException">A value is out of range.</exception>
    public (IPAddress Address, int Port, bool Https) Endpoint(ParseResult parsed)
    {
        var (text, port) = (parsed.GetValue(Listen)!, parsed.GetValue(Port));
        if (!IPAddress.TryParse(text, out var address))
            throw new InputException($"--listen '{text}' is no IP address, such as 127.0.0.1 or 0.0.0.0.");
        if (port is < 0 or > 65_535)
            throw new InputException($"--port {port} is not in 0..65535.");
        if (parsed.GetValue(Devices) is < 1 or > 1000)
            throw new InputException($"--devices {parsed.GetValue(Devices)} is not in 1..1000.");
        return (address, port, parsed.GetValue(Https));
    }
}
