using System.Globalization;
using HwNas.Core;
using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Search.Tables;
using HwNas.Tests.RealData;

namespace HwNas.Tests.Search.Tables;

public sealed class TabularBenchmarkTests
{
    private static readonly Metric Accuracy = new("acc", Direction.Maximize, "");
    private static readonly Metric Flops = new("flops", Direction.Minimize, "");

    [Fact]
    public void Genes_take_the_values_that_occur_and_fixed_places_have_none()
    {
        var table = Table("arch,acc,flops\n10-3-0,1,9\n2-3-1,2,8\n10-3-1,3,7\n");

        Assert.Equal([[2, 10], [0, 1]], table.Space.Genes.Select(g => g.Choices.ToArray()));
        Assert.Equal("10-3-1", table.TextOf(table.Space.Parse("11")));
    }

    [Fact]
    public void Missing_rows_are_invalid_networks()
    {
        var search = Table("arch,acc,flops\n00,1,9\n01,2,8\n10,3,7\n").Search([Accuracy, Flops], [], []);

        Assert.Equal([3, 7], search.Evaluate(search.Problem.Space.Parse("10"), default)!);
        Assert.Null(search.Evaluate(search.Problem.Space.Parse("11"), default));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("bayesian")]
    [InlineData("nsga2")]
    [InlineData("surrogate-loop")]
    public void In_a_table_with_few_of_all_rows_draws_are_rows(string strategy)
    {
        // 60 of a million genomes of six digits.
        var random = new Random(1);
        var genomes = Enumerable.Range(0, 60)
            .Select(i => (i % 10).ToString(CultureInfo.InvariantCulture)
                + random.Next(100_000).ToString("D5", CultureInfo.InvariantCulture)).Distinct().ToList();
        var table = Table("arch,acc,flops\n"
            + string.Concat(genomes.Select((genome, i) => $"{genome},{genome.Sum(digit => digit)},{i}\n")));
        var search = table.Search([Accuracy, Flops], [], []);

        Assert.Equal(genomes.Count, search.Problem.Listed.Length);
        var result = new SearchRun(
            search.Problem,
            new SearchOptions { Strategy = strategy, Evaluations = 40, Seed = 1 },
            search.Evaluate, TimeProvider.System).Run();
        Assert.True(result.Front.Count > 1);
        Assert.Empty(Table("arch,acc,flops\n00,1,9\n01,2,8\n10,3,7\n").Search([Accuracy, Flops], [], []).Problem.Listed);
    }

    [Fact]
    public void Known_columns_are_costs_and_rule_out_missing_rows()
    {
        var problem = Table("arch,acc,flops\n00,1,9\n01,2,8\n10,3,7\n")
            .Search([Accuracy, Flops], ["flops"], [new Limit("flops", LimitKind.AtMost, 8)]).Problem;

        Assert.Equal(Accuracy, Assert.Single(problem.Measured));
        Assert.Equal(["01", "10"], problem.Space.Enumerate().Where(problem.KeepsKnownLimits).Select(g => g.ToString()));
    }

    [Theory]
    [InlineData("nsga2", 0)]
    [InlineData("random", 3)]
    public void A_search_that_sees_everything_finds_the_front_of_the_table(string strategy, int seed)
    {
        var search = Table("arch,acc,flops\n00,1,9\n01,2,8\n10,3,7\n20,1,1\n").Search([Accuracy, Flops], [], []);
        var options = new SearchOptions { Strategy = strategy, Evaluations = 6, Seed = seed, Reference = [0, 10] };
        var result = TestProblem.Run(search.Problem, options, search.Evaluate);

        Assert.Equal(["10", "20"], result.Front.Select(c => c.Genome.ToString()).Order());
        Assert.Equal((3 * 3) + (1 * 6), result.Hypervolume);
        Assert.Equal(6, result.Evaluated.Length);
    }

