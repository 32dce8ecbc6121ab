using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Devices.Coverage;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Core.Statistics;

namespace HwNas.Tests.Devices;

public sealed class CoverageTests
{
    private static readonly MbConvSpace Space = MbConvSpace.Load("fashion-mnist");
    private static readonly IReadOnlyList<Block> Layers = Space.DistinctBlocks();

    [Fact]
    public void Whatever_the_count_all_other_layers_can_be_predicted()
    {
        var least = CoverageDesign.LeastLayers(Layers);
        foreach (var count in new[] { least, least + 1, 100, 200, Layers.Count, 2 * Layers.Count })
        {
            var chosen = CoverageDesign.Choose(Layers, new HashSet<string>(), _ => 1, count);
            Assert.Equal(Math.Min(count, Layers.Count), chosen.Count);
            Assert.Equal(chosen.Count, chosen.Distinct().Count());
            var model = LayerTimeModel.Fit(chosen.Select(layer => new TimedLayer(layer, 5)));
            Assert.All(Layers.Except(chosen), layer => Assert.True(model.Covers(layer)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => CoverageDesign.Choose(Layers, new HashSet<string>(), _ => 1, least - 1));
    }

    [Fact]
    public void What_is_measured_is_not_chosen_again_and_more_is_chosen_where_the_model_errs()
    {
        var first = CoverageDesign.Choose(Layers, new HashSet<string>(), _ => 1, 100);
        var measured = first.Select(layer => layer.LatencyKey).ToHashSet();
        var more = CoverageDesign.Choose(
            Layers, measured,
            layer => layer.Find("depthwise") is { Operation: Convolution { Kernel: 5, Stride: 2 } } ? 0.3 : 0.001,
            130);
        Assert.Empty(more.Intersect(first));
        Assert.InRange(more.Count, 15, 45);
        Assert.True(
            more.Count(layer => layer.Find("depthwise") is { Operation: Convolution { Kernel: 5, Stride: 2 } }) > more.Count / 2);
    }

    [Fact]
    public void The_extremes_of_a_group_are_measured_first()
    {
        var chosen = CoverageDesign.Choose(Layers, new HashSet<string>(), _ => 1, CoverageDesign.LeastLayers(Layers)).ToHashSet();
        foreach (var group in Layers.GroupBy(LayerGroup.Of))
        {
            Assert.Contains(group.MinBy(Work)!, chosen);
            Assert.Contains(group.MaxBy(Work)!, chosen);
        }

        static double Work(Block layer) => LayerGroup.TermsOf(layer).Sum(term => Math.Log(term));
    }

    [Fact]
    public void Times_that_are_sums_of_work_are_predicted_and_others_show_in_the_error()
    {
        static double Us(Block layer) => 3 + (layer.Macs / 2e4);
        var chosen = CoverageDesign.Choose(Layers, new HashSet<string>(), _ => 1, 80);
        var exact = LayerTimeModel.Fit(chosen.Select(layer => new TimedLayer(layer, Us(layer))));
        Assert.All(
            Layers,
            layer => Assert.Equal(Us(layer), exact.Covers(layer) ? exact.Predict(layer).Us : Us(layer), 0.01 * Us(layer)));

        var random = new Random(1);
        var noisy = LayerTimeModel.Fit(
            chosen.Select(layer => new TimedLayer(layer, Us(layer) * (0.8 + (0.4 * random.NextDouble())))));
        var errors = Layers.Where(noisy.Covers).Select(layer => noisy.Predict(layer).RelativeError).Distinct().ToList();
        Assert.InRange(errors.Average(), 0.08, 0.4);
    }

    [Fact]
    public void A_layer_of_another_kind_is_refused_by_name()
    {
        var model = LayerTimeModel.Fit(Layers.Where(layer => layer.Name != "head").Select(layer => new TimedLayer(layer, 5)));
        Assert.Contains(
            "head-", Assert.Throws<InputException>(() => model.Predict(Layers[^1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_that_fill_blocks_otherwise_are_another_group()
    {
        var ofa = MbConvSpace.Load("ofa-mobilenetv3").DistinctBlocks();
        foreach (var group in ofa.GroupBy(LayerGroup.Of))
        {
            Assert.Single(group.Select(layer => string.Join(
                ' ', layer.Nodes.Select(node => node.Operation).OfType<Convolution>().Select(conv => (conv.Kernel, conv.Stride))))
                .Distinct());
            Assert.Single(group.Select(layer => layer.Output.Channels % 16 == 0).Distinct());
        }
    }

    [Fact]
    public void Least_squares_without_negative_coefficients_beats_every_neighbour()
    {
        var problems = from rows in Gen.Choose(-20, 20).Select(v => v / 4.0).ArrayOf(3).ListOf(8)
                       from targets in Gen.Choose(-20, 20).Select(v => v / 4.0).ListOf(8)
                       select (rows, targets);
        Check.One(Config.QuickThrowOnFailure.WithReplay(11, 13), Prop.ForAll(problems.ToArbitrary(), problem =>
        {
            var x = NonNegativeLeastSquares.Solve([.. problem.rows], [.. problem.targets]);
            var best = Error(problem, x);
            return x.All(value => value >= 0) && Enumerable.Range(0, 3).All(k => new[] { -0.01, 0.01 }.All(step =>
            {
                double[] other = [.. x];
                other[k] = Math.Max(0, other[k] + step);
                return Error(problem, other) >= best - 1e-6;
            }));
        }));

        static double Error((IEnumerable<double[]> Rows, IEnumerable<double> Targets) problem, double[] x) =>
            problem.Rows.Zip(problem.Targets, (row, target) => row.Zip(x).Sum(pair => pair.First * pair.Second) - target)
                .Sum(error => error * error);
    }
}
