using System.Collections.Immutable;
using HwNas.Core.Files;

namespace HwNas.Core.Devices.Measurement;

/// <summary>
/// The samples of one pass: a time for each model, in the job's order. Times are whole nanoseconds of one run;
/// −1 marks a sample that was disturbed.
/// </summary>
/// <param name="ElapsedMs">Time since the passes began.</param>
/// <param name="WallNs">Elapsed times.</param>
/// <param name="CpuNs">CPU times of the calling thread; 0 where the device has no such clock.</param>
public sealed record MeasuredPass(long ElapsedMs, ImmutableArray<long> WallNs, ImmutableArray<long> CpuNs)
{
    private const long MaxNs = 1_000_000_000_000;
    private static readonly long MaxElapsedMs = (long)TimeSpan.FromDays(7).TotalMilliseconds;

    /// <summary>The pass with so many times.</summary>
    public static MeasuredPass Of(TimeSpan elapsed, IReadOnlyList<LayerTime> times) => new(
        (long)elapsed.TotalMilliseconds,
        [.. times.Select(time => time.Disturbed ? -1 : (long)Math.Round(time.WallUs * 1e3))],
        [.. times.Select(time => time.Disturbed ? -1 : (long)Math.Round(time.CpuUs * 1e3))]);

    /// <summary>The time of a model in microseconds.</summary>
    public LayerTime this[int model] => new(WallNs[model] / 1e3, CpuNs[model] / 1e3, WallNs[model] < 0);

    /// <summary>Whether a measurement of so many models can have written this.</summary>
    public bool IsPlausible(int models) => ElapsedMs >= 0 && ElapsedMs <= MaxElapsedMs
        && ArePlausible(WallNs, models) && ArePlausible(CpuNs, models)
        && WallNs.Zip(CpuNs).All(time => time.First != 0 && (time.First < 0) == (time.Second < 0));

    private static bool ArePlausible(ImmutableArray<long> times, int models) =>
        !times.IsDefault && times.Length == models && times.All(ns => ns is >= -1 and < MaxNs);
}

/// <summary>
/// What a device answers to a job: who it is, how it ran, and every sample. It carries the job, so it stands alone; a
/// profile is computed from it and nothing else (<see cref="ProfileAssembly"/>).
/// </summary>
public sealed record MeasurementRecord
{
    /// <summary>The schema of record files.</summary>
    public const string CurrentSchema = "hwnas/measurement-record/1";

    /// <summary>Always <see cref="CurrentSchema"/>.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The version of HwNas that measured.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>What was asked for.</summary>
    public required MeasurementJob Job { get; init; }

    /// <summary>The device.</summary>
    public required DeviceDescription Device { get; init; }

    /// <summary>The runtime as it really ran.</summary>
    public required RuntimeKey Runtime { get; init; }

    /// <summary>What of the runtime is not part of its key.</summary>
    public required RuntimeDetails RuntimeDetails { get; init; }

    /// <summary>The state of the device meanwhile.</summary>
    public required MeasurementConditions Conditions { get; init; }

    /// <summary>The clock of elapsed time.</summary>
    public required string Clock { get; init; }

    /// <summary>Its resolution in nanoseconds.</summary>
    public required double ClockResolutionNs { get; init; }

    /// <summary>Passes before the measured ones.</summary>
    public required int WarmUpPasses { get; init; }

    /// <summary>Why it ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The samples.</summary>
    public required ImmutableArray<MeasuredPass> Passes { get; init; }

    /// <summary>Hash over the canonical form; set when written.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Reads and validates a record; <paramref name="origin"/> names it in errors.</summary>
    /// <exception cref="InputException">The text is no record, or a value is impossible; the message
    /// lists what and where.</exception>
    public static MeasurementRecord Parse(string json, string origin)
    {
        var record = StrictJson.Parse<MeasurementRecord>(json, CurrentSchema, origin);
        record.Check(origin);
        return record;
    }

    /// <summary>Writes the record atomically, with its hash.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write(string path) => StrictJson.WriteCompactFile(path, this);

    /// <summary>The samples of each model.</summary>
    public IReadOnlyList<ModelSamples> Samples() => ModelSamples.Of(Passes, Job.Models.Length);

    /// <summary>
    /// The samples of each model without what slowed whole passes (<see cref="PassSpeed"/>): what statistics look at.
    /// </summary>
    internal IReadOnlyList<ModelSamples> LevelSamples() => PassSpeed.Level(Passes, Job.Models.Length);

    /// <summary>The clock by which to compare with a profile: the profile's, or that which suits the samples.</summary>
    /// <param name="profile">The device's profile; null without one.</param>
    public TimeSource ClockFor(DeviceProfile? profile)
    {
        var ratio = TimeSources.WallCpuRatio(Samples());
        return profile?.Protocol.Source == TimeSource.Cpu && ratio > 0
            ? TimeSource.Cpu
            : TimeSources.Choose(ratio, Runtime.IntraOpThreads);
    }

    /// <summary>Statistics of the whole networks.</summary>
    /// <param name="source">The clock.</param>
    public IReadOnlyList<TimeSummary> NetTimes(TimeSource source) =>
        [.. LevelSamples().TakeLast(Job.Plan.Nets.Length).Select(model => TimeSummary.Of(model.Values(source)))];

    private void Check(string origin)
    {
        Job.Check(origin);
        var problems = new List<string>();
        if (Hash.Length == 0)
            problems.Add("hash: there is none");
        if (Passes.IsDefaultOrEmpty || Passes.Length > Job.Settings.MaxPasses)
        {
            problems.Add(
                $"passes: there are {(Passes.IsDefault ? 0 : Passes.Length)}; "
                + $"the job asked for at most {Job.Settings.MaxPasses}");
        }
        else if (Passes.Index().FirstOrDefault(pass => !pass.Item.IsPlausible(Job.Models.Length)) is { Item: not null } wrong)
        {
            problems.Add($"passes: pass {wrong.Index} does not have {Job.Models.Length} plausible times of each clock");
        }
        else if (Samples().Any(model => model.Count == 0))
        {
            problems.Add("passes: a model was disturbed in all of them, so nothing is known of it");
        }

        if (Runtime.ToString() != Job.Runtime.ToKey(Runtime.Name, Runtime.Version).ToString())
            problems.Add($"runtime: '{Runtime}' is not what the job asked for");
        if (!(ClockResolutionNs is > 0 and < 1e9) || WarmUpPasses is < 0 or > 1_000_000)
            problems.Add("clock_resolution_ns or warm_up_passes: out of range");
        if (problems.Count > 0)
            throw new InputException($"'{origin}' is no valid measurement:\n  {string.Join("\n  ", problems)}\nMeasure again.");
    }
}
