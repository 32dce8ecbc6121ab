using HwNas.Core.Search;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>The best model under a budget, as a user asks for it after a search.</summary>
[Collection(ShortQuickstart.Collection)]
public sealed class BestTests(ShortQuickstart quickstart)
{
    [Fact]
    public void The_answer_keeps_the_budgets_and_was_measured_and_is_no_worse_than_what_the_search_had()
    {
        using var run = quickstart.Copy();
        Tool.RunWell(run.Path, "best", "--run", ".", "--macs", "2M", "--latency-us", "1000", "--evaluations", "1");
        var best = BestFile.Read(run.File("searches/front/best.json"));
        var front = FrontFile.Read(run.File("searches/front/front.json"));

        Assert.False(best.PredictedOnly);
        Assert.All(best.Subnets, subnet => Assert.True(subnet.Macs <= 2_000_000 && subnet.Top1Percent is not null));
        Assert.Equal(best.Chosen, best.Subnets.MaxBy(subnet => subnet.Top1Percent)!.Id);
        Assert.True(best.Subnets[0].Top1Percent >= front.Subnets.Where(s => s.Macs <= 2_000_000).Max(s => s.Top1Percent));

        var exported = Tool.RunWell(run.Path, "export", "--run", ".", "--subnet", "best", "--out", "best.onnx");
        Assert.Contains("best.onnx", exported.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_measuring_the_answer_is_marked_as_predicted_and_cannot_be_exported_unless_it_was_measured_before()
    {
        using var run = quickstart.Copy();
        var result = Tool.RunWell(run.Path, "best", "--run", ".", "--macs", "1.7M", "--evaluations", "0");
        var best = BestFile.Read(run.File("searches/front/best.json"));

        Assert.Equal(best.Subnets[0].Top1Percent is null, best.PredictedOnly);
        Assert.Equal(best.PredictedOnly, result.Output.Contains("PREDICTED", StringComparison.Ordinal));
        Assert.Contains("MACs alone", result.Output, StringComparison.Ordinal);
        Assert.Equal(best.PredictedOnly ? 2 : 0, Tool.Run(run.Path, "export", "--run", ".", "--subnet", "best").ExitCode);
    }

    [Fact]
    public void A_front_of_an_older_version_is_refused_by_name_and_told_how_to_make_it_anew()
    {
        using var run = quickstart.Copy();
        var front = run.File("searches/front/front.json");
        File.WriteAllText(
            front, File.ReadAllText(front).Replace(FrontFile.CurrentSchema, "hwnas/front/2", StringComparison.Ordinal));
        var result = Tool.Run(run.Path, "best", "--run", ".", "--macs", "2M", "--evaluations", "0");

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("hwnas/front/2", result.Error, StringComparison.Ordinal);
        Assert.Contains("Search again", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_and_best_begin_with_all_that_the_run_knows_and_evaluate_nothing_twice()
    {
        using var run = quickstart.Copy();
        var before = FrontFile.Read(run.File("searches/front/front.json")).Subnets;
        var best = before.Where(s => s.Macs <= 2_000_000).Max(s => s.Top1Percent);
        Assert.Equal(before.Length, Evaluations(run));

        var result = Tool.RunWell(
            run.Path, "search", "--run", ".", "--macs", "2M", "--strategy", "nsga2", "--evaluations", "4", "--seed", "5");
        Assert.Contains($"begins with {before.Length} evaluations", result.Error, StringComparison.Ordinal);
        var front = FrontFile.Read(run.File("searches/macs-2M/front.json"));
        Assert.Equal((before.Length + 4, before.Length + 4), (front.Subnets.Length, Evaluations(run)));
        Assert.All(
            before, subnet => Assert.Contains(front.Subnets, s => s.Id == subnet.Id && s.Top1Percent == subnet.Top1Percent));
        Assert.True(front.Subnets.Single(s => s.Id == front.Chosen) is { Macs: <= 2_000_000 } chosen
            && chosen.Top1Percent >= best);

        // What the last best measured is known to the next, whatever its search has seen.
        Tool.RunWell(run.Path, "best", "--run", ".", "--macs", "1.9M", "--evaluations", "2");
        var kept = Evaluations(run);
        var measured = BestFile.Read(run.File("searches/macs-2M/best.json")).Subnets.Max(s => s.Top1Percent)!.Value;
        Assert.InRange(kept, front.Subnets.Length, front.Subnets.Length + 2);
        Tool.RunWell(run.Path, "best", "--run", ".", "--macs", "2M", "--evaluations", "0");
        Assert.Equal(kept, Evaluations(run));
        Assert.True(BestFile.Read(run.File("searches/macs-2M/best.json")).Subnets.Max(s => s.Top1Percent) >= measured);
    }

    [Fact]
    public void Budgets_that_exclude_each_other_exit_with_3_and_name_each()
    {
        using var run = quickstart.Copy();
        var result = Tool.Run(run.Path, "best", "--run", ".", "--macs", "1k", "--params", "5k", "--latency-us", "1000");

        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("macs <= 1000: networks of the space reach", result.Error, StringComparison.Ordinal);
        Assert.Contains("params <= 5000: networks of the space reach", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_search_is_wrong_input()
    {
        using var run = quickstart.Copy();
        File.Delete(run.File("searches/front/front.json"));
        var result = Tool.Run(run.Path, "best", "--run", ".", "--macs", "1M");

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("front.json", result.Error, StringComparison.Ordinal);
    }

    private static int Evaluations(TemporaryFolder run) => File.ReadAllLines(run.File("evaluations.jsonl")).Length - 1;
}
