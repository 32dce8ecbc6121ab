using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HwNas.Native.Tests.Support;

/// <summary>A headless Chromium with a profile folder of its own, driven by its DevTools protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    // Without a sandbox, since tests may run as root; nothing is fetched from anywhere.
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--ignore-certificate-errors",
        "--remote-debugging-port=0", "--window-size=390,844",
    ];

    private readonly Process _process;
    private readonly TemporaryFolder _folder;
    private readonly DevTools _tools;

    private Chromium(Process process, TemporaryFolder folder, DevTools tools)
    {
        _process = process;
        _folder = folder;
        _tools = tools;
    }

    /// <summary>Where Chromium is; null if nowhere.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(
            folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    public static async Task<Chromium> Start()
    {
        var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var flag in Flags.Append($"--user-data-dir={folder.Path}").Append("about:blank"))
            start.ArgumentList.Add(flag);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return new Chromium(process, folder, await DevTools.Connect(await Endpoint(folder)));
    }

    /// <summary>Opens a page in a window of its own, which shares nothing with others.</summary>
    /// <param name="page">Its address.</param>
    /// <param name="workerPrelude">Runs in every worker of the page before the worker's own script.</param>
    public async Task<BrowserTab> Open(Uri page, string? workerPrelude = null)
    {
        var context = (string)(await _tools.Call("Target.createBrowserContext", []))["browserContextId"]!;
        var target = (string)(await _tools.Call(
            "Target.createTarget", new JsonObject { ["url"] = "about:blank", ["browserContextId"] = context }))["targetId"]!;
        var session = (string)(await _tools.Call(
            "Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!;
        if (workerPrelude is not null)
        {
            _tools.OnAttached(session, workerPrelude);
            await _tools.Call(
                "Target.setAutoAttach",
                new JsonObject { ["autoAttach"] = true, ["waitForDebuggerOnStart"] = true, ["flatten"] = true },
                session);
        }

        var tab = new BrowserTab(_tools, session, target);
        await tab.Go(page);
        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            _folder.Dispose();
        }
        catch (IOException)
        {
            // A helper process of Chromium may still write; the folder lies in the system's temporary folder anyway.
        }
    }

    // Chromium writes its port and path into this file when it is ready.
    private static async Task<Uri> Endpoint(TemporaryFolder folder)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < StartLimit)
        {
            var file = folder.File("DevToolsActivePort");
            if (File.Exists(file) && await File.ReadAllLinesAsync(file) is [var port, var path, ..])
                return new Uri($"ws://127.0.0.1:{port}{path}");
            await Task.Delay(50);
        }

        throw new InvalidOperationException("Chromium did not start.");
    }
}
