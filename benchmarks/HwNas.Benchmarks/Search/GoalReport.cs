using System.Text;

namespace HwNas.Benchmarks.Search;

/// <summary>A report that begins with what was asked for and what was reached, and goes on with how it was measured.</summary>
/// <param name="output">Hears of every line as soon as it is known.</param>
internal sealed class GoalReport(TextWriter output)
{
    private readonly StringBuilder _goals = new();
    private readonly StringBuilder _details = new();

    /// <summary>What was asked for beside what was measured.</summary>
    public void Goal(string what, string asked, string measured, bool isReached)
    {
        var row = $"| {what} | {asked} | {measured} | {(isReached ? "yes" : "**no**")} |\n";
        _goals.Append(row);
        output.Write(row);
    }

    /// <summary>A line of the details.</summary>
    public void Line(string line)
    {
        _details.Append(line).Append('\n');
        output.WriteLine(line);
    }

    /// <summary>The whole report, as Markdown.</summary>
    public string ToText(string title, string command, DateTimeOffset started) => $"""
        # {title}

        Made by `{command}` on {started:yyyy-MM-dd}: {Machine.Conditions()}. Rates hang on what else the machine does.

        | what | asked for | measured | reached |
        |---|---|---|---|
        {_goals}{_details}
        """;
}
