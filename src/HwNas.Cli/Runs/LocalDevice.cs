using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Runs;

/// <summary>This machine as a device.</summary>
internal static class LocalDevice
{
    /// <summary>Measures here, without a journal.</summary>
    public static MeasureOnDevice Measure(CommandContext context, string? id) => (bundle, progress, cancellation) =>
        Task.FromResult(new JobRunner(id, context.Time).Run(bundle, journalPath: null, progress, cancellation));
}