    [Theory]
    [InlineData("arch,acc\n00,1\n0a,2\n", "line 3: '0a' in column 'arch' is no genome")]
    [InlineData("arch,acc\n00,1\n012,2\n", "line 3: the genome '012' has 3 genes, the first 2")]
    [InlineData(
        "arch,acc\n00,1\n01,2\n00,3\n",
        "line 4: the genome '00' of line 2 again, with other figures; average them with --repeats average")]
    [InlineData("arch,acc\n00,1\n", "holds one genome only")]
    [InlineData("arch,acc\n", "has no rows")]
    [InlineData("arch,acc\n00,1\n01,good\n", "line 3: 'good' in column 'acc' is no number")]
    [InlineData("arch;acc\n00;1\n01;2,5\n", "line 3: '2,5' in column 'acc' is no number; write fractions with a point")]
    [InlineData(
        "arch,acc\n00,1\n01,1e308\n",
        "line 3: '1e308' in column 'acc' is beyond 1E+30; leave the field empty where there is no figure")]
    [InlineData("arch,acc\n00,1\n01,-Infinity\n", "line 3: '-Infinity' in column 'acc' is beyond")]
    [InlineData("arch,acc\n00,\n01,nan\n", "no row has a figure in each of acc")]
    [InlineData("arch,other\n00,1\n01,2\n", "has no column 'acc'; it has arch, other")]
    [InlineData("name,acc\n00,1\n01,2\n", "has no column 'arch'")]
    public void Wrong_tables_are_refused_with_file_and_line(string text, string problem) =>
        Assert.Contains(
            problem,
            Assert.Throws<InputException>(() => Table(text).Search([Accuracy], [], [])).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("nan")]
    [InlineData("")]
    [InlineData(" NaN ")]
    public void A_row_without_a_figure_is_an_invalid_network_and_that_is_said(string missing)
    {
        var search = Table($"arch,acc,flops\n00,1,9\n01,{missing},8\n10,2,7\n11,3,{missing}\n")
            .Search([Accuracy, Flops], ["flops"], []);
        Assert.Equal(["2 rows lack a figure (the first: line 3); they are no networks."], search.Notices.AsEnumerable());
        Assert.Null(search.Evaluate(search.Problem.Space.Parse("01"), default));
        Assert.Null(search.Evaluate(search.Problem.Space.Parse("11"), default));
        Assert.Equal([2], search.Evaluate(search.Problem.Space.Parse("10"), default)!);
    }

    [Fact]
    public void Rows_that_repeat_a_genome_count_once_or_are_averaged_where_that_is_asked_for()
    {
        // As logs of searches have them: dates differ, figures do not.
        var log = "arch,date,acc\n00,monday,1\n01,monday,2\n00,tuesday,1\n";
        var search = Table(log).Search([Accuracy], [], []);
        Assert.Equal([1], search.Evaluate(search.Problem.Space.Parse("0"), default)!);
        Assert.Equal("1 genome has several rows: those with equal figures count once.", Assert.Single(search.Notices));

        var differing = new TabularBenchmark(CsvTable.Parse(log + "00,wednesday,4\n", "t.csv"), "arch", RepeatedRows.Average)
            .Search([Accuracy], [], []);
        Assert.Equal([2], differing.Evaluate(differing.Problem.Space.Parse("0"), default)!);
        Assert.Contains("1 genome has the mean of different ones", Assert.Single(differing.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_that_no_row_keeps_say_what_the_rows_reach()
    {
        var table = Table("arch,acc,flops\n00,1,9\n01,2,8\n");
        var error = Assert.Throws<InfeasibleBudgetException>(() => table.Search(
            [Accuracy, Flops], [], [new Limit("acc", LimitKind.AtLeast, 2), new Limit("flops", LimitKind.AtMost, 7)]));

        Assert.Contains("acc >= 2: rows reach 1 to 2; 1 of 2 keep it", error.Message, StringComparison.Ordinal);
        Assert.Contains("flops <= 7: rows reach 8 to 9; 0 of 2 keep it", error.Message, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void Nas_bench_macro_has_the_published_front()
    {
        var search = new TabularBenchmark(CsvTable.Parse(NasBenchMacro.ToCsv(NasBenchMacro.ReadAll()), "macro.csv"), "genome")
            .Search([Accuracy with { Name = "accuracy" }, Flops], [], []);
        var front = ParetoFront.Of(
            search.Problem.Space.Enumerate().Select(g => search.Problem.CandidateOf(g, search.Evaluate(g, default))));

        // 66 networks are non-dominated. Many are the same network (a skip that changes places with its neighbour);
        // 35 differ in their figures.
        Assert.Equal(35, front.Count);
        Assert.Equal(93.127, Math.Round(front[0].Metrics[0], 3));
        Assert.Equal(front[0].Metrics, search.Evaluate(search.Problem.Space.Parse("22212220"), default)!.AsEnumerable());
        Assert.Equal(
            [81.37, 89.38, 91.51, 92.57, 93.08],
            new[] { 20e6, 30e6, 40e6, 60e6, 80e6 }
                .Select(limit => Math.Round(front.Where(c => c.Metrics[1] < limit).Max(c => c.Metrics[0]), 2)));
    }

    private static TabularBenchmark Table(string text) => new(CsvTable.Parse(text, "t.csv"), "arch");
}
