using System.CommandLine;
using HwNas.Cli;
using HwNas.Cli.Commands;
using HwNas.Cli.Reporting;

namespace HwNas.Native.Tests.Commands;

public sealed class HelpTests
{
    public static TheoryData<string> Paths =>
        [.. PathsBelow(HwNasCommand.Create(new CommandContext(TextWriter.Null, TextWriter.Null, TimeProvider.System)), "")];

    [Fact]
    public async Task Help_fits_a_terminal_of_80_by_24()
    {
        var lines = (await Help("", columns: 80)).TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 15, 24);
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_command_shows_examples_and_defaults_as_one_types_them(string path)
    {
        var help = await Help(path, columns: 400);
        Assert.Contains($"Examples:\n    hwnas {path}", help.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("[default: ]", help, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\[default: [A-Z]|<[A-Z][a-z]+[0-9]*\|", help);

        // An example is typed or copied as it stands: no terminal of 80 columns breaks one.
        var narrow = (await Help(path, columns: 80)).Split('\n').Select(line => line.TrimEnd()).ToHashSet();
        var examples = help.Split('\n').Select(line => line.TrimEnd())
            .Where(line => line.StartsWith("    hwnas ", StringComparison.Ordinal));
        Assert.All(examples, example => Assert.Contains(example, narrow));
    }

    private static IEnumerable<string> PathsBelow(Command command, string path) =>
        command.Subcommands.SelectMany(sub => PathsBelow(sub, $"{path}{sub.Name} ").Prepend($"{path}{sub.Name}"));

    private static async Task<string> Help(string path, int columns)
    {
        using var output = new StringWriter();
        var context = new CommandContext(output, TextWriter.Null, TimeProvider.System) { Screen = new Screen(columns) };
        Assert.Equal(0, await Program.RunAsync([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], context));
        return output.ToString();
    }
}
