namespace HwNas.Core.Networks;

/// <summary>
/// Exact least and greatest cost over all networks of a space, by dynamic programming along the stages: what a stage
/// shares with the next is its width (and the resolution), so the best costs up to each width are all that is kept.
/// </summary>
internal static class CostRangeFinder
{
    /// <summary>The range of a cost that adds up over the terms.</summary>
    public static CostRange Sum(CostTerms terms, Func<int, double> costOf) =>
        new(Best(terms, costOf, (a, b) => a + b, Math.Min), Best(terms, costOf, (a, b) => a + b, Math.Max));

    /// <summary>The range of a cost of which the largest term counts.</summary>
    public static CostRange Max(CostTerms terms, Func<int, double> costOf) =>
        new(Best(terms, costOf, Math.Max, Math.Min), Best(terms, costOf, Math.Max, Math.Max));

    private static double Best(CostTerms terms, Func<int, double> costOf, Func<double, double, double> join, Func<double, double, double> choose)
    {
        var resolutions = terms.Positions[0][0].Axes[0].Choices.Length;
        return Enumerable.Range(0, resolutions).Select(BestAt).Aggregate(choose);

        double BestAt(int resolution)
        {
            // The best cost so far for each width that reaches the position; 0 is neutral, since no peak is below it.
            double[] reached = [0];
            foreach (var position in terms.Positions)
            {
                var next = new double[position[0].Axes[2].Choices.Length];
                for (var width = 0; width < next.Length; width++)
                {
                    next[width] = Enumerable.Range(0, reached.Length)
                        .Select(previous => join(reached[previous], BestOf(position, resolution, previous, width)))
                        .Aggregate(choose);
                }

                reached = next;
            }

            return reached.Aggregate(choose);
        }

        // The last term of a position always sees the depth; kernels and expansions belong to one term each.
        double BestOf(CostTerm[] position, int resolution, int previous, int width) =>
            Enumerable.Range(0, position[^1].Axes[3].Choices.Length)
                .Select(depth => position.Select(term => BestOfTerm(term, resolution, previous, width, depth)).Aggregate(join))
                .Aggregate(choose);

        double BestOfTerm(CostTerm term, int resolution, int previous, int width, int depth)
        {
            var best = double.NaN;
            for (var kernel = 0; kernel < term.Axes[4].Choices.Length; kernel++)
            {
                for (var expansion = 0; expansion < term.Axes[5].Choices.Length; expansion++)
                {
                    var cost = costOf(term.EntryOf([resolution, previous, width, depth, kernel, expansion]));
                    best = double.IsNaN(best) ? cost : choose(best, cost);
                }
            }

            return best;
        }
    }
}
