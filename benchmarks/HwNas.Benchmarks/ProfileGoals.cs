using System.Globalization;
using System.Text;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Spaces.MbConv;
using HwNas.Onnx.Profiling;

namespace HwNas.Benchmarks;

/// <summary>How long the goals of profiling are measured.</summary>
/// <param name="Seconds">Passes of a profile of a small space.</param>
/// <param name="Runs">Separate profiles of the same device.</param>
/// <param name="Minutes">Budget of a large space.</param>
/// <param name="TightMinutes">Budget of a large space that does not fit into it.</param>
/// <param name="HeldOutNets">Networks that a profile is judged by.</param>
/// <param name="IntervalNets">Networks on which intervals are checked.</param>
internal sealed record ProfileScale(
    double Seconds, int Runs, double Minutes, double TightMinutes, int HeldOutNets, int IntervalNets)
{
    public static ProfileScale Full { get; } = new(75, 3, 10, 2, 20, 60);

    /// <summary>So short that a test can run it; its figures say nothing.</summary>
    public static ProfileScale Short { get; } = new(0.5, 1, 0, 0, 5, 5);
}

/// <summary>
/// How well latency tables predict whole networks that they do not know, on this machine: quiet, while other processes
/// are busy, in other configurations, in large spaces. Browsers have their own runtime and are measured by
/// <c>eng/profile-in-chromium.sh</c>.
/// </summary>
internal sealed class ProfileGoals(ProfileScale scale, TextWriter output, TimeProvider clock)
{
    private readonly StringBuilder _report = new();

    /// <summary>Measures all and writes a report in Markdown.</summary>
    public void Run(string command, string path)
    {
        var small = MbConvSpace.Load("fashion-mnist");
        Line("# How well latency tables predict whole networks");
        Line("");
        Line($"`{command}`, {clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC.");
        Line("");
        Line(
            "Held-out networks are random, and neither the layers' times nor the calibration know them. "
            + "The noise floor is the median");
        Line("deviation between the odd and the even passes of a network: no error below it means anything.");
        Line("");
        Line(
            "| what | clock | wall/CPU | networks | median error % | worst % | Kendall τ | noise floor % "
            + "| 95 % interval | seconds |");
        Line("|---|---|---|---|---|---|---|---|---|---|");
        for (var run = 1; run <= scale.Runs; run++)
            Profile($"{small.Name}, fp32, 1 thread, seed {run}", small, Options(run));
        Profile($"{small.Name}, fp32, 2 threads", small, Options(1) with { Runtime = new RuntimeRequest(IntraOpThreads: 2) });
        Profile(
            $"{small.Name}, int8, 1 thread", small,
            Options(1) with { Runtime = new RuntimeRequest(Precision: ModelPrecision.Int8) });
        foreach (var busy in new[] { 1, 2 })
        {
            using var others = new BusyProcesses(busy);
            Profile($"{small.Name}, fp32, 1 thread, {busy} busy process{(busy > 1 ? "es" : "")} beside", small, Options(1));
        }

        Intervals(small);
        if (scale.Minutes > 0)
        {
            var bignas = MbConvSpace.Load("bignas");
            Large(
                MbConvSpace.Create(bignas.Definition with { Resolutions = [224] }, "bignas at 224"),
                "bignas at 224 px", scale.Minutes);
            Large(MbConvSpace.Load("ofa-mobilenetv3"), "ofa-mobilenetv3", scale.TightMinutes);
        }

        Line("");
        Line(Machine.Conditions());
        File.WriteAllText(path, _report.ToString());
    }

    private ProfileOptions Options(int seed) => new()
    {
        HeldOutNets = scale.HeldOutNets,
        Measurement = new MeasurementSettings { Seed = seed }.AtMost(scale.Seconds),
    };

    private void Profile(string name, MbConvSpace space, ProfileOptions options) =>
        Row(name, () => [new JobRunner("this-machine", clock)
            .Run(JobWriter.ForSpace(space, options), null, null, CancellationToken.None)]);

    private void Large(MbConvSpace space, string name, double minutes) =>
        Row(string.Create(CultureInfo.InvariantCulture, $"{name}, {minutes} minutes"), () =>
            new BudgetedProfile(space, Options(1), clock).Measure(
                TimeSpan.FromMinutes(minutes),
                (_, bundle) => Task.FromResult(new JobRunner("this-machine", clock)
                    .Run(bundle, null, null, CancellationToken.None))).GetAwaiter().GetResult());

    private void Row(string name, Func<IReadOnlyList<MeasurementRecord>> measure)
    {
        var start = clock.GetTimestamp();
        var profile = ProfileAssembly.Profile(measure());
        var errors = profile.Validation.HeldOut!;
        var predicted = profile.Entries.Count(entry => entry.Flags.Contains(EntryMark.Predicted));
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name}{(predicted > 0 ? $", {predicted} of {profile.Entries.Length} layers predicted" : "")} "
            + $"| {profile.Protocol.Source} | {profile.Conditions.WallCpuRatio:F2} | {errors.Nets} "
            + $"| {errors.MedianErrorPercent:F2} | {errors.WorstErrorPercent:F2} | {errors.KendallTau:F3} "
            + $"| {profile.Validation.NoiseFloorPercent:F2} | ±{profile.Validation.IntervalPercent:F1} % | "
            + $"{clock.GetElapsedTime(start).TotalSeconds:F0} |"));
    }

    // The interval comes from the networks that a profile has anyway; it is checked on others, in the same rotation.
    private void Intervals(MbConvSpace space)
    {
        var options = Options(1);
        var bundle = JobWriter.ForSpace(space, options with { HeldOutNets = options.HeldOutNets + scale.IntervalNets });
        var record = new JobRunner("this-machine", clock).Run(bundle, null, null, CancellationToken.None);
        var nets = ProfileAssembly.Profile(record).Validation.Nets;
        var reach = PredictionInterval.HalfWidthPercent(
            [.. nets.SkipLast(scale.IntervalNets).Select(net => (net.PredictedUs, net.MeasuredUs))]);
        var held = nets.TakeLast(scale.IntervalNets)
            .Count(net => Math.Abs(100 * ((net.MeasuredUs / net.PredictedUs) - 1)) <= reach);
        Line("");
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Intervals: of {scale.IntervalNets} more networks, {held} ({100.0 * held / scale.IntervalNets:F0} %) were measured "
            + $"within their 95 % interval of ±{reach:F1} %."));
        Line("");
        Line(
            "| large spaces | clock | wall/CPU | networks | median error % | worst % | Kendall τ | noise floor % "
            + "| 95 % interval | seconds |");
        Line("|---|---|---|---|---|---|---|---|---|---|");
    }

    private void Line(string text)
    {
        _report.AppendLine(text);
        output.WriteLine(text);
    }
}
