using HwNas.Onnx.Profiling;

namespace HwNas;

/// <summary>This machine as a device.</summary>
public static class LocalDevice
{
    /// <summary>
    /// Measures here, without a journal; models from elsewhere where <see cref="RunContext.Models"/> runs them.
    /// </summary>
    public static MeasureOnDevice Measure(RunContext context, string? id) => (bundle, progress, cancellation) => Task.FromResult(
        context.Models?.Measure(bundle, id, progress, cancellation)
        ?? new JobRunner(id, context.Time).Run(bundle, journalPath: null, progress, cancellation));
}
