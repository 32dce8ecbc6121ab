using HwNas.Onnx.Profiling;

namespace HwNas.Cli.Runs;

/// <summary>This machine as a device.</summary>
internal static class LocalDevice
{
    /// <summary>Measures models from elsewhere here, without a journal.</summary>
    public static MeasureOnDevice Measure(CommandContext context, string? id) => (bundle, progress, cancellation) =>
        Task.FromResult(context.Models.Measure(bundle, id, progress, cancellation));
}
