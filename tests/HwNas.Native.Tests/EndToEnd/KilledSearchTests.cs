using System.Text.Json.Nodes;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

public sealed class KilledSearchTests
{
    [Theory]
    [InlineData("nsga2", 3_000)]
    [InlineData("bayesian", 80)]
    public void A_search_killed_at_any_moment_continues_to_the_same_front_and_evaluates_nothing_twice(string strategy, int evaluations)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.csv"), Table());
        string[] search =
        [
            "search", "--benchmark", "t.csv", "--genome", "arch", "--maximize", "acc", "--minimize", "cost", "--strategy", strategy,
            "--evaluations", $"{evaluations}", "--seed", "3", "--reference", "acc=0,cost=100", "--json",
        ];
        var expected = Front(Tool.RunWell(folder.Path, search).Output);
        var random = new Random(7);

        // Kills at random moments; the last run gets through.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var process = Tool.Start(folder.Path, [.. search, "--journal", "journal"]);
            if (!process.WaitForExit(TimeSpan.FromMilliseconds(random.Next(150, 900))))
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        Assert.Equal(expected, Front(Tool.RunWell(folder.Path, [.. search, "--journal", "journal"]).Output));
        var genomes = File.ReadLines(folder.File("journal")).Skip(1).Select(line => (string)JsonNode.Parse(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])!["genome"]!).ToList();
        Assert.Equal((evaluations, evaluations), (genomes.Count, genomes.Distinct().Count()));
    }

    // Six genes of four choices: costs add up, and what they bring saturates.
    private static string Table()
    {
        var rows = Enumerable.Range(0, 4096).Select(number =>
        {
            var genes = Enumerable.Range(0, 6).Select(place => (number >> (2 * place)) & 3).ToArray();
            var size = genes.Select((choice, place) => choice * (1 + (place % 3))).Sum();
            var quality = genes.Select((choice, place) => choice * (1 + (place * 5 % 4))).Sum();
            return FormattableString.Invariant($"{string.Concat(genes)},{100 * (1 - Math.Exp(-quality / 15.0)):R},{size}\n");
        });
        return string.Concat(rows.Prepend("arch,acc,cost\n"));
    }

    private static string Front(string json)
    {
        var document = JsonNode.Parse(json)!;
        return $"{document["front"]!.ToJsonString()} {document["hypervolume"]!.ToJsonString()}";
    }
}
