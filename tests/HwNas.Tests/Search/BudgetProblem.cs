using System.Collections.Immutable;
using HwNas.Core.Devices;
using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Search.Tables;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.RealData;

namespace HwNas.Tests.Search;

/// <summary>
/// A problem with accuracy to measure and two known costs, each of which three budgets limit: a
/// tight, a middling and a loose one.
/// </summary>
/// <param name="Name">What it is.</param>
/// <param name="Costs">The limited costs with their budgets.</param>
/// <param name="Create">The problem of accuracy over a cost, within limits.</param>
/// <param name="Evaluate">Looks a network up.</param>
internal sealed record BudgetProblem(
    string Name, (string Metric, double[] Budgets)[] Costs, Func<string, Limit[], SearchProblem> Create,
    GenomeEvaluation Evaluate)
{
    // Supernets train the smallest and the largest network at every step; what lies between them inherits worse weights, so
    // that no path of ever better networks leads from the small ones to the large ones.
    private const double InheritedLoss = 8;

    // Where the budgets lie between the least and the greatest cost of the space.
    private static readonly double[] Shares = [0.15, 0.4, 0.7];

    /// <summary>
    /// The space of the quickstart with its latencies on a measured device, and a made-up accuracy: every gene adds to
    /// a quality in which accuracy saturates, as it does in cost, and each network has its own luck.
    /// </summary>
    public static BudgetProblem MadeUp(string repository)
    {
        var space = MbConvSpace.Load("fashion-mnist");
        var latencies = LatencyTable.For(DeviceProfile.Read(Path.Combine(repository, "device-profiles", "epyc.json")), space);
        var table = GenomeCostTable.Build(space, latencies.LayerUs);
        var known = new KnownCosts(
            [new Metric("macs", Direction.Minimize, "MACs"), new Metric("latency_us", Direction.Minimize, "µs")],
            (choices, costs) =>
            {
                Span<double> layers = stackalloc double[1];
                costs[0] = table.Evaluate(choices, layers).Macs;
                costs[1] = latencies.FromLayersUs(layers[0]).MedianUs;
            });
        double[] macs = [table.MacsRange.Least, table.MacsRange.Most];
        double[] us =
        [
            latencies.FromLayersUs(table.BlockCostRanges[0].Least).MedianUs,
            latencies.FromLayersUs(table.BlockCostRanges[0].Most).MedianUs,
        ];
        return new BudgetProblem(
            "made-up accuracy, fashion-mnist space, epyc", [("macs", Between(macs)), ("latency_us", Between(us))],
            (cost, limits) => new SearchProblem(
                space.Genomes, space.Hash, [new Metric("accuracy", Direction.Maximize, "%")], known, ["accuracy", cost], limits),
            (genome, _) => [Accuracy(space.Genomes, genome)]);
    }

    /// <summary>NAS-Bench-Macro: CIFAR-10 accuracy, FLOPs and parameters of 6,561 trained networks.</summary>
    public static BudgetProblem Macro() => Of(
        "NAS-Bench-Macro",
        new TabularBenchmark(CsvTable.Parse(NasBenchMacro.ToCsv(NasBenchMacro.ReadAll()), "nas-bench-macro.csv"), "genome"),
        "accuracy", ["flops", "params"]);

    /// <summary>NAS-Bench-201: CIFAR-10 accuracy of 15,625 trained cells, and their latency on an edge GPU and an FPGA.</summary>
    public static BudgetProblem NasBench201() => Of(
        "NAS-Bench-201",
        new TabularBenchmark(
            CsvTable.Parse(SharedData.Unzip("nas-bench-201/nas-bench-201-cifar10-12-epochs.csv.gz"), "nas-bench-201.csv"),
            "genome"),
        "cifar10_valid_12_epochs", ["edgegpu_ms", "fpga_ms"]);

    /// <summary>
    /// For each cost, budget and seed the answer of a fresh search under the budget, and the best within it that the same
    /// search without a budget evaluates.
    /// </summary>
    public IEnumerable<BudgetAnswers> Compare(string strategy, int evaluations, int[] seeds) =>
        from cost in Costs
        from seed in seeds
        from answers in Compare(cost.Metric, cost.Budgets, strategy, evaluations, seed, known: [])
        select answers;

    /// <summary>
    /// The same in a run that was searched before: a search without a budget comes first, and both the one under the budget
    /// and the one that goes on without begin with what that found.
    /// </summary>
    public IEnumerable<BudgetAnswers> CompareInOneRun(string strategy, int evaluations, int[] seeds) =>
        from cost in Costs
        from seed in seeds
        let known = Search(cost.Metric, [], strategy, evaluations, seed, known: []).Evaluated
        from answers in Compare(cost.Metric, cost.Budgets, strategy, evaluations, seed + 1_000, known)
        select answers;

    private IEnumerable<BudgetAnswers> Compare(
        string metric, double[] budgets, string strategy, int evaluations, int seed, ImmutableArray<Candidate> known)
    {
        var index = Create(metric, []).MetricOf(metric);
        var without = Search(metric, [], strategy, evaluations, seed, known).Evaluated;
        foreach (var budget in budgets)
        {
            double BestOf(IEnumerable<Candidate> candidates) => candidates
                .Where(c => !c.IsInvalid && c.Metrics[index] <= budget)
                .Select(c => c.Metrics[0])
                .DefaultIfEmpty(0).Max();
            var under = Search(metric, [new Limit(metric, LimitKind.AtMost, budget)], strategy, evaluations, seed, known);
            yield return new BudgetAnswers(
                metric, budget, seed, BestOf(known), BestOf([.. known, .. without]), under.Front.Max(c => c.Metrics[0]));
        }
    }

    private SearchResult Search(
        string metric, Limit[] limits, string strategy, int evaluations, int seed, ImmutableArray<Candidate> known) =>
        new SearchRun(
        Create(metric, limits), SearchOptions.Of(evaluations, strategy) with { Seed = seed }, Evaluate, TimeProvider.System,
        known: known.Select(c => new Evaluation(c.Genome, c.IsInvalid ? null : [c.Metrics[0]]))).Run();

    private static BudgetProblem Of(string name, TabularBenchmark table, string accuracy, string[] costs)
    {
        TabularSearch Search(string cost, Limit[] limits) => table.Search(
            [new Metric(accuracy, Direction.Maximize, "%"), new Metric(cost, Direction.Minimize, "")], [cost], limits);
        var problems = costs.ToDictionary(cost => cost, cost => Search(cost, []));
        return new BudgetProblem(
            name,
            [.. costs.Select(cost => (cost, Between(
                [.. table.Space.Enumerate().Select(genome => problems[cost].Problem.CandidateOf(genome, [0]).Metrics[1])])))],
            (cost, limits) => limits.Length == 0 ? problems[cost].Problem : Search(cost, limits).Problem,
            problems[costs[0]].Evaluate);
    }

    private static double[] Between(double[] values) =>
        Array.ConvertAll(Shares, share => values.Min() + (share * (values.Max() - values.Min())));

    private static double Accuracy(GenomeSpace space, Genome genome)
    {
        var (quality, size) = (0.0, 0.0);
        for (var gene = 0; gene < genome.Length; gene++)
        {
            // What a gene brings does not follow what it costs: that is what makes a search worth while.
            var weight = 0.2 + new Random(gene).NextDouble();
            var level = space.IsActive(genome.Choices, gene) ? (double)genome[gene] / (space.Genes[gene].Choices.Length - 1) : 0;
            (quality, size) = (quality + (weight * level), size + (level / genome.Length));
        }

        var luck = new Random(genome.Choices.ToArray().Aggregate(17, (hash, choice) => (hash * 31) + choice)).NextDouble() - 0.5;
        return 92 - (6 * Math.Exp(-quality / 4)) - (InheritedLoss * size * (1 - size)) + (0.5 * luck);
    }
}

/// <summary>
/// Accuracies within a budget: of what was known before, and with equally many evaluations more, without the budget and under it.
/// </summary>
internal sealed record BudgetAnswers(
    string Metric, double Budget, int Seed, double Known, double WithoutBudget, double UnderBudget)
{
    public double Gain => UnderBudget - WithoutBudget;
}
