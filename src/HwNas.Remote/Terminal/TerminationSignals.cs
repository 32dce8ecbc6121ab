using System.Globalization;
using System.Runtime.InteropServices;

namespace HwNas.Remote.Terminal;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal (SIGHUP): the first cancels the command, which saves, and gets as
/// long as that takes. What comes meanwhile is not obeyed, so that nothing is lost to an impatient second; a
/// third within a second of it gives up.
/// </summary>
public sealed partial class TerminationSignals : IDisposable
{
    private const int Interrupted = 130;

    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(1);

    private readonly string _program;
    private readonly TextWriter _error;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _source = new();
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;
    private long _last;

    /// <summary>Takes the signals until it is disposed of.</summary>
    /// <param name="program">The program's name, with which messages begin.</param>
    /// <param name="error">Messages.</param>
    /// <param name="clock">The clock.</param>
    public TerminationSignals(string program, TextWriter error, TimeProvider clock)
    {
        (_program, _error, _clock) = (program, error, clock);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Where(signal => signal != PosixSignal.SIGHUP || !HangUpIsIgnored())
            .Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lock (_gate)
        {
            var since = _clock.GetElapsedTime(_last);
            _last = _clock.GetTimestamp();
            switch (++_signals)
            {
                case 1:
                    // What runs upon cancellation must not hold up the signals.
                    ThreadPool.QueueUserWorkItem(_ => _source.Cancel());
                    break;
                case 2:
                    _error.WriteLine($"{_program}: saving; to give up what is not saved, interrupt once more within a second.");
                    break;
                case > 2 when since <= Impatience:
                    _error.WriteLine($"{_program}: given up; what was not saved is lost.");
                    GiveUp();
                    break;
            }
        }
    }

    private static void GiveUp()
    {
        if (!OperatingSystem.IsWindows())
            EndAtOnce(Interrupted);
#pragma warning disable RS0030 // The program is asked to end; there is nobody left to throw to.
        Environment.Exit(Interrupted);
#pragma warning restore RS0030
    }

    // Native threads still compute: an orderly exit would free what they use, and end in a segmentation fault.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndAtOnce(int code);

    // By nohup, which means to go on when the terminal is closed. The mask's lowest bit is signal 1.
    private static bool HangUpIsIgnored()
    {
        const string Status = "/proc/self/status", Field = "SigIgn:";
        return File.Exists(Status)
            && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
            && ulong.TryParse(
                line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask)
            && (mask & 1) != 0;
    }
}
