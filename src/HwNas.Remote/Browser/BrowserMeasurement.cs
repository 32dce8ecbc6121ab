using System.Collections.Immutable;
using System.Globalization;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;

namespace HwNas.Remote.Browser;

/// <summary>
/// The passes of one device as they arrive. They lie in a journal here and not in the page, so a page that is reloaded,
/// a phone that vanishes and a server that ends all continue; and the same stop rule decides as on this machine.
/// </summary>
internal sealed class BrowserMeasurement : IDisposable
{
    private readonly MeasurementJob _job;
    private readonly BrowserHello _hello;
    private readonly DeviceDescription _device;
    private readonly RuntimeKey _runtime;
    private readonly DateTimeOffset _start;
    private readonly MeasurementJournal _journal;
    private readonly List<MeasuredPass> _passes;
    private readonly List<MeasuredPass> _undisturbed;
    private int _warmUpPasses;

    /// <summary>Begins, or continues from the journal of the same job, device and runtime.</summary>
    /// <exception cref="InputException">The journal cannot be written, or is none.</exception>
    public BrowserMeasurement(MeasurementJob job, BrowserHello hello, string journalPath, TimeProvider clock)
    {
        _job = job;
        _hello = hello;
        _start = clock.GetUtcNow();
        _device = new DeviceDescription(
            hello.Id, hello.Name, Vendor: "", Soc: "", hello.CpuModel, IsaFlags: [], [new CoreCluster(hello.Cores, 0)],
            (long)(hello.RamGib * 1024), Accelerator: "", hello.Os, Kernel: "");
        _runtime = job.Runtime.ToKey(BrowserServer.RuntimeName, hello.RuntimeVersion);
        var fingerprint = ContentHash.OfText(
            $"{hello.Id}\n{hello.CpuModel}\n{hello.Os}\n{hello.Browser}\n{hello.Isolated}\n{_runtime}");
        _journal = MeasurementJournal.Open(
            journalPath,
            new MeasurementJournalHeader(MeasurementJournal.Schema, job.Hash, fingerprint, job.Models.Length),
            clock);
        _passes = [.. _journal.Replay];
        _undisturbed = [.. _passes.Where(IsUndisturbed)];
    }

    /// <summary>Passes so far, disturbed ones included.</summary>
    public int Passes => _passes.Count;

    /// <summary>Time spent in them, in milliseconds.</summary>
    public long ElapsedMs => _passes.Count > 0 ? _passes[^1].ElapsedMs : 0;

    /// <summary>
    /// Why measuring is over; null to go on. Passes in which the page was hidden bring it no
    /// nearer, unless there are far too many.
    /// </summary>
    public StopReason? Stop => _passes.Count >= _job.Settings.MaxPasses
        ? StopReason.EnoughPasses
        : StopRule.Decide(
            _undisturbed, _job.Models.Length, _job.Runtime.IntraOpThreads, TimeSpan.FromMilliseconds(ElapsedMs), _job.Settings);

    /// <summary>Takes the next pass; one that is there already, and equal, changes nothing.</summary>
    /// <exception cref="RefusedException">It is not the next one, or its times are impossible.</exception>
    public void Add(BrowserPass message)
    {
        if (message.Number >= 0
            && message.Number < _passes.Count
            && message.WallNs.AsSpan().SequenceEqual(_passes[message.Number].WallNs.AsSpan()))
        {
            return;
        }

        if (message.Number != _passes.Count)
        {
            throw new RefusedException(
                409,
                $"Pass {message.Number} is not the next one: {_passes.Count} passes are there. Reload the page to continue.");
        }

        var pass = new MeasuredPass(message.ElapsedMs, [.. message.WallNs], [.. message.WallNs.Select(ns => Math.Min(ns, 0))]);
        var isWhole = pass.WallNs.All(ns => ns > 0) || pass.WallNs.All(ns => ns < 0);
        if (!isWhole
            || !pass.IsPlausible(_job.Models.Length)
            || message.ElapsedMs < ElapsedMs
            || message.WarmUpPasses is < 0 or > 1_000_000)
        {
            throw new RefusedException(400, $"Pass {message.Number} does not have {_job.Models.Length} plausible times.");
        }

        _journal.Append(pass);
        _passes.Add(pass);
        if (IsUndisturbed(pass))
            _undisturbed.Add(pass);
        _warmUpPasses = message.WarmUpPasses;
    }

    /// <summary>The device's answer, checked as if it came as a file.</summary>
    /// <exception cref="InputException">It is impossible; the message says what.</exception>
    public MeasurementRecord Record(StopReason reason, DateTimeOffset now) => MeasurementRecord.Parse(
        StrictJson.Serialize(new MeasurementRecord
        {
            ToolVersion = _job.ToolVersion,
            Job = _job,
            Device = _device,
            Runtime = _runtime,
            RuntimeDetails = new RuntimeDetails(
                ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new KeyValuePair<string, string>[]
                {
                    new("browser", _hello.Browser),
                    new("cross_origin_isolated", _hello.Isolated ? "true" : "false"),
                    new("min_sample_us", _hello.MinSampleUs.ToString("R", CultureInfo.InvariantCulture)),
                    new("simd", "true"),
                }),
                Spinning: _hello.Threads > 1,
                Affinity: ""),
            Conditions = new MeasurementConditions(_start, now, null, null, null, null, null, null, null, null, WallCpuRatio: 0),
            Clock = "performance.now()",
            ClockResolutionNs = _hello.ClockResolutionNs,
            WarmUpPasses = _warmUpPasses,
            StopReason = reason,
            Passes = [.. _passes],
        }),
        $"the measurement of '{_device.Id}'");

    public void Dispose() => _journal.Dispose();

    private static bool IsUndisturbed(MeasuredPass pass) => pass.WallNs[0] >= 0;
}
