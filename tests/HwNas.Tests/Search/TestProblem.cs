using System.Collections.Immutable;
using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Search;

/// <summary>
/// A space of 11,907 networks whose true front is known by enumeration: one resolution gene and three stages of up to
/// two blocks. Cost adds up; accuracy saturates with it and has a quirk, so that greedy choices are not always right.
/// </summary>
internal static class TestProblem
{
    public static readonly Metric Accuracy = new("accuracy", Direction.Maximize, "%");
    public static readonly Metric Macs = new("macs", Direction.Minimize, "M");
    public static readonly Metric Params = new("params", Direction.Minimize, "K");

    public static GenomeSpace Space { get; } = new(Genes());

    public static SearchProblem Create(params Limit[] limits) => new(
        Space, "a-space", [Accuracy], new KnownCosts([Macs, Params], Costs), ["accuracy", "macs"], limits);

    /// <summary>The same problem with other objectives, its costs from named sources.</summary>
    public static SearchProblem Create(IEnumerable<string> objectives, params string[] sources) => new(
        Space, "a-space", [Accuracy], new KnownCosts([Macs, Params], Costs, sources: sources), objectives, []);

    /// <summary>The same problem where nothing is known without evaluation, as in a table.</summary>
    public static SearchProblem CreateUnknown(params Limit[] limits) => new(
        Space, "a-space", [Accuracy, Macs], KnownCosts.None, ["accuracy", "macs"], limits);

    public static double[] Evaluate(Genome genome, CancellationToken cancellation) => [AccuracyOf(genome.Choices)];

    public static double[] EvaluateUnknown(Genome genome, CancellationToken cancellation)
    {
        var costs = new double[2];
        Costs(genome.Choices, costs);
        return [AccuracyOf(genome.Choices), costs[0]];
    }

    public static ParetoFront TrueFront(SearchProblem problem) =>
        ParetoFront.Of(Space.Enumerate().Select(g => problem.CandidateOf(g, Evaluate(g, default))));

    public static SearchResult Run(
        SearchProblem problem, SearchOptions options, GenomeEvaluation? evaluate = null, EvaluationJournal? journal = null) =>
        new SearchRun(problem, options, evaluate ?? Evaluate, TimeProvider.System, journal).Run();

    public static string Describe(this IEnumerable<Candidate> candidates) =>
        string.Join('\n', candidates.Select(c => $"{c.Genome} {string.Join(' ', c.Metrics)}"));

    private static void Costs(ReadOnlySpan<byte> choices, Span<double> costs)
    {
        var size = 0.0;
        for (var gene = 1; gene < choices.Length; gene++)
            size += Space.IsActive(choices, gene) ? 1 + (choices[gene] * (1 + (gene % 3))) : 0;
        costs[0] = size * (4 + choices[0]);
        costs[1] = size * 2;
    }

    private static double AccuracyOf(ReadOnlySpan<byte> choices)
    {
        var quality = 1.5 * choices[0];
        for (var gene = 1; gene < choices.Length; gene++)
            quality += choices[gene] * (1 + (gene * 7 % 5));
        var quirk = choices[1] == choices[6] ? 2.0 : 0;
        return 60 + (35 * (1 - Math.Exp(-(quality + quirk) / 12)));
    }

    private static IEnumerable<Gene> Genes()
    {
        yield return new Gene(GeneKind.Resolution, -1, -1, "resolution", [16, 20, 24, 28, 32, 40, 48]);
        for (var stage = 0; stage < 3; stage++)
        {
            yield return new Gene(GeneKind.Depth, stage, -1, $"s{stage}.depth", [1, 2]);
            ImmutableArray<int> kernels = [3, 5, 7];
            yield return new Gene(GeneKind.Kernel, stage, 0, $"s{stage}.0.kernel", kernels);
            yield return new Gene(GeneKind.Kernel, stage, 1, $"s{stage}.1.kernel", kernels);
        }
    }
}
