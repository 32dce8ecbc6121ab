using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Profiling;

/// <summary>Measures jobs on this machine, one at a time.</summary>
/// <param name="deviceId">The id to give this machine; null derives one from the processor's name.</param>
/// <param name="clock">The clock.</param>
/// <param name="note">Told what was lost of an interrupted measurement.</param>
public sealed class JobRunner(string? deviceId, TimeProvider clock, Action<string>? note = null)
{
    /// <summary>Ends the process when a model does not end; null where the models are our own.</summary>
    internal StepWatch? Watch { get; init; }

    /// <summary>
    /// Measures; continues where an interrupted measurement of the same job on the same device and runtime was.
    /// </summary>
    /// <param name="bundle">The job.</param>
    /// <param name="journalPath">Keeps every pass; afterwards it holds the raw samples. Null keeps none.</param>
    /// <param name="progress">Told after every model that is loaded, and after every pass.</param>
    /// <param name="cancellation">Stops between two passes; the journal holds what was measured.</param>
    /// <exception cref="InputException">A model is damaged or cannot be loaded, or the runtime lacks
    /// what the job asks for.</exception>
    public MeasurementRecord Run(
        JobBundle bundle, string? journalPath, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var job = bundle.Job;
        if (job.Runtime.IntraOpThreads > Environment.ProcessorCount)
        {
            throw new InputException(
                $"The job asks for {job.Runtime.IntraOpThreads} threads, but {Environment.ProcessorCount} processor(s) "
                + "can be used here: threads that wait for each other would be timed. Make a job of fewer (--threads).");
        }

        var device = DeviceProbe.Describe(deviceId);
        var runtime = OnnxEnvironment.KeyOf(job.Runtime);
        var conditions = new ConditionsLog(clock);
        var sessions = new List<OnnxSession>();
        try
        {
            Load(sessions, bundle, progress, cancellation);
            using var journal = journalPath is null ? null : MeasurementJournal.Open(
                journalPath, MeasurementJournalHeader.Of(job, device, runtime), clock);
            if (journal?.Notice is { } notice)
                note?.Invoke(notice);
            var rotation = new Rotation(
                new OnnxLayerTimer(sessions, clock, Watch), sessions.Count, job.Settings, clock, job.Runtime.IntraOpThreads)
                .Measure(journal, progress, cancellation);
            Watch?.Begin(null);
            return new MeasurementRecord
            {
                ToolVersion = ToolVersion.Text,
                Job = job,
                Device = device,
                Runtime = runtime,
                RuntimeDetails = new RuntimeDetails(
                    ImmutableSortedDictionary<string, string>.Empty, Spinning: false, Affinity: ""),
                Conditions = conditions.Close(TimeSources.WallCpuRatio(rotation.Models)),
                Clock = "monotonic and thread CPU time",
                ClockResolutionNs = 1e9 / clock.TimestampFrequency,
                WarmUpPasses = rotation.WarmUpPasses,
                StopReason = rotation.StopReason,
                Passes = [.. rotation.Passes],
            };
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    private void Load(
        List<OnnxSession> sessions, JobBundle bundle, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        var (start, runtime) = (clock.GetTimestamp(), bundle.Job.Runtime);
        for (var number = 0; number < bundle.Job.Models.Length; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            // The model that does nothing has no images, and so no batch.
            Watch?.Begin(bundle.Job.Models[number].Name);
            var session = OnnxSession.Open(
                bundle.Model(number), bundle.Job.Models[number].Name, number == 0 ? runtime with { Batch = 1 } : runtime);
            session.FeedGrey();
            sessions.Add(session);
            progress?.Report(new MeasurementProgress("loading", sessions.Count, clock.GetElapsedTime(start), TimeSpan.Zero));
        }
    }
}
