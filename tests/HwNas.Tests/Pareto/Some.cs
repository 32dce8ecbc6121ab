using FsCheck;
using FsCheck.Fluent;
using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Tests.Pareto;

/// <summary>Valid test objects in a word.</summary>
internal static class Some
{
    private static readonly Genome AnyGenome = new GenomeSpace([new Gene(GeneKind.Operator, 0, -1, "g", [0, 1])]).Create([0]);

    public static Candidate Candidate(params double[] losses) => Violating(0, losses);

    public static Candidate Violating(double violation, params double[] losses) =>
        new(AnyGenome, [.. losses], [.. losses], violation);

    /// <summary>Up to 40 candidates on a coarse grid, so that ties and duplicates are common; a third exceed limits.</summary>
    public static Arbitrary<Candidate[]> Candidates(int objectives, bool withViolations = false)
    {
        var coordinates = Gen.Choose(0, 12).Select(x => (double)x).ArrayOf(objectives);
        var violations = withViolations ? Gen.Elements(0.0, 0.0, 0.0, 0.0, 1.0, 2.0) : Gen.Constant(0.0);
        var candidate = coordinates.SelectMany(c => violations.Select(v => Violating(v, c)));
        return Gen.Choose(0, 40).SelectMany(n => candidate.ArrayOf(n)).ToArbitrary();
    }

    /// <summary>
    /// Checks a property on 300 random sets of candidates with 2, 3 and 4 objectives; a failure prints the seed.
    /// </summary>
    public static void Check(Func<Candidate[], bool> property, bool withViolations = false)
    {
        foreach (var objectives in (int[])[2, 3, 4])
        {
            FsCheck.Check.One(
                Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Candidates(objectives, withViolations), property));
        }
    }

    public static double[][] Losses(this IEnumerable<Candidate> candidates) => [.. candidates.Select(c => c.Losses.ToArray())];
}
