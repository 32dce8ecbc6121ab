using System.Collections.Immutable;
using System.Globalization;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;

namespace HwNas.Onnx.Kits;

/// <summary>
/// What a kit's script measured with <c>onnxruntime_perf_test</c>: <c>pass,model</c> before each line that it writes
/// (<c>name,seconds,peak memory,CPU usage,run</c>), and <c>pass,model,done</c> behind them. A sample is the mean of a
/// model's runs in one pass. There are elapsed times only, and nothing is known of the device but what the user says.
/// </summary>
public static class PerfTestResults
{
    private const int MaxRuns = 10_000;

    /// <summary>The record that the results amount to.</summary>
    /// <param name="path">The script's results.</param>
    /// <param name="job">The job of the kit.</param>
    /// <param name="device">The device, as the user describes it.</param>
    /// <param name="runtimeVersion">Version of the ONNX Runtime that was measured.</param>
    /// <exception cref="InputException">The file is missing or damaged, of another kit, or has no whole pass.</exception>
    public static MeasurementRecord Read(string path, MeasurementJob job, DeviceDescription device, string runtimeVersion)
    {
        ArgumentNullException.ThrowIfNull(job);
        var lines = StrictJson.ReadText(path).Split('\n');
        var runs = ReadHeader(path, lines[0], job);
        var passes = ReadPasses(path, lines, job.Models.Length, runs).ToImmutableArray();
        if (passes.IsEmpty)
        {
            throw new InputException(
                $"'{path}' has no whole pass yet. Let the kit's script end; it continues where it was interrupted.");
        }

        var measured = new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
        var record = new MeasurementRecord
        {
            ToolVersion = ToolVersion.Text,
            Job = job,
            Device = device,
            Runtime = job.Runtime.ToKey("onnxruntime", runtimeVersion),
            RuntimeDetails = new RuntimeDetails(ImmutableSortedDictionary<string, string>.Empty, Spinning: false, Affinity: ""),
            Conditions = new MeasurementConditions(
                measured, measured, null, null, null, null, null, null, null, null, WallCpuRatio: 0),
            Clock = $"elapsed time of onnxruntime_perf_test, mean of {runs} runs in a process of their own",
            ClockResolutionNs = 100,
            WarmUpPasses = 0,
            StopReason = StopReason.EnoughPasses,
            Passes = passes,
        };
        return MeasurementRecord.Parse(StrictJson.Serialize(record), path);
    }

    private static int ReadHeader(string path, string line, MeasurementJob job)
    {
        if (line.TrimEnd().Split(',') is not ["hwnas-perf-test", "1", var hash, var count]
            || !TryParse(count, MaxRuns, out var runs)
            || runs == 0)
        {
            throw new InputException(
                $"'{path}' does not begin as the results of a kit's script do. Run the script of the kit again.");
        }

        return hash == job.Hash
            ? runs
            : throw new InputException($"'{path}' was measured with another kit. Name the kit that it was measured with.");
    }

    // Whole passes only: a part of one would compare models under different conditions.
    private static IEnumerable<MeasuredPass> ReadPasses(string path, string[] lines, int models, int runs)
    {
        var seconds = new List<double>();
        var means = new SortedDictionary<int, double[]>();
        foreach (var (index, line) in lines.Index().Skip(1))
        {
            if (line.Length == 0)
                continue;
            var fields = line.TrimEnd('\r').Split(',');
            if (fields.Length < 3
                || !TryParse(fields[0], MeasurementJob.MaxModels, out var pass)
                || !TryParse(fields[1], models - 1, out var model))
            {
                throw Wrong(path, index, "no pass and model of this kit");
            }

            if (fields is [_, _, "done"])
            {
                // More than asked for: what an interrupted run left before it was repeated.
                if (seconds.Count < runs)
                    throw Wrong(path, index, $"only {seconds.Count} of {runs} runs before it");
                if (!means.TryGetValue(pass, out var times))
                    means[pass] = times = new double[models];
                times[model] = seconds.TakeLast(runs).Average();
                seconds.Clear();
            }
            else if (fields.Length >= 7
                && double.TryParse(fields[^4], NumberStyles.Float, CultureInfo.InvariantCulture, out var time)
                && time is > 0 and < 1000)
            {
                seconds.Add(time);
            }
            else
            {
                throw Wrong(path, index, "no plausible time");
            }
        }

        foreach (var times in means.Values.TakeWhile(times => times.All(time => time > 0)))
            yield return MeasuredPass.Of(TimeSpan.Zero, [.. times.Select(time => new LayerTime(time * 1e6, CpuUs: 0))]);
    }

    private static bool TryParse(string text, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;

    private static InputException Wrong(string path, int index, string what) =>
        new($"'{path}', line {index + 1}: {what}. Run the script of the kit again.");
}
