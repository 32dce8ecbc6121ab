using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;
using HwNas.Onnx.Runtime;

namespace HwNas.Onnx.Foreign;

/// <summary>The child's side of <see cref="ForeignModels"/>: does what one request says, and ends with its parent.</summary>
public sealed class ForeignChild : IDisposable
{
    private readonly Frames _frames;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<float[]> _values = [];

    private ForeignChild(Stream from, Stream to, TimeProvider clock) => (_frames, _clock) = (new Frames(from, to), clock);

    /// <summary>Does the work; the program ends afterwards.</summary>
    /// <param name="from">Where the parent writes.</param>
    /// <param name="to">Where the parent reads.</param>
    /// <param name="clock">The clock.</param>
    public static void Run(Stream from, Stream to, TimeProvider clock)
    {
        // Signals of a terminal reach both; the parent says when to stop.
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        var ignored = signals.Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true)).ToList();
        using (var child = new ForeignChild(from, to, clock))
            child.Run();
        ignored.ForEach(registration => registration.Dispose());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _values.Dispose();
    }

    private void Run()
    {
        try
        {
            if (_frames.Read() is not (FrameKind.Request, var content))
                return;
            var request = Frames.Parse<ForeignRequest>(content);
            var limits = new ForeignLimits(TimeSpan.FromSeconds(request.StepSeconds), request.MaxBytes);
            var watch = new StepWatch(limits, text => Tell(FrameKind.Refused, text), _clock);
            watch.Start();
            new Thread(Listen) { Name = "listening", IsBackground = true }.Start();
            if (request.Runtime is null)
                Measure(request, watch);
            else
                Classify(request, request.Runtime, watch);
        }
        catch (OperationCanceledException)
        {
            Tell(FrameKind.Stopped, "");
        }
        catch (HwNasException error)
        {
            Tell(FrameKind.Refused, error.Message);
        }
#pragma warning disable CA1031 // The parent reports it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Tell(FrameKind.Fault, error.ToString());
        }
    }

    private void Measure(ForeignRequest request, StepWatch watch)
    {
        using var kit = MeasurementKit.Open(request.Path, request.Origin);
        var runner = new JobRunner(request.Device, _clock, text => Tell(FrameKind.Note, text)) { Watch = watch };
        var record = runner.Run(kit.Bundle, request.Journal, new Reporter(_frames), _stop.Token);
        Tell(FrameKind.Record, StrictJson.Serialize(record));
    }

    private void Classify(ForeignRequest request, RuntimeRequest runtime, StepWatch watch)
    {
        watch.Begin(request.Origin);
        using var session = OnnxSession.Open(OnnxSession.ReadModel(request.Path), request.Origin, runtime);
        watch.Begin(null);
        _frames.WriteJson(FrameKind.Shape, new ForeignShape(session.InputLength, session.Output.Length, session.TakesPixels));
        foreach (var values in _values.GetConsumingEnumerable())
        {
            watch.Begin(request.Origin);
            var logits = OnnxClassifier.Logits(session, values);
            watch.Begin(null);
            _frames.Write(logits);
        }
    }

    // A parent that is gone takes the child with it, whatever that does.
    private void Listen()
    {
        while (_frames.Read() is var (kind, content))
        {
            if (kind == FrameKind.Stop)
                _stop.Cancel();
            else if (kind == FrameKind.Values)
                _values.Add(Frames.Floats(content));
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private void Tell(FrameKind kind, string text)
    {
        try
        {
            _frames.Write(kind, Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // The parent is gone.
        }
    }

    private sealed class Reporter(Frames frames) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value) => frames.WriteJson(
            FrameKind.Progress,
            new ForeignProgress(value.Stage, value.Passes, value.Elapsed.TotalSeconds, value.AtMost.TotalSeconds));
    }
}
