using System.Diagnostics;
using System.Text;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Onnx.Foreign;

/// <summary>The parent's side: a child that does one request, and is gone when this is disposed of.</summary>
internal sealed class ForeignProcess : IDisposable
{
    // A pass ends within; what does not is given up.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Frames _frames;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _stopping;

    private ForeignProcess(Process process, CancellationToken cancellation)
    {
        (_process, _cancellation) = (process, cancellation);
        _frames = new Frames(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        _stopping = cancellation.Register(() => _ = StopAsync());
    }

    public static ForeignProcess Start(IReadOnlyList<string> command, ForeignRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        // What native code prints there when it breaks is a stranger's text.
        process.BeginErrorReadLine();
        var child = new ForeignProcess(process, cancellation);
        child.Write(frames => frames.WriteJson(FrameKind.Request, request));
        return child;
    }

    /// <summary>The child's measurement, as it said it.</summary>
    public string ReadRecord(IProgress<MeasurementProgress>? progress, Action<string>? note)
    {
        while (true)
        {
            var (kind, content) = Next();
            switch (kind)
            {
                case FrameKind.Progress:
                    var now = Frames.Parse<ForeignProgress>(content);
                    var (elapsed, atMost) = (TimeSpan.FromSeconds(now.ElapsedSeconds), TimeSpan.FromSeconds(now.AtMostSeconds));
                    progress?.Report(new MeasurementProgress(now.Stage, now.Passes, elapsed, atMost));
                    break;
                case FrameKind.Note:
                    note?.Invoke(Encoding.UTF8.GetString(content));
                    break;
                case FrameKind.Record:
                    return Encoding.UTF8.GetString(content);
                default:
                    throw Broken();
            }
        }
    }

    /// <summary>The next message, which must be of a kind.</summary>
    public byte[] Read(FrameKind wanted) => Next() is var (kind, content) && kind == wanted ? content : throw Broken();

    public void Write(float[] values) => Write(frames => frames.Write(values));

    public void Dispose()
    {
        _stopping.Dispose();
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Write(Action<Frames> write)
    {
        try
        {
            write(_frames);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It is gone; reading says why.
        }
    }

    private (FrameKind Kind, byte[] Content) Next() => _frames.Read() switch
    {
        (FrameKind.Stopped, _) => throw new OperationCanceledException(_cancellation),
        (FrameKind.Refused, var text) => throw new InputException(Encoding.UTF8.GetString(text)),
        (FrameKind.Fault, var text) => throw new InvalidOperationException(Encoding.UTF8.GetString(text)),
        { } frame => frame,
        null => throw Broken(),
    };

    private Exception Broken()
    {
        if (_cancellation.IsCancellationRequested)
            return new OperationCanceledException(_cancellation);
        Kill();
        _process.WaitForExit();
        return new InputException(
            $"The process that ran the models broke off (exit code {_process.ExitCode}): one of them breaks ONNX Runtime, "
            + "or the machine ran out of memory. Measure fewer models, or export them again.");
    }

    private async Task StopAsync()
    {
        Write(frames => frames.Write(FrameKind.Stop, []));
        try
        {
            using var limit = new CancellationTokenSource(Grace);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended, and was disposed of.
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }
}
