using System.CommandLine;
using System.Text.Json.Nodes;
using HwNas.Cli;
using HwNas.Cli.Commands;
using HwNas.Core;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Commands;

public sealed class SearchBenchmarkTests
{
    private const string Table = "arch,Top Acc,flops,kb\n00,1,9,5\n01,2,8,4\n10,3,7.5,3\n20,1,1,2\n";

    [Fact]
    public void The_JSON_holds_front_hypervolume_evaluations_and_seconds_and_nothing_else()
    {
        var output = Run("--maximize", "Top Acc", "--minimize", "flops", "--reference", "flops=10,Top Acc=0", "--json");
        var document = JsonNode.Parse(output)!.AsObject();

        Assert.Equal(["front", "hypervolume", "evaluations", "seconds"], document.Select(p => p.Key));
        Assert.Equal(
            """[{"genome":"10","objectives":{"Top Acc":3,"flops":7.5}},{"genome":"20","objectives":{"Top Acc":1,"flops":1}}]""",
            document["front"]!.ToJsonString());
        Assert.Equal((3 * 2.5) + 6.5, (double)document["hypervolume"]!);
        Assert.Equal(6, (int)document["evaluations"]!);
        Assert.True((double)document["seconds"]! >= 0);
    }

    [Fact]
    public void Limits_bound_the_front()
    {
        var front = JsonNode.Parse(Run("--maximize", "Top Acc", "--minimize", "flops,kb", "--limit", "Top Acc=2", "--limit", "kb=3", "--json"))!["front"]!;

        Assert.Equal("10", (string)Assert.Single(front.AsArray())!["genome"]!);
    }

    [Fact]
    public void The_text_names_the_front_and_the_reference() =>
        Assert.Matches(@"(?s)genome +Top Acc +flops.*10 +3 +7\.5.*2 on the front of 6.*hypervolume 14 up to 0, 10", Run("--maximize", "Top Acc", "--minimize", "flops", "--reference", "flops=10,Top Acc=0"));

    [Theory]
    [InlineData("something to optimise")]
    [InlineData("has no column 'speed'", "--maximize", "speed")]
    [InlineData("--limit 'kb' is not COLUMN=VALUE", "--maximize", "kb", "--limit", "kb")]
    [InlineData("--reference needs one value for each objective: kb=VALUE", "--maximize", "kb", "--reference", "flops=1")]
    [InlineData("'flops' is neither an objective nor limited", "--maximize", "kb", "--known", "flops")]
    public void Wrong_options_say_what_is_wrong(string problem, params string[] arguments) =>
        Assert.Contains(problem, Assert.Throws<InputException>(() => Run(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_journal_continues_a_search()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["--maximize", "kb", "--journal", folder.File("j"), "--json"];
        var first = JsonNode.Parse(Run(arguments))!["front"]!.ToJsonString();

        Assert.Equal(first, JsonNode.Parse(Run(arguments))!["front"]!.ToJsonString());
        Assert.Equal(1 + 6, File.ReadAllLines(folder.File("j")).Length);
    }

    [Fact]
    public void The_course_of_the_search_is_kept_and_a_new_search_begins_it_anew()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["--maximize", "kb", "--reference", "kb=0", "--metrics", folder.File("m")];
        Run(arguments);
        var first = File.ReadAllLines(folder.File("m"));
        Run(arguments);

        Assert.Equal(first.Length, File.ReadAllLines(folder.File("m")).Length);
        Assert.StartsWith("{\"evaluations\":6,\"front_size\":1,\"hypervolume\":5,\"elapsed_seconds\":", first[^1], StringComparison.Ordinal);
    }

    private static string Run(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.csv"), Table);
        var (strategy, evaluations, seed, json) = (new Option<string>("--strategy"), new Option<int>("--evaluations"), new Option<int>("--seed"), new Option<bool>("--json"));
        var finish = new Option<double?>("--finish");
        var options = new SearchBenchmarkOptions(strategy, evaluations, seed, json, finish);
        var command = new RootCommand { strategy, evaluations, seed, json, finish };
        foreach (var option in options.All)
            command.Add(option);
        var parsed = command.Parse(["--benchmark", folder.File("t.csv"), "--genome", "arch", "--evaluations", "10", "--seed", "1", .. arguments]);
        Assert.Empty(parsed.Errors);
        Assert.True(options.IsGiven(parsed));
        var output = new StringWriter();
        Assert.Equal(ExitCodes.Done, options.Run(parsed, new CommandContext(output, new StringWriter(), TimeProvider.System), CancellationToken.None));
        return output.ToString();
    }
}
