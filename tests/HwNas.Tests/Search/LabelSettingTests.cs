using FsCheck;
using FsCheck.Fluent;
using HwNas.Core.Metrics;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.Search.Exact;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.RealData;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Search;

public sealed class LabelSettingTests
{
    private static readonly Enumerated[] Spaces =
    [
        .. new ISearchSpace[] { SmallSpaces.PerStage, SmallSpaces.PerBlock, SmallCells.Residual }.Select(Enumerated.Of),
    ];

    [Fact]
    public void The_optimum_of_a_linear_function_is_that_of_all_networks_under_any_mix_of_limits() => CheckMany((space, random) =>
    {
        var (table, all) = space;
        Limit[] limits =
        [
            .. table.Metrics.Select((metric, index) => new Limit(
                metric.Name, LimitKind.AtMost, all[random.Next(all.Length)].Costs[index] * (1 + (random.NextDouble() / 100))))
                .Where(_ => random.Next(2) == 0),
        ];
        var staged = StagedSpace.Of(table.Costs.Space.Genomes, AdditiveLimits.Of(table, limits)!)!;
        var function = Any(staged, random);
        bool Keeps(double[] costs) =>
            limits.All(limit => costs[table.Metrics.IndexOf(table.Metrics.First(m => m.Name == limit.Metric))] <= limit.Bound);
        var within = all.Where(network => Keeps(network.Costs)).Select(network => network.Genome).ToList();

        var found = new LabelSetting(staged).Maximum(function);
        var relaxed = new LabelSetting(staged).Maximum(function, isExact: false);

        if (within.Count == 0)
        {
            Assert.Null(found.Genome);
            return;
        }

        var best = within.Max(genome => ValueOf(staged, function, genome));
        Assert.Equal(best, found.Value, 9);
        Assert.Equal(best, found.Bound, 9);
        Assert.Equal(best, ValueOf(staged, function, found.Genome!), 9);
        Assert.Contains(found.Genome, within);
        Assert.True(relaxed.Bound >= best - 1e-9);
    });

    [Fact]
    public void The_front_of_a_linear_function_and_a_sum_is_that_of_all_networks() => CheckMany((space, random) =>
    {
        var (table, all) = space;
        var staged = StagedSpace.Of(table.Costs.Space.Genomes, AdditiveLimits.Of(table, [], CountMetrics.Macs.Name)!)!;
        var function = Any(staged, random);
        (double Macs, double Value) Point(Genome genome, double macs) => (macs, Math.Round(ValueOf(staged, function, genome), 9));

        var expected = new List<(double Macs, double Value)>();
        foreach (var point in all.Select(network => Point(network.Genome, network.Costs[0]))
            .OrderBy(point => point.Macs).ThenByDescending(point => point.Value))
        {
            if (expected.Count == 0 || point.Value > expected[^1].Value)
                expected.Add(point);
        }

        Assert.Equal(
            expected, new LabelSetting(staged).Front(function)!.Select(g => Point(g, table.Of(g)[CountMetrics.Macs.Name])));
    });

    [SharedDataFact]
    public void Ridge_on_published_subnets_has_an_exact_optimum_and_front()
    {
        var space = MbConvSpace.Load("ofa-mobilenetv3").At([224]);
        var subnets = DynasT.ReadAll(MbConvSpace.Load("ofa-mobilenetv3"));
        var features = new GenomeFeatures(space.Genomes);
        var ridge = RidgeModel.Fit(
            features, [.. subnets.Select(s => features.StatesOf(space.Encode(s.Architecture)))],
            [.. subnets.Select(s => s.Top1Percent)]);
        var table = new MetricTable(space, [new CountMetrics()]);
        Limit[] limits =
        [
            new("macs", LimitKind.AtMost, 300e6), new("params", LimitKind.AtMost, 5.2e6),
            new("peak_activation_bytes", LimitKind.AtMost, 4.2e6),
        ];
        var known = subnets.Where(subnet => subnet.Macs <= 300e6 && subnet.Params <= 5.2e6)
            .Max(subnet => ridge.Mean(features.StatesOf(space.Encode(subnet.Architecture))));

        var optima = Enumerable.Range(0, limits.Length + 1)
            .Select(count => new LabelSetting(StagedSpace.Of(space.Genomes, AdditiveLimits.Of(table, limits[..count])!)!))
            .Select(labels => labels.Maximum(ridge.Function))
            .ToList();
        var front = new LabelSetting(StagedSpace.Of(space.Genomes, AdditiveLimits.Of(table, [], "macs")!)!)
            .Front(ridge.Function)!;

        Assert.All(optima, optimum => Assert.Equal(optimum.Value, optimum.Bound, 9));
        Assert.Equal(optima.OrderByDescending(optimum => optimum.Value), optima);
        Assert.True(optima[2].Value >= known);
        Assert.InRange(front.Count, 1000, 1200);
        Assert.Contains(optima[1].Genome, front);
    }

    private static LinearFunction Any(StagedSpace staged, Random random) => new(
        random.NextDouble(), [.. Enumerable.Range(0, staged.Features.Count).Select(_ => random.NextDouble() - 0.3)]);

    private static double ValueOf(StagedSpace staged, LinearFunction function, Genome genome) =>
        function.Offset + staged.Features.OnesOf(staged.Features.StatesOf(genome)).Sum(one => function.Effects[one]);

    private static void CheckMany(Action<Enumerated, Random> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(30),
        Prop.ForAll(
            Gen.Elements(Spaces).SelectMany(space => Gen.Choose(0, int.MaxValue).Select(seed => (space, seed))).ToArbitrary(),
            pair => property(pair.space, new Random(pair.seed))));

    // A space with all of its networks.
    private sealed record Enumerated(MetricTable Table, (Genome Genome, double[] Costs)[] All)
    {
        public static Enumerated Of(ISearchSpace space)
        {
            var table = new MetricTable(space, [new CountMetrics()]);
            return new Enumerated(table, [.. space.Genomes.Enumerate().Select(genome =>
            {
                var costs = new double[table.Metrics.Length];
                table.Compute(genome.Choices, costs);
                return (genome, costs);
            })]);
        }
    }
}
