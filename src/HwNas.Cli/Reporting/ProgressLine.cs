using System.Globalization;
using HwNas.Core;
using HwNas.Remote.Terminal;

namespace HwNas.Cli.Reporting;

/// <summary>
/// The progress of one long piece of work: a bar with the time left that is redrawn in place on a terminal, and an
/// occasional line where the output goes to a file or a pipe. Safe to report to from any thread.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private const string ToStartAndClear = "\r\e[2K";
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(100), PrintEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TextWriter _error;
    private readonly TimeProvider _time;
    private readonly ProgressRow? _row;
    private readonly string _name;
    private readonly TimeLeft _timeLeft;
    private readonly long _started;
    private long _lastShown;
    private bool _begun, _lineIsOpen, _finished;

    /// <param name="error">Where messages go; standard output is for results.</param>
    /// <param name="time">The clock.</param>
    /// <param name="name">What is being done, in a word: "train".</param>
    /// <param name="row">What a terminal shows, or null where the output is not one.</param>
    public ProgressLine(TextWriter error, TimeProvider time, string name, ProgressRow? row)
    {
        (_error, _time, _name, _row) = (error, time, name, row);
        _timeLeft = new TimeLeft(time);
        _started = time.GetTimestamp();
    }

    /// <summary>For the process's own standard error.</summary>
    public static ProgressLine ForConsole(CommandContext context, string name) => context.Shown = new(
        context.Error, context.Time, name,
        context.ErrorScreen is { CanRedraw: true, Columns: { } columns } ? new ProgressRow(columns) : null);

    /// <summary>One of several at once, which cannot all be redrawn in place: an occasional line.</summary>
    public static ProgressLine ForLog(CommandContext context, string name) => new(context.Error, context.Time, name, row: null);

    /// <summary>
    /// Says how much is done; the first report sets where the rate is counted from, so that a
    /// resumed run tells its time right.
    /// </summary>
    public void Report(double done, double total, string note = "")
    {
        lock (_gate)
        {
            if (_finished)
                return;
            var isFirst = !_begun;
            _begun = true;
            note = VisibleText.OneLine(note);
            var left = _timeLeft.After(done, total);
            if (!isFirst && _time.GetElapsedTime(_lastShown) < (_row is null ? PrintEvery : RedrawEvery))
                return;
            _lastShown = _time.GetTimestamp();
            var fraction = total > 0 ? Math.Clamp(done / total, 0, 1) : 0;
            var leftText = left is { } span ? $"{Duration(span)} left" : "";
            if (_row is not null)
            {
                Redraw(_row.Of(_name, fraction, leftText, note));
            }
            // Beginning silently keeps short work from printing more than its last line into a log.
            else if (!isFirst)
            {
                Print(string.Create(
                    CultureInfo.InvariantCulture, $"{_name}  {Math.Floor(100 * fraction),3} %{Spaced(leftText)}{Spaced(note)}"));
            }
        }
    }

    /// <summary>Prints a line of its own above the bar, which the next report draws again.</summary>
    public void Note(string text)
    {
        lock (_gate)
        {
            if (_lineIsOpen)
                TerminalWriter.WriteDrawn(_error, ToStartAndClear);
            _error.WriteLine(text);
            _error.Flush();
            _lineIsOpen = false;
            _lastShown = 0;
        }
    }

    /// <summary>Ends the line with how long it took; later reports are ignored.</summary>
    public void Complete(string note = "")
    {
        lock (_gate)
        {
            if (_finished)
                return;
            _finished = true;
            var text = $"{_name}  done in {Duration(_time.GetElapsedTime(_started))}{Spaced(note)}";
            if (_row is not null)
                TerminalWriter.WriteDrawn(_error, ToStartAndClear);
            Print(_row is null ? text : _row.Of(text));
            _lineIsOpen = false;
        }
    }

    /// <summary>Leaves the cursor on a line of its own, so that an error message does not continue the bar.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _finished = true;
            if (!_lineIsOpen)
                return;
            _lineIsOpen = false;
            _error.WriteLine();
        }
    }

    /// <summary>"0:07", "12:34" or "1:02:03".</summary>
    internal static string Duration(TimeSpan span)
    {
        var rounded = TimeSpan.FromSeconds(Math.Round(span.TotalSeconds));
        return rounded.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)rounded.TotalHours}:{rounded.Minutes:00}:{rounded.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{rounded.Minutes}:{rounded.Seconds:00}");
    }

    private void Redraw(string line)
    {
        TerminalWriter.WriteDrawn(_error, ToStartAndClear + line);
        _error.Flush();
        _lineIsOpen = true;
    }

    private void Print(string line)
    {
        _error.WriteLine(line);
        _error.Flush();
    }

    private static string Spaced(string note) => note.Length > 0 ? "  " + note : "";
}
