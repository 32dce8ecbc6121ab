using BenchmarkDotNet.Running;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Search;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.RealData;
using HwNas.Tests.Search;

namespace HwNas.Benchmarks.Search;

/// <summary>Everything that issue 4 asks of the search engine, measured by one command.</summary>
internal sealed class SearchGoals(SearchScale scale, TextWriter output)
{
    private static readonly double[] TableGoals = [0.992, 0.998, 0.999];

    private readonly GoalReport _report = new(output);

    public void Run(string command, string path, TimeProvider time)
    {
        var started = time.GetUtcNow();
        ExactCosts();
        Table();
        var ofa = new OfaSearch();
        Ofa(ofa);
        Budgets();
        Rates(ofa);
        Predictors();
        if (scale.TimesGenomeCost)
            GenomeCost();
        _report.Line("");
        _report.Line(
            "That a killed search continues to the same front and evaluates nothing twice is a test: "
            + "`./test.sh --filter KilledSearch`.");
        AtomicFile.WriteText(path, _report.ToText("The search engine against what was asked for", command, started));
    }

    /// <summary>Only how searches under budgets do.</summary>
    public void RunBudgets(string command, string path, TimeProvider time)
    {
        var started = time.GetUtcNow();
        Budgets();
        AtomicFile.WriteText(path, _report.ToText("Searches under budgets", command, started));
    }

    private void ExactCosts()
    {
        var space = MbConvSpace.Load("ofa-mobilenetv3");
        var subnets = DynasT.ReadAll(space);
        var exact = subnets.Count(subnet => NetworkCost.Of(space.PlanOf(subnet.Architecture)) is var cost
            && (cost.Macs, cost.Params) == (subnet.Macs, subnet.Params));
        _report.Goal(
            "MACs and parameters of the subnets of `dynas-t`",
            "all exact", $"{exact} of {subnets.Length}", exact == subnets.Length);
    }

    private void Table()
    {
        var macro = new MacroSearch();
        _report.Line("");
        _report.Line($"## NAS-Bench-Macro, accuracy and FLOPs, neither known before");
        _report.Line("");
        _report.Line(
            "Share of the exact front's hypervolume up to 80 % and 110 MFLOPs: mean (least) over the seeds. "
            + "The seeds from 0 are those that the strategy was tuned on.");
        _report.Line("");
        _report.Line($"| strategy | seeds | {string.Join(" | ", scale.TableEvaluations)} evaluations |");
        _report.Line($"|---|---|{string.Concat(scale.TableEvaluations.Select(_ => "---|"))}");
        foreach (var seeds in scale.TableSeeds)
        {
            var means = TableRow(macro, SearchStrategies.DefaultForFewEvaluations, seeds);
            for (var i = 0; i < means.Length; i++)
            {
                _report.Goal(
                    $"NAS-Bench-Macro, `{SearchStrategies.DefaultForFewEvaluations}`, {scale.TableEvaluations[i]} evaluations, "
                    + $"seeds {seeds[0]} to {seeds[^1]}",
                    FormattableString.Invariant($"{TableGoals[i]}"), $"{means[i]:0.0000}", means[i] >= TableGoals[i]);
            }
        }

        foreach (var strategy in SearchStrategies.All.Where(s => s.Name != SearchStrategies.DefaultForFewEvaluations))
            TableRow(macro, strategy.Name, scale.OtherTableSeeds);
    }

    private double[] TableRow(MacroSearch macro, string strategy, int[] seeds)
    {
        var shares = Array.ConvertAll(scale.TableEvaluations, evaluations => macro.Shares(strategy, evaluations, seeds));
        var cells = shares.Select(s => FormattableString.Invariant($"{s.Average():0.0000} ({s.Min():0.0000})"));
        _report.Line($"| {strategy} | {seeds[0]} to {seeds[^1]} | {string.Join(" | ", cells)} |");
        return Array.ConvertAll(shares, s => s.Average());
    }

    private void Ofa(OfaSearch ofa)
    {
        _report.Line("");
        _report.Line($"## Ridge models of once-for-all subnets, {ofa.Genes} genes, {scale.OfaEvaluations} evaluations");
        _report.Line("");
        _report.Line(
            $"Share of the exact hypervolume (its front has {ofa.ExactFrontSize} points) up to 70 % and 600 M, "
            + $"seeds {scale.OfaSeeds[0]} to {scale.OfaSeeds[^1]}. Accuracy and MACs come to light by evaluating only.");
        _report.Line($"Bayesian optimisation is for hundreds of evaluations and is not measured here.");
        _report.Line("");
        _report.Line($"| strategy | mean | least | seconds for each search |");
        _report.Line($"|---|---|---|---|");
        var best = 0.0;
        foreach (var strategy in SearchStrategies.All.Where(s => s.Name != "bayesian"))
        {
            var runs = Array.ConvertAll(scale.OfaSeeds, seed => ofa.Run(strategy.Name, scale.OfaEvaluations, seed));
            var mean = runs.Average(r => r.Share);
            best = Math.Max(best, mean);
            _report.Line(
                $"| {strategy.Name} | {mean:0.0000} | {runs.Min(r => r.Share):0.0000} "
                + $"| {runs.Average(r => r.Elapsed.TotalSeconds):0.0} |");
            if (strategy.Name is SearchStrategies.Default or "nsga2")
            {
                _report.Goal(
                    $"Ridge models of `dynas-t`, `{strategy.Name}`, {scale.OfaEvaluations} evaluations",
                    "0.975", $"{mean:0.0000}", mean >= 0.975);
            }
        }
    }

