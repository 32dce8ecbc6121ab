using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.RealData;

namespace HwNas.Benchmarks.Search;

/// <summary>
/// Searches on ridge models of the accuracies and MACs of really measured once-for-all subnets, over all genes but the
/// resolution. Both models add up stage by stage, so the exact front is a sum of the stages' fronts.
/// </summary>
internal sealed class OfaSearch
{
    private static readonly double[] Reference = [70, 600];

    private readonly GenomeSpace _space;
    private readonly GenomeFeatures _features;
    private readonly RidgeModel _accuracyModel;
    private readonly RidgeModel _macsModel;
    private readonly SearchProblem _problem;
    private readonly double _exact;

    public OfaSearch()
    {
        var ofa = MbConvSpace.Load("ofa-mobilenetv3");
        var kept = Enumerable.Range(0, ofa.Genomes.Genes.Length)
            .Where(g => ofa.Genomes.Genes[g].Kind != GeneKind.Resolution).ToArray();
        _space = new GenomeSpace(kept.Select(g => ofa.Genomes.Genes[g]));
        var subnets = DynasT.ReadAll(ofa);
        Genome[] genomes = [.. subnets.Select(s => ofa.Encode(s.Architecture))
            .Select(genome => _space.Create([.. kept.Select(g => (byte)genome[g])]))];
        _features = new GenomeFeatures(_space);
        var design = new RidgeDesign(_features, Array.ConvertAll(genomes, _features.StatesOf));
        _accuracyModel = design.Fit([.. subnets.Select(s => s.Top1Percent)]);
        _macsModel = design.Fit([.. subnets.Select(s => s.Macs / 1e6)]);
        _problem = new SearchProblem(
            _space, "dynas-t ridge",
            [new Metric("accuracy", Direction.Maximize, "%"), new Metric("macs", Direction.Minimize, "M")],
            KnownCosts.None, ["accuracy", "macs"], []);
        var exact = ExactFront();
        _exact = Hypervolume.Of(exact.Select(p => new[] { -p.Accuracy, p.Macs }), [-Reference[0], Reference[1]]);
        ExactFrontSize = exact.Count;
    }

    public int ExactFrontSize { get; }

    public int Genes => _space.Genes.Length;

    /// <summary>The share of the exact hypervolume and the time of the whole search.</summary>
    public (double Share, TimeSpan Elapsed) Run(string strategy, int evaluations, int seed)
    {
        var options = new SearchOptions
        {
            Strategy = strategy,
            Evaluations = evaluations,
            Seed = seed,
            Reference = [.. Reference],
        };
        var result = new SearchRun(_problem, options, (genome, _) => [Accuracy(genome), Macs(genome)], TimeProvider.System).Run();
        return (result.Hypervolume / _exact, result.Elapsed);
    }

    private double Accuracy(Genome genome) => _accuracyModel.Mean(_features.StatesOf(genome));

    private double Macs(Genome genome) => _macsModel.Mean(_features.StatesOf(genome));

    private List<(double Accuracy, double Macs)> ExactFront()
    {
        var origin = _space.Create(new byte[_space.Genes.Length]);
        var (accuracy, macs) = (Accuracy(origin), Macs(origin));
        List<(double Accuracy, double Macs)> sums = [(accuracy, macs)];
        foreach (var stage in _space.Genes.Select(g => g.Stage).Distinct())
        {
            var front = Front(StageGenomes(stage).Select(genome => (Accuracy(genome) - accuracy, Macs(genome) - macs)));
            sums = Front(sums.SelectMany(sum => front.Select(part => (sum.Accuracy + part.Accuracy, sum.Macs + part.Macs))));
        }

        return sums;
    }

    // All networks that differ from the origin in one stage only.
    private IEnumerable<Genome> StageGenomes(int stage)
    {
        var genes = Enumerable.Range(0, _space.Genes.Length).Where(g => _space.Genes[g].Stage == stage).ToArray();
        var part = new GenomeSpace(genes.Select(g => _space.Genes[g]));
        foreach (var genome in part.Enumerate())
        {
            var choices = new byte[_space.Genes.Length];
            for (var i = 0; i < genes.Length; i++)
                choices[genes[i]] = (byte)genome[i];
            yield return _space.Create(choices);
        }
    }

    private static List<(double Accuracy, double Macs)> Front(IEnumerable<(double Accuracy, double Macs)> points)
    {
        var front = new List<(double Accuracy, double Macs)>();
        foreach (var point in points.OrderBy(p => p.Macs).ThenByDescending(p => p.Accuracy))
        {
            if (front.Count == 0 || point.Accuracy > front[^1].Accuracy)
                front.Add(point);
        }

        return front;
    }
}
