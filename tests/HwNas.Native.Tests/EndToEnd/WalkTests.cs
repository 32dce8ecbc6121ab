using System.Diagnostics;
using HwNas.Core.Search;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>
/// The first hour of a new user: the README's commands as they stand there, in order, in a terminal of 80 columns, beside another
/// busy process. None fails, no line wraps, and no answer under a budget is worse than what was known.
/// </summary>
[Collection(ShortQuickstart.Collection)]
public sealed class WalkTests(ShortQuickstart quickstart)
{
    private const int Columns = 80;
    private const double Macs = 1e6;

    [Fact]
    public async Task The_commands_of_the_README_lead_from_one_to_the_next()
    {
        using var folder = quickstart.Copy("runs/quickstart");
        // It leaves the other tests their processor.
        using var busy = Process.Start("nice", ["-n", "19", "sh", "-c", "while :; do :; done"]);
        try
        {
            // What was searched meanwhile must not stand in quickstart's way.
            Tool.RunWell(folder.Path, "search", "--params", "90k", "--strategy", "random", "--evaluations", "1");
            foreach (var command in DocumentedCommand.Of(Path.Combine(Repository.Root, "README.md"), excluded: ["./test.sh"]))
            {
                await Run(command, folder);

                // As the walk goes on with a run of its own, of which nothing is known yet: the same on the known one.
                if (command.Text.Contains(" search ", StringComparison.Ordinal))
                    await Run(new DocumentedCommand("./hwnas search --run runs/quickstart --macs 1M", ExitCode: 0), folder);
            }
        }
        finally
        {
            busy.Kill();
        }
    }

    private static async Task Run(DocumentedCommand command, TemporaryFolder folder)
    {
        var words = command.Text.Split(' ');
        var run = Array.IndexOf(words, "--run") is > 0 and var at
            ? new RunFolder(folder.File(words[at + 1]))
            : RunFolder.In(folder.File("runs"))[0];
        var known = KnownWithin(run);
        var result = await command.Run(folder.Path, Columns);
        Assert.All(
            TerminalText.Lines(result.Output),
            line => Assert.True(line.Length <= Columns, $"{command.Text}: '{line}' has {line.Length} columns."));

        if (command.Text.Contains("--macs 1M", StringComparison.Ordinal))
            Assert.True(Answer(run) >= known, $"{command.Text}: {Answer(run)} %, but {known} % was known.");
    }

    private static double KnownWithin(RunFolder run) => run.Searches()
        .SelectMany(search => search.ReadFront().Subnets)
        .Where(subnet => subnet.Macs <= Macs)
        .Select(subnet => subnet.Top1Percent)
        .DefaultIfEmpty(0).Max();

    // What was written last: a front, or an answer beside one.
    private static double Answer(RunFolder run)
    {
        var file = run.Searches().SelectMany(search => new[] { search.Front, search.Best })
            .Where(File.Exists).MaxBy(File.GetLastWriteTimeUtc)!;
        if (Path.GetFileName(file) == "best.json")
            return BestFile.Read(file).Subnets[0].Top1Percent!.Value;
        var front = FrontFile.Read(file);
        return front.Subnets.Single(subnet => subnet.Id == front.Chosen).Top1Percent;
    }
}
