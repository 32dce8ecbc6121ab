using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;

namespace HwNas.Remote.Browser;

/// <summary>What a page says of its device before it measures.</summary>
/// <param name="Id">Short id by which budgets name the device.</param>
/// <param name="Name">Name for people.</param>
/// <param name="CpuModel">Model of the device, as far as the browser tells.</param>
/// <param name="Os">Operating system.</param>
/// <param name="Browser">The browser's own description of itself.</param>
/// <param name="Cores">Logical processors.</param>
/// <param name="RamGib">Memory in GiB, rounded by the browser; 0 where it does not tell.</param>
/// <param name="RuntimeVersion">Version of onnxruntime-web that was loaded.</param>
/// <param name="Threads">Threads that the runtime really uses.</param>
/// <param name="Isolated">Whether the page is cross-origin isolated: without, there are no threads
/// and the clock is coarse.</param>
/// <param name="ClockResolutionNs">Smallest step of the clock that was seen.</param>
/// <param name="MinSampleUs">Shortest sample: what the job asks for, or more where the clock is coarse.</param>
/// <param name="Lease">The lease that this page holds from before it was reloaded; else empty.</param>
internal sealed record BrowserHello(
    string Id,
    string Name,
    string CpuModel,
    string Os,
    string Browser,
    int Cores,
    double RamGib,
    string RuntimeVersion,
    int Threads,
    bool Isolated,
    double ClockResolutionNs,
    double MinSampleUs,
    string Lease)
{
    public static BrowserHello Parse(string json)
    {
        var hello = MessageJson.Parse<BrowserHello>(json, "the greeting");
        var problems = new List<string>();
        if (!DeviceIds.IsValid(hello.Id))
            problems.Add("id: it must be 1 to 64 lower-case letters, digits and hyphens");
        if (new[] { hello.Name, hello.CpuModel, hello.Os, hello.Browser, hello.RuntimeVersion, hello.Lease }
            .Any(text => text.Length > 512 || text.Any(char.IsControl)))
        {
            problems.Add("name, cpu_model, os, browser, runtime_version, lease: up to 512 characters without line breaks");
        }

        if (hello.Cores is < 1 or > 4096 || hello.Threads is < 1 or > 4096 || hello.RamGib is not (>= 0 and < 1e6))
            problems.Add("cores, threads, ram_gib: out of range");
        if (hello.ClockResolutionNs is not (> 0 and < 1e9) || hello.MinSampleUs is not (> 0 and <= 1e8))
            problems.Add("clock_resolution_ns, min_sample_us: out of range");
        return problems.Count == 0
            ? hello
            : throw new InputException($"The greeting is not valid: {string.Join("; ", problems)}.");
    }
}

/// <summary>A pass that a page has measured.</summary>
/// <param name="Number">Its number, from 0; so that one that arrives twice counts once.</param>
/// <param name="WarmUpPasses">Passes before the measured ones.</param>
/// <param name="ElapsedMs">Time spent in passes so far, this one included; pauses do not count.</param>
/// <param name="WallNs">A time for each model in the job's order; −1 for all where the page was hidden meanwhile.</param>
internal sealed record BrowserPass(int Number, int WarmUpPasses, long ElapsedMs, long[] WallNs)
{
    public static BrowserPass Parse(string json) => MessageJson.Parse<BrowserPass>(json, "the pass");
}

/// <summary>What a page does before the passes; it also keeps the lease alive.</summary>
/// <param name="Stage">One word.</param>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all; 0 where that is not known.</param>
internal sealed record BrowserStage(string Stage, int Done, int Total)
{
    private static readonly string[] Stages = ["loading", "pilot", "warm-up", "measuring", "hidden"];

    public static BrowserStage Parse(string json)
    {
        var stage = MessageJson.Parse<BrowserStage>(json, "the progress");
        return Stages.Contains(stage.Stage) && stage.Done >= 0 && stage.Total >= 0
            ? stage
            : throw new InputException(
                $"The progress is not valid: the stage is one of {string.Join(", ", Stages)}, and counts are not negative.");
    }
}

/// <summary>Reads messages as strictly as files.</summary>
file static class MessageJson
{
    public static T Parse<T>(string json, string origin)
        where T : class => StrictJson.Deserialize<T>(StrictJson.ParseObject(json, origin), origin);
}
