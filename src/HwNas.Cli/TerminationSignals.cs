using System.Globalization;
using System.Runtime.InteropServices;

namespace HwNas.Cli;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal (SIGHUP): the first cancels the command, which saves, and gets as long as that takes. What
/// comes meanwhile is not obeyed, so that nothing is lost to an impatient second; a third within a second of it gives up.
/// </summary>
internal sealed partial class TerminationSignals : IDisposable
{
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(1);

    private readonly CommandContext _context;
    private readonly CancellationTokenSource _source = new();
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;
    private long _last;

    public TerminationSignals(CommandContext context)
    {
        _context = context;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Where(signal => signal != PosixSignal.SIGHUP || !HangUpIsIgnored()).Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

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
            var since = _context.Time.GetElapsedTime(_last);
            _last = _context.Time.GetTimestamp();
            switch (++_signals)
            {
                case 1:
                    // What runs upon cancellation must not hold up the signals.
                    ThreadPool.QueueUserWorkItem(_ => _source.Cancel());
                    break;
                case 2:
                    _context.Error.WriteLine("hwnas: saving; to give up what is not saved, interrupt once more within a second.");
                    break;
                case > 2 when since <= Impatience:
                    _context.Error.WriteLine("hwnas: given up; what was not saved is lost.");
                    if (OperatingSystem.IsWindows())
                        Environment.Exit(ExitCodes.Interrupted);
                    else
                        EndAtOnce(ExitCodes.Interrupted);
                    break;
            }
        }
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
            && ulong.TryParse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask)
            && (mask & 1) != 0;
    }
}
