using HwNas.Core.Pareto;
using HwNas.Core.Search;
using HwNas.Core.Search.Strategies;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Search.Strategies;

public sealed class ProgressiveBeamTests
{
    private const int Evaluations = 200;

    private static readonly GenomeSpace Space = MbConvSpace.Load("attentive-nas").Genomes;

    [Fact]
    public void Genes_are_unfrozen_in_order_resolution_and_depth_then_width_then_kernel_and_expansion()
    {
        var batches = Batches();

        // A third of the evaluations for each of the three levels.
        Assert.Equal([GeneKind.Resolution, GeneKind.Depth], Moved(batches, from: 0, to: Evaluations / 3));
        Assert.Equal([GeneKind.Resolution, GeneKind.Width, GeneKind.Depth], Moved(batches, from: 0, to: 2 * Evaluations / 3));
        Assert.Equal(
            [GeneKind.Resolution, GeneKind.Width, GeneKind.Depth, GeneKind.Kernel, GeneKind.Expansion],
            Moved(batches, from: 0, to: Evaluations));
    }

    [Fact]
    public void No_more_than_the_beam_promises_is_evaluated_at_once() =>
        Assert.All(Batches(), batch => Assert.InRange(batch.Count, 1, 16));

    [Fact]
    public void Expansions_change_at_most_three_genes_of_one_of_the_best()
    {
        var batches = Batches();
        foreach (var (index, batch) in batches.Index().Skip(1))
        {
            var known = batches.Take(index).SelectMany(b => b).ToList();
            var best = new CrowdedOrder(known).Best(Math.Min(32, known.Count)).ConvertAll(i => known[i].Genome);
            Assert.All(batch, child => Assert.Contains(best, parent => Changes(parent, child.Genome) <= 3));
        }
    }

    private static List<List<Candidate>> Batches()
    {
        var problem = new SearchProblem(
            Space, "s", [TestProblem.Accuracy, TestProblem.Macs], KnownCosts.None, ["accuracy", "macs"], []);
        var strategy = SearchStrategies.Find("progressive").Create(new StrategyContext(problem, Evaluations, new Random(1)));
        var batches = new List<List<Candidate>>();
        while (batches.Sum(b => b.Count) < Evaluations)
        {
            batches.Add(
                [.. strategy.Ask([]).Select(genome => problem.CandidateOf(genome, [Math.Sqrt(SizeOf(genome)), SizeOf(genome)]))]);
            strategy.Tell(batches[^1]);
        }

        return batches;
    }

    private static double SizeOf(Genome genome) =>
        Enumerable.Range(0, genome.Length).Sum(gene => genome[gene] * (1 + (gene % 3)));

    // The kinds of the genes that differ from the middle in any candidate whose batch began in a range.
    private static List<GeneKind> Moved(List<List<Candidate>> batches, int from, int to)
    {
        var kinds = new SortedSet<GeneKind>();
        var begun = 0;
        foreach (var batch in batches)
        {
            if (begun >= from && begun < to)
            {
                foreach (var genome in batch.Select(c => c.Genome))
                {
                    kinds.UnionWith(Enumerable.Range(0, genome.Length)
                        .Where(gene => Space.IsActive(genome.Choices, gene)
                            && genome[gene] != Space.Genes[gene].Choices.Length / 2)
                        .Select(gene => Space.Genes[gene].Kind));
                }
            }

            begun += batch.Count;
        }

        return [.. kinds];
    }

    // Genes that a changed depth switches on or off do not count.
    private static int Changes(Genome parent, Genome child) => Enumerable.Range(0, parent.Length).Count(gene =>
        parent[gene] != child[gene] && Space.IsActive(parent.Choices, gene) && Space.IsActive(child.Choices, gene));
}
