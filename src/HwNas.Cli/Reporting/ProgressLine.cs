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

    private readonly Lock gate = new();
    private readonly TextWriter error;
    private readonly TimeProvider time;
    private readonly ProgressRow? row;
    private readonly string name;
    private readonly TimeLeft timeLeft;
    private readonly long started;
    private long lastShown;
    private bool begun, lineIsOpen, finished;

    /// <param name="error">Where messages go; standard output is for results.</param>
    /// <param name="time">The clock.</param>
    /// <param name="name">What is being done, in a word: "train".</param>
    /// <param name="row">What a terminal shows, or null where the output is not one.</param>
    public ProgressLine(TextWriter error, TimeProvider time, string name, ProgressRow? row)
    {
        (this.error, this.time, this.name, this.row) = (error, time, name, row);
        timeLeft = new TimeLeft(time);
        started = time.GetTimestamp();
    }

    /// <summary>For the process's own standard error.</summary>
    public static ProgressLine ForConsole(CommandContext context, string name) => new(
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
        lock (gate)
        {
            if (finished) return;
            bool isFirst = !begun;
            begun = true;
            note = VisibleText.OneLine(note);
            TimeSpan? left = timeLeft.After(done, total);
            if (!isFirst && time.GetElapsedTime(lastShown) < (row is null ? PrintEvery : RedrawEvery)) return;
            lastShown = time.GetTimestamp();
            double fraction = total > 0 ? Math.Clamp(done / total, 0, 1) : 0;
            string leftText = left is { } span ? $"{Duration(span)} left" : "";
            if (row is not null)
            {
                Redraw(row.Of(name, fraction, leftText, note));
            }
            // Beginning silently keeps short work from printing more than its last line into a log.
            else if (!isFirst)
            {
                Print(string.Create(
                    CultureInfo.InvariantCulture, $"{name}  {Math.Floor(100 * fraction),3} %{Spaced(leftText)}{Spaced(note)}"));
            }
        }
    }

    /// <summary>Prints a line of its own above the bar, which the next report draws again.</summary>
    public void Note(string text)
    {
        lock (gate)
        {
            if (lineIsOpen) TerminalWriter.WriteDrawn(error, ToStartAndClear);
            error.WriteLine(text);
            error.Flush();
            lineIsOpen = false;
            lastShown = 0;
        }
    }

    /// <summary>Ends the line with how long it took; later reports are ignored.</summary>
    public void Complete(string note = "")
    {
        lock (gate)
        {
            if (finished) return;
            finished = true;
            string text = $"{name}  done in {Duration(time.GetElapsedTime(started))}{Spaced(note)}";
            if (row is not null) TerminalWriter.WriteDrawn(error, ToStartAndClear);
            Print(row is null ? text : row.Of(text));
            lineIsOpen = false;
        }
    }

    /// <summary>Leaves the cursor on a line of its own, so that an error message does not continue the bar.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            finished = true;
            if (!lineIsOpen) return;
            lineIsOpen = false;
            error.WriteLine();
        }
    }

    /// <summary>"0:07", "12:34" or "1:02:03".</summary>
    internal static string Duration(TimeSpan span)
    {
        TimeSpan rounded = TimeSpan.FromSeconds(Math.Round(span.TotalSeconds));
        return rounded.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)rounded.TotalHours}:{rounded.Minutes:00}:{rounded.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{rounded.Minutes}:{rounded.Seconds:00}");
    }

    private void Redraw(string line)
    {
        TerminalWriter.WriteDrawn(error, ToStartAndClear + line);
        error.Flush();
        lineIsOpen = true;
    }

    private void Print(string line)
    {
        error.WriteLine(line);
        error.Flush();
    }

    private static string Spaced(string note) => note.Length > 0 ? "  " + note : "";
}