    private void Budgets()
    {
        _report.Line("");
        _report.Line(
            $"## Budgets, {scale.BudgetEvaluations} evaluations, seeds {scale.BudgetSeeds[0]} to {scale.BudgetSeeds[^1]}");
        _report.Line("");
        _report.Line(
            "The most accurate network within a budget: of a fresh search under it, and of what the same search without a "
            + "budget evaluates; means over the seeds.");
        _report.Line(
            "And of a run that was searched before without a budget: after as many evaluations more under the budget, and "
            + "without. Both begin with what the first search found, so that the answer is never worse than what was known.");
        _report.Line("");
        _report.Line(
            "| problem | strategy | budget | without | under it | gain | seeds worse "
            + "| same run: known | without | under it | gain | seeds worse |");
        _report.Line($"|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var problem in new[]
        {
            BudgetProblem.MadeUp(Machine.Root()), BudgetProblem.Macro(), BudgetProblem.NasBench201(),
        })
        {
            foreach (var strategy in new[] { SearchStrategies.Default, "nsga2", SearchStrategies.DefaultForFewEvaluations })
            {
                var fresh = problem.Compare(strategy, scale.BudgetEvaluations, scale.BudgetSeeds).ToList();
                var sameRun = problem.CompareInOneRun(strategy, scale.BudgetEvaluations, scale.BudgetSeeds).ToList();
                foreach (var (group, same) in fresh.GroupBy(a => (a.Metric, a.Budget))
                    .Zip(sameRun.GroupBy(a => (a.Metric, a.Budget))))
                {
                    _report.Line(
                        $"| {problem.Name} | {strategy} | {group.Key.Metric} ≤ {group.Key.Budget:G4} {Cells(group)} "
                        + $"| {same.Average(a => a.Known):0.00} {Cells(same)} |");
                }

                BudgetGoal($"Budgets, {problem.Name}, `{strategy}`, gain at equal evaluations", fresh);
                BudgetGoal($"Budgets, {problem.Name}, `{strategy}`, the same in a run that was searched", sameRun);
            }
        }
    }

    private static string Cells(IEnumerable<BudgetAnswers> answers) => FormattableString.Invariant(
        $"| {answers.Average(a => a.WithoutBudget):0.00} | {answers.Average(a => a.UnderBudget):0.00} ")
        + FormattableString.Invariant($"| {answers.Average(a => a.Gain):+0.00;-0.00} | {answers.Count(a => a.Gain < 0)}");

    private void BudgetGoal(string what, List<BudgetAnswers> answers)
    {
        var (gain, lost) = (answers.Average(a => a.Gain), answers.Count(a => a.UnderBudget < a.Known));
        _report.Goal(
            what, "at least 0 points, never less than was known",
            $"{gain:+0.00;-0.00}, worse in {answers.Count(a => a.Gain < 0)} of {answers.Count}, less than was known in {lost}",
            gain >= 0 && lost == 0);
    }

    private void Rates(OfaSearch ofa)
    {
        // By the clock and by the processor's time, which says what one core does while others share the machine.
        var rates = Enumerable.Range(0, scale.RateRepeats).Select(seed =>
        {
            var before = Environment.CpuUsage.TotalTime;
            var elapsed = ofa.Run("nsga2", scale.RateEvaluations, seed).Elapsed;
            return (
                Clock: scale.RateEvaluations / elapsed.TotalSeconds,
                Processor: scale.RateEvaluations / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }).ToList();
        var (clock, processor) = (rates.Max(r => r.Clock), rates.Max(r => r.Processor));
        _report.Goal(
            "NSGA-II, population 100, whole loop, table look-ups, one core", "150,000 candidates/s",
            $"{clock:N0} by the clock, {processor:N0} by processor time (best of {rates.Count} runs; "
            + $"least {rates.Min(r => r.Clock):N0})",
            clock >= 150_000);

        var loop = ofa.Run("surrogate-loop", scale.LoopEvaluations, seed: 1).Elapsed.TotalMilliseconds / scale.LoopEvaluations;
        _report.Goal(
            $"Surrogate loop, overhead over {scale.LoopEvaluations} evaluations",
            "below 5 ms for each", $"{loop:0.00} ms", loop < 5);
    }

    private void Predictors()
    {
        var reports = new PredictorQuality().Measure(200, scale.PredictorSeeds);
        var (tau, rmse) = (reports.Average(r => r.KendallTau), reports.Average(r => r.RmsePoints));
        _report.Goal(
            "Predictor of `dynas-t`, 200 for training, 400 held out", "τ ≥ 0.90, RMSE ≤ 0.21",
            $"τ {tau:0.000}, RMSE {rmse:0.000} ({scale.PredictorSeeds} seeds; "
            + $"MACs alone {reports.Average(r => r.MacsKendallTau):0.000}, {reports.Average(r => r.MacsRmsePoints):0.00})",
            tau >= 0.9 && rmse <= 0.21);
    }

    private void GenomeCost()
    {
        var timed = BenchmarkRunner.Run<GenomeCostBenchmark>().Reports
            .Single(r => r.BenchmarkCase.Parameters[nameof(GenomeCostBenchmark.Space)] is "bignas");
        var rate = 1e9 / timed.ResultStatistics!.Mean;
        var allocated = timed.GcStats.GetBytesAllocatedPerOperation(timed.BenchmarkCase);
        _report.Goal(
            "Genome to MACs, parameters and latency, `bignas`, one core",
            "1,000,000/s, nothing allocated", $"{rate:N0}/s, {allocated} bytes", rate >= 1e6 && allocated == 0);
    }
}
