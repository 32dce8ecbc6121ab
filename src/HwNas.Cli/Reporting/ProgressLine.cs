using System.Globalization;

namespace HwNas.Cli.Reporting;

/// <summary>
/// The progress of one long piece of work: a bar with the time left that is redrawn in place on a terminal, and an
/// occasional line where the output goes to a file or a pipe. Safe to report to from any thread.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private const int BarWidth = 24;
    private const string ToStartAndClear = "\r\e[2K";
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(100), PrintEvery = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly TextWriter error;
    private readonly TimeProvider time;
    private readonly bool isTerminal;
    private readonly int terminalColumns;
    private readonly string name;
    private readonly long started;
    private long lastShown, firstReported;
    private double? firstDone;
    private bool lineIsOpen, finished;

    /// <param name="error">Where messages go; standard output is for results.</param>
    /// <param name="time">The clock.</param>
    /// <param name="name">What is being done, in a word: "train".</param>
    /// <param name="terminalColumns">The width of the terminal, or null where the output is not one.</param>
    public ProgressLine(TextWriter error, TimeProvider time, string name, int? terminalColumns)
    {
        (this.error, this.time, this.name) = (error, time, name);
        (isTerminal, this.terminalColumns) = (terminalColumns is not null, Math.Max(20, terminalColumns ?? 0));
        started = time.GetTimestamp();
    }

    /// <summary>For the process's own standard error.</summary>
    public static ProgressLine ForConsole(CommandContext context, string name) => new(
        context.Error, context.Time, name, !ReferenceEquals(context.Error, Console.Error) || Console.IsErrorRedirected ? null : ConsoleColumns());

    /// <summary>One of several at once, which cannot all be redrawn in place: an occasional line.</summary>
    public static ProgressLine ForLog(CommandContext context, string name) => new(context.Error, context.Time, name, terminalColumns: null);

    /// <summary>Says how much is done; the first report sets where the rate is counted from, so that a resumed run tells its time right.</summary>
    public void Report(double done, double total, string note = "")
    {
        lock (gate)
        {
            if (finished) return;
            bool isFirst = firstDone is null;
            if (isFirst) (firstDone, firstReported) = (done, time.GetTimestamp());
            TimeSpan sinceShown = time.GetElapsedTime(lastShown);
            if (!isFirst && sinceShown < (isTerminal ? RedrawEvery : PrintEvery)) return;
            // Beginning silently keeps short work from printing more than its last line into a log.
            if (isFirst && !isTerminal)
            {
                lastShown = time.GetTimestamp();
                return;
            }
            Show(Describe(done, total, note), close: false);
        }
    }

    /// <summary>Prints a line of its own above the bar, which the next report draws again.</summary>
    public void Note(string text)
    {
        lock (gate)
        {
            error.WriteLine(lineIsOpen ? ToStartAndClear + text : text);
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
            Show($"{name}  done in {Duration(time.GetElapsedTime(started))}{Spaced(note)}", close: true);
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

    private string Describe(double done, double total, string note)
    {
        double fraction = total > 0 ? Math.Clamp(done / total, 0, 1) : 0;
        string bar = isTerminal ? $"{new string('━', (int)(fraction * BarWidth)).PadRight(BarWidth, '·')}  " : "";
        string percent = string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * fraction),3} %");
        return $"{name}  {bar}{percent}{Left(done, total)}{Spaced(note)}";
    }

    private string Left(double done, double total)
    {
        TimeSpan elapsed = time.GetElapsedTime(firstReported);
        double doneHere = done - firstDone!.Value;
        // Too early to tell: the first rate may be ten times off.
        if (doneHere <= 0 || elapsed < TimeSpan.FromSeconds(1) || done >= total) return "";
        double seconds = elapsed.TotalSeconds * (total - done) / doneHere;
        return seconds < TimeSpan.FromDays(99).TotalSeconds ? $"  {Duration(TimeSpan.FromSeconds(seconds))} left" : "";
    }

    private void Show(string text, bool close)
    {
        lastShown = time.GetTimestamp();
        if (!isTerminal)
        {
            error.WriteLine(text);
            error.Flush();
            return;
        }
        // A line as wide as the terminal would wrap, and could not be redrawn.
        if (text.Length > terminalColumns - 1) text = text[..(terminalColumns - 1)];
        error.Write(ToStartAndClear + text + (close ? Environment.NewLine : ""));
        error.Flush();
        lineIsOpen = !close;
    }

    private static string Spaced(string note) => note.Length > 0 ? "  " + note : "";

    private static int ConsoleColumns()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
