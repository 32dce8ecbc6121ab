using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Search.Tables;
using HwNas.Tests.RealData;

namespace HwNas.Benchmarks.Search;

/// <summary>
/// Searches on NAS-Bench-Macro: hypervolume of accuracy and FLOPs relative to the exact front's, up to 80 % and 110 MFLOPs.
/// </summary>
internal sealed class MacroSearch
{
    private static readonly double[] Reference = [80, 110e6];

    private readonly TabularSearch _search;
    private readonly double _exact;

    public MacroSearch()
    {
        _search = new TabularBenchmark(
            CsvTable.Parse(NasBenchMacro.ToCsv(NasBenchMacro.ReadAll()), "nas-bench-macro.csv"), "genome")
            .Search([new Metric("accuracy", Direction.Maximize, "%"), new Metric("flops", Direction.Minimize, "")], [], []);
        _exact = ParetoFront.Of(
            _search.Problem.Space.Enumerate().Select(g => _search.Problem.CandidateOf(g, _search.Evaluate(g, default))))
            .Hypervolume([-Reference[0], Reference[1]]);
    }

    /// <summary>The share of the exact hypervolume, one for each seed.</summary>
    public double[] Shares(string strategy, int evaluations, int[] seeds) =>
        Array.ConvertAll(seeds, seed => Run(strategy, evaluations, seed).Hypervolume / _exact);

    private SearchResult Run(string strategy, int evaluations, int seed) => new SearchRun(
        _search.Problem,
        new SearchOptions { Strategy = strategy, Evaluations = evaluations, Seed = seed, Reference = [.. Reference] },
        _search.Evaluate,
        TimeProvider.System).Run();
}
