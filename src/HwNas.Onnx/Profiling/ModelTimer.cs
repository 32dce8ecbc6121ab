using HwNas.Core.Devices.Measurement;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Profiling;

/// <summary>Measured latency of a model.</summary>
/// <param name="Summary">The statistics, in microseconds.</param>
/// <param name="Source">The clock they come from.</param>
public sealed record ModelTime(TimeSummary Summary, TimeSource Source);

/// <summary>Measures whole models on this machine, all in one rotation, by the protocol of profiles.</summary>
public static class ModelTimer
{
    /// <summary>Measures; the models are loaded with <paramref name="threads"/> and batch 1.</summary>
    /// <param name="paths">The models.</param>
    /// <param name="threads">Threads that share the work of one node.</param>
    /// <param name="settings">How long and how precisely.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="progress">Told after every pass.</param>
    /// <param name="cancellation">Stops between two passes.</param>
    /// <exception cref="Core.InputException">A model cannot be loaded.</exception>
    public static IReadOnlyList<ModelTime> Measure(
        IReadOnlyList<string> paths, int threads, MeasurementSettings settings, TimeProvider clock,
        IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        var sessions = new List<OnnxSession>();
        try
        {
            foreach (var path in paths)
                sessions.Add(OnnxSession.Open(path, new SessionSettings { IntraOpThreads = threads }));
            var rotation = new Rotation(new OnnxLayerTimer(sessions, clock), sessions.Count, settings, clock).Measure(null, progress, cancellation);
            var source = TimeSources.Choose(TimeSources.WallCpuRatio(rotation.Models), threads);
            return [.. rotation.Models.Select(model => new ModelTime(TimeSummary.Of(model.Values(source)), source))];
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }
}
