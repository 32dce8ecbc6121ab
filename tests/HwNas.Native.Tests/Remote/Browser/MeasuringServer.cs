using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Browser;

namespace HwNas.Native.Tests.Remote.Browser;

/// <summary>A server with a small job, what it tells and what it keeps.</summary>
internal sealed class MeasuringServer : IProgress<BrowserNews>, IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly ConcurrentQueue<BrowserNews> _news = new();
    private readonly ConcurrentQueue<MeasurementRecord> _records = new();
    private BrowserServer? _server;

    public static MbConvSpace Space { get; } = Some.TinySpace();

    /// <summary>Short samples, and an end as soon as so many passes are there.</summary>
    public static JobBundle Bundle(int passes) => JobWriter.ForSpace(Space, new ProfileOptions
    {
        CalibrationNets = 3,
        HeldOutNets = 2,
        Runtime = new RuntimeRequest("wasm"),
        Measurement = new MeasurementSettings
        {
            MinPasses = passes,
            MaxPasses = passes,
            MinSeconds = 0.001,
            MaxSeconds = 600,
            MinSampleUs = 250,
            LeadUs = 0,
        },
    });

    public static async Task<MeasuringServer> Start(
        JobBundle bundle, TemporaryFolder folder, BrowserOptions? options = null, TimeProvider? clock = null)
    {
        await BrowserRuntime.Fetch();
        var server = new MeasuringServer();
        options ??= new BrowserOptions
        {
            Devices = 3,
            JournalPath = device => folder.File(device + ".samples.jsonl"),
            Keep = server._records.Enqueue,
        };
        server._server = await BrowserServer.StartAsync(bundle, options, server, clock ?? TimeProvider.System);
        return server;
    }

    public Uri Page => _server!.PageAt(IPAddress.Loopback);

    public ImmutableArray<BrowserNews> News => [.. _news];

    public ImmutableArray<MeasurementRecord> Records => [.. _records];

    public IEnumerable<string> Refusals => News.OfType<BrowserNews.Refused>().Select(refused => refused.Reason);

    public void Report(BrowserNews value) => _news.Enqueue(value);

    /// <summary>Waits until something is told.</summary>
    public async Task Until(Func<BrowserNews, bool> isTold)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!_news.Any(isTold))
            await Task.Delay(20, limit.Token);
    }

    /// <summary>Waits until a device has delivered so many passes.</summary>
    public Task UntilPasses(string device, int passes) =>
        Until(news => news is BrowserNews.Progress { Stage: "measuring" } progress
            && progress.Device == device
            && progress.Note == $"{passes} passes");

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
