using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HwNas.Cli.Reporting;

/// <summary>
/// Name, bar, percentage, time left and a note in one line of a terminal. Where that is narrow the bar gives way first,
/// then the end of the note; nothing wraps.
/// </summary>
/// <param name="columns">The width of the terminal.</param>
/// <param name="colors">Which colours it has; found out by default, NO_COLOR included.</param>
internal sealed class ProgressRow(int columns, ColorSystemSupport colors = ColorSystemSupport.Detect)
{
    private const int WidestBar = 24, NarrowestBar = 10;
    private const string Gap = "  ";

    // A line as wide as the terminal would wrap, and could not be redrawn.
    private readonly int _columns = columns - 1;

    /// <summary>The line while the work goes on.</summary>
    public string Of(string name, double fraction, string timeLeft, string note)
    {
        var percent = string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * fraction),3} %");
        var figures = timeLeft.Length > 0 ? percent + Gap + timeLeft : percent;
        var free = _columns - name.Length - figures.Length - Gap.Length;
        var bar = Math.Clamp(free - 2 * Gap.Length - note.Length, NarrowestBar, WidestBar);
        if (bar + Gap.Length > free)
            bar = 0;
        else
            free -= bar + Gap.Length;
        var shown = Cut(note, free - Gap.Length);
        return Drawn(console =>
        {
            console.Write(new Text(name + Gap));
            if (bar > 0)
            {
                var task = new ProgressTask(0, name, maxValue: 1) { Value = fraction };
                console.Write(new ProgressBarColumn { Width = bar }.Render(RenderOptions.Create(console), task, TimeSpan.Zero));
                console.Write(new Text(Gap));
            }

            console.Write(new Text(figures));
            if (shown.Length > 0)
                console.Write(new Text(Gap + shown, new Style(Color.Grey)));
        });
    }

    /// <summary>The line that stays.</summary>
    public string Of(string text) => Cut(text, _columns);

    /// <summary>At most so many characters, cut between words, or parts of an id or a path, where there are any.</summary>
    internal static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        if (length < 2)
            return "";
        var whole = text[..length];
        int[] ends = [whole.LastIndexOf(' '), whole[..^1].LastIndexOfAny(['-', '_', '/', '.']) + 1, length - 1];
        return whole[..ends.First(end => end > length / 2 || end == length - 1)].TrimEnd(' ', ',') + "…";
    }

    private string Drawn(Action<IAnsiConsole> draw)
    {
        using var buffer = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(buffer),
        });
        console.Profile.Width = _columns + 1;
        console.Profile.Capabilities.Unicode = true;
        draw(console);
        return buffer.ToString();
    }
}
