using System.CommandLine;
using System.Text.Json.Nodes;
using HwNas.Cli;
using HwNas.Cli.Commands;
using HwNas.Core;
using HwNas.Native.Tests.Reporting;
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
        var front = JsonNode.Parse(Run(
            "--maximize", "Top Acc", "--minimize", "flops,kb", "--limit", "Top Acc=2", "--limit", "kb=3", "--json"))!["front"]!;

        Assert.Equal("10", (string)Assert.Single(front.AsArray())!["genome"]!);
    }

    [Fact]
    public void The_text_names_the_front_and_the_reference() =>
        Assert.Matches(
            @"(?s)genome +Top Acc +flops.*10 +3 +7\.5.*2 on the front of 6.*hypervolume .* up to 0, 10\): 14",
            Run("--maximize", "Top Acc", "--minimize", "flops", "--reference", "flops=10,Top Acc=0"));

    [Fact]
    public void The_front_is_drawn()
    {
        using var folder = new TemporaryFolder();
        var picture = folder.File("front.svg");
        Run("--maximize", "Top Acc", "--minimize", "flops", "--limit", "flops=8", "--plot", picture);

        var svg = new SvgPicture(File.ReadAllText(picture));
        Assert.Contains("t: Top Acc over flops", svg.Texts);
        Assert.Contains("Budget: 8", svg.Texts);
        Assert.Contains("Evaluated (4)", svg.Texts);
    }

    [Theory]
    [InlineData("--plot", "file/front.svg")]
    [InlineData("--plot", "folder.svg")]
    [InlineData("--metrics", "file/course.jsonl")]
    [InlineData("--metrics", "folder.svg")]
    public void A_place_that_cannot_be_written_is_refused_before_anything_is_evaluated(string option, string place)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        Directory.CreateDirectory(folder.File("folder.svg"));
        var error = Assert.Throws<InputException>(() => Run(
            "--maximize", "Top Acc", "--minimize", "flops", "--journal", folder.File("journal"), option, folder.File(place)));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("journal")));
    }

    [Theory]
    [InlineData("'x.gif': pictures are written as .png", "--maximize", "Top Acc", "--minimize", "kb", "--plot", "x.gif")]
    [InlineData("--plot draws 'Top Acc' over a column that is minimised", "--maximize", "Top Acc", "--plot", "x.svg")]
    [InlineData("something to optimise")]
    [InlineData("has no column 'speed'", "--maximize", "speed")]
    [InlineData("--limit 'kb' is not COLUMN=VALUE", "--maximize", "kb", "--limit", "kb")]
    [InlineData("--limit 'kb=1e308' is not COLUMN=VALUE", "--maximize", "kb", "--limit", "kb=1e308")]
    [InlineData("--limit 'kb=3B' is not COLUMN=VALUE", "--maximize", "kb", "--limit", "kb=3B")]
    [InlineData("--reference needs one value for each objective: kb=VALUE", "--maximize", "kb", "--reference", "flops=1")]
    [InlineData("'flops' is neither an objective nor limited", "--maximize", "kb", "--known", "flops")]
    public void Wrong_options_say_what_is_wrong(string problem, params string[] arguments) =>
        Assert.Contains(problem, Assert.Throws<InputException>(() => Run(arguments)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--macs is for a search on a supernet; --benchmark searches a table", "--benchmark", "t.csv", "--macs", "10M")]
    [InlineData("--params is for a search on a supernet", "--benchmark", "t.csv", "--params", "-5")]
    [InlineData("--profile is for a search on a supernet", "--benchmark", "t.csv", "--profile", "nofile.json")]
    [InlineData("--run is for a search on a supernet", "--benchmark", "t.csv", "--run", "runs/x")]
    [InlineData("--limit is for a search on a table, but none is given", "--run", "runs/x", "--limit", "flops=3")]
    [InlineData("--journal is for a search on a table", "--run", "runs/x", "--journal", "j")]
    public async Task Options_of_the_other_kind_of_search_are_refused_not_ignored(string problem, params string[] arguments)
    {
        var error = new StringWriter();
        Assert.Equal(
            ExitCodes.WrongInput,
            await Program.RunAsync(["search", .. arguments], new CommandContext(new StringWriter(), error, TimeProvider.System)));
        Assert.Contains(problem, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_have_one_syntax_and_names_with_commas_are_quoted()
    {
        const string Quoted = "arch,\"acc, top 1\",flops\n00,1,2e7\n01,2,40e6\n";
        var front = JsonNode.Parse(RunOn(
            Quoted, new StringWriter(), "--maximize", "\"acc, top 1\",flops", "--limit", "\"flops\"=30M", "--limit",
            "\"acc, top 1\"=1.5", "--json"))!["front"]!;
        Assert.Equal("""[{"genome":"01","objectives":{"acc, top 1":2,"flops":40000000}}]""", front.ToJsonString());
    }

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
        Assert.StartsWith(
            "{\"evaluations\":6,\"front_size\":1,\"hypervolume\":5,\"elapsed_seconds\":", first[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Genomes_without_a_row_are_said_so()
    {
        var error = new StringWriter();
        Run(error, "--maximize", "kb");

        Assert.Contains(
            "2 of the 6 evaluated genomes have no row: the table holds 4 of 6 combinations.",
            error.ToString(), StringComparison.Ordinal);
    }

    private static string Run(params string[] arguments) => Run(new StringWriter(), arguments);

    private static string Run(StringWriter error, params string[] arguments) => RunOn(Table, error, arguments);

    private static string RunOn(string csv, StringWriter error, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.csv"), csv);
        var (strategy, evaluations, seed, json) = (
            new Option<string>("--strategy"), new Option<int>("--evaluations"), new Option<int>("--seed"),
            new Option<bool>("--json"));
        var finish = new Option<double?>("--finish");
        var options = new SearchBenchmarkOptions(strategy, evaluations, seed, json, finish);
        var command = new RootCommand { strategy, evaluations, seed, json, finish };
        foreach (var option in options.All)
            command.Add(option);
        var parsed = command.Parse(
            ["--benchmark", folder.File("t.csv"), "--genome", "arch", "--evaluations", "10", "--seed", "1", .. arguments]);
        Assert.Empty(parsed.Errors);
        Assert.True(options.IsGiven(parsed));
        var output = new StringWriter();
        Assert.Equal(
            ExitCodes.Done, options.Run(parsed, new CommandContext(output, error, TimeProvider.System), CancellationToken.None));
        return output.ToString();
    }
}
