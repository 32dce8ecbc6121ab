using System.CommandLine;
using System.Net;
using HwNas.Core;
using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Commands;

/// <summary>The options by which devices measure in their browsers.</summary>
internal sealed class BrowserOptionSet
{
    private readonly Option<bool> _browser = new("--browser")
    {
        Description = "Measure phones and other devices in their browsers: serves a page that they open.",
    };

    private readonly Option<string> _listen = new("--listen")
    {
        Description = "With --browser: where the page is served. "
            + "127.0.0.1 reaches phones on USB (adb reverse), 0.0.0.0 the whole network; give --https with it.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
    };

    private readonly Option<int> _port = new("--port")
    {
        Description = "With --browser: port of the page; 0 takes a free one.",
        DefaultValueFactory = _ => 8470,
    };

    private readonly Option<bool> _https = new("--https")
    {
        Description = "With --browser: serve the page with a certificate made for this run. "
            + "Over plain http, browsers give threads and a fine clock to loopback only.",
    };

    private readonly Option<int> _devices = new("--devices")
    {
        Description = "With --browser: end when so many devices are measured.",
        DefaultValueFactory = _ => 1,
    };

    /// <summary>Adds the options to a verb that measures one device, or several at once.</summary>
    public void AddTo(Command command, bool several)
    {
        foreach (var option in new Option[] { _browser, _listen, _port, _https })
            command.Add(option);
        if (several)
            command.Add(_devices);
    }

    public bool IsAskedFor(ParseResult parsed) => parsed.GetValue(_browser);

    /// <summary>What serves the page.</summary>
    /// <exception cref="InputException">A value is out of range.</exception>
    public BrowserHost Host(CommandContext context, ParseResult parsed)
    {
        var (listen, port) = (parsed.GetValue(_listen)!, parsed.GetValue(_port));
        if (!IPAddress.TryParse(listen, out var address))
            throw new InputException($"--listen '{listen}' is no IP address, such as 127.0.0.1 or 0.0.0.0.");
        if (port is < 0 or > 65_535)
            throw new InputException($"--port {port} is not in 0..65535.");
        return new BrowserHost(context, address, port, parsed.GetValue(_https));
    }

    /// <summary>How many devices are to be measured.</summary>
    /// <exception cref="InputException">The value is out of range.</exception>
    public int Devices(ParseResult parsed)
    {
        var devices = parsed.GetValue(_devices);
        if (devices is < 1 or > 1000)
            throw new InputException($"--devices {devices} is not in 1..1000.");
        return devices;
    }

    /// <summary>Profiles what was asked for.</summary>
    /// <exception cref="InputException">A value is out of range, or options contradict each other.</exception>
    public async Task Profile(
        CommandContext context, ParseResult parsed, ProfileRequest request, string? output, CancellationToken cancellation)
    {
        var (host, devices) = (Host(context, parsed), Devices(parsed));
        if (devices > 1 && output is not null)
            throw new InputException("--out names one file, but --devices asks for several profiles. Leave out one of them.");
        if (request.Budget is not null)
        {
            throw new InputException(
                "--minutes plans from one measurement to the next, which a browser cannot. "
                + "Give --seconds, or --end-to-end for large spaces.");
        }

        await host.PrepareAsync(cancellation).ConfigureAwait(false);
        var options = InBrowsers(request.Options);
        var bundle = request.EndToEnd
            ? JobWriter.ForLayers(request.Space, [], options)
            : JobWriter.ForSpace(request.Space, options);
        await new ProfileBrowser(context, host, bundle, device => output ?? Path.Combine("device-profiles", device + ".json"))
            .Run(devices, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// How to measure in browsers. A pass takes about ten times as long there, so fewer must do; and a sample is the median
    /// of batches of half a millisecond, a hundred steps of the clock that isolated pages get. Where the clock is coarser,
    /// the page makes samples longer.
    /// </summary>
    public static ProfileOptions InBrowsers(ProfileOptions options) => options with
    {
        Runtime = options.Runtime with { Provider = "wasm" },
        Measurement = options.Measurement with { MinPasses = 12, MinSampleUs = 5_000 },
    };
}
