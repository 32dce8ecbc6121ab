using System.Reflection;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Foreign;

/// <summary>
/// Runs models of strangers - kits, files that are verified - in a process of its own: this program once more, which is
/// ended when a model does not end or takes too much memory. They are timed by the same code as everything else.
/// </summary>
/// <param name="program">The program and the arguments with which it is started.</param>
public sealed class ForeignModels(IReadOnlyList<string> program)
{
    /// <summary>The one argument by which a program is asked to be the child (<see cref="ForeignChild"/>).</summary>
    public const string Verb = "run-foreign-models";

    /// <summary>The limits; null takes those of the provider.</summary>
    public ForeignLimits? Limits { get; init; }

    /// <summary>The child is a program's own assembly, however it was started.</summary>
    public static ForeignModels Of(Assembly program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var self = Environment.ProcessPath!;
        // A program in one file, or started by its own name; else by 'dotnet', as tests do.
        return program.Location is "" || Path.GetFileNameWithoutExtension(self) == program.GetName().Name
            ? new ForeignModels([self])
            : new ForeignModels([self, program.Location]);
    }

    /// <summary>Measures a kit as <see cref="JobRunner"/> does.</summary>
    /// <param name="kit">The kit, which was opened before.</param>
    /// <param name="origin">Names the kit in errors.</param>
    /// <param name="runtime">What the kit asks for.</param>
    /// <param name="deviceId">The id to give this machine; null derives one from the processor's name.</param>
    /// <param name="journalPath">Keeps every pass; null keeps none.</param>
    /// <param name="progress">Told after every model that is loaded, and after every pass.</param>
    /// <param name="note">Told what was lost of an interrupted measurement.</param>
    /// <param name="cancellation">Stops between two passes, or soon after.</param>
    /// <exception cref="InputException">A model is damaged, cannot be loaded, does not end or takes too much memory.</exception>
    public MeasurementRecord Measure(
        string kit, string origin, RuntimeRequest runtime, string? deviceId, string? journalPath,
        IProgress<MeasurementProgress>? progress, Action<string>? note, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var limits = Limits ?? ForeignLimits.For(runtime.Provider);
        var request = new ForeignRequest(
            kit, origin, deviceId, journalPath, Runtime: null, limits.Step.TotalSeconds, limits.MaxBytes);
        using var child = ForeignProcess.Start([.. program, Verb], request, cancellation);
        return MeasurementRecord.Parse(child.ReadRecord(progress, note), "the measurement");
    }

    /// <summary>Measures a job whose models came from elsewhere.</summary>
    /// <exception cref="InputException">A model is damaged, cannot be loaded, does not end or takes too much memory.</exception>
    public MeasurementRecord Measure(
        JobBundle bundle, string? deviceId, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        using var kit = TemporaryKit.Write(bundle);
        return Measure(
            kit.FilePath, "the job", bundle.Job.Runtime, deviceId, journalPath: null, progress, note: null, cancellation);
    }

    /// <summary>Opens a model file to run it on images.</summary>
    /// <exception cref="InputException">The file is no model, does not end being loaded or takes too much memory.</exception>
    public ForeignClassifier Open(string model, RuntimeRequest runtime, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var limits = Limits ?? ForeignLimits.For(runtime.Provider);
        var request = new ForeignRequest(
            model, model, Device: null, Journal: null, runtime, limits.Step.TotalSeconds, limits.MaxBytes);
        return new ForeignClassifier(ForeignProcess.Start([.. program, Verb], request, cancellation));
    }
}
