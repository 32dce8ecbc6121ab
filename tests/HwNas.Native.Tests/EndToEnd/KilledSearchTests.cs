using System.Text.Json.Nodes;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

public sealed class KilledSearchTests
{
    private const int Kills = 6;

    [Theory]
    [InlineData("surrogate-loop", 600)]
    [InlineData("bayesian", 80)]
    public void A_search_killed_at_any_moment_continues_to_the_same_front_and_evaluates_nothing_twice(
        string strategy, int evaluations)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.csv"), Table());
        string[] search =
        [
            "search", "--benchmark", "t.csv", "--genome", "arch", "--maximize", "acc", "--minimize", "cost", "--strategy",
            strategy,
            "--evaluations", $"{evaluations}", "--seed", "3", "--reference", "acc=0,cost=100", "--json",
        ];
        var expected = Front(Tool.RunWell(folder.Path, search).Output);

        // Each run is killed once the journal has grown to a random length, beyond that of the kill before.
        var random = new Random(7);
        var kept = new List<int>();
        for (var (kill, bytes) = (0, 0.0); kill < Kills; kill++)
        {
            bytes = RunUntil(folder, search, bytes) * (1 + (0.5 * random.NextDouble()));
            kept.Add(Genomes(folder).Count);
        }

        Assert.True(
            kept.Exists(count => count > 0 && count < evaluations),
            $"No kill came in time; the journal held {string.Join(", ", kept)} evaluations.");
        Assert.Equal(expected, Front(Tool.RunWell(folder.Path, [.. search, "--journal", "journal"]).Output));
        var genomes = Genomes(folder);
        Assert.Equal((evaluations, evaluations), (genomes.Count, genomes.Distinct().Count()));
    }

    private static long RunUntil(TemporaryFolder folder, string[] search, double bytes)
    {
        var journal = new FileInfo(folder.File("journal"));
        using var process = Tool.Start(folder.Path, [.. search, "--journal", "journal"]);
        while (!process.HasExited && (!journal.Exists || journal.Length <= bytes))
        {
            Thread.Sleep(1);
            journal.Refresh();
        }

        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        journal.Refresh();
        return journal.Length;
    }

    // The last record may be torn; it does not count.
    private static List<string> Genomes(TemporaryFolder folder)
    {
        var text = File.ReadAllText(folder.File("journal"));
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => (string)JsonNode.Parse(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])!["genome"]!),
        ];
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
