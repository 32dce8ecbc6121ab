namespace HwNas.Core.Spaces;

/// <summary>
/// Exact least and greatest cost over all networks of a space, without enumerating them: variable elimination (Dechter
/// 1999, bucket elimination). A gene is taken out by joining all tables that depend on it and keeping, for each choice of
/// the other genes in them, the best of its own; the gene whose joint table is smallest goes first.
/// </summary>
internal static class CostRangeFinder
{
    /// <summary>The range of a cost.</summary>
    /// <param name="space">The genes.</param>
    /// <param name="tables">The cost of each entry of each term.</param>
    /// <param name="join">How costs of two terms make one: a sum, or the greater.</param>
    public static CostRange Of(GenomeSpace space, IReadOnlyList<CostFactor> tables, Func<double, double, double> join) =>
        new(Best(space, tables, join, Math.Min), Best(space, tables, join, Math.Max));

    private static double Best(
        GenomeSpace space, IReadOnlyList<CostFactor> tables, Func<double, double, double> join,
        Func<double, double, double> choose)
    {
        List<CostFactor> factors = [.. tables];
        while (factors.SelectMany(factor => factor.Genes).Distinct().ToList() is { Count: > 0 } genes)
        {
            var gene = genes.MinBy(gene => Scope(factors, gene).Aggregate(1.0, (size, other) => size * ChoicesOf(other)));
            var with = factors.Where(factor => factor.Genes.Contains(gene)).ToList();
            factors.RemoveAll(with.Contains);
            factors.Add(Eliminate(with, gene));
        }

        return factors.Select(factor => factor.Costs[0]).Aggregate(join);

        int ChoicesOf(int gene) => space.Genes[gene].Choices.Length;

        CostFactor Eliminate(List<CostFactor> with, int gene)
        {
            int[] scope = [.. Scope(with, gene).Where(other => other != gene)];
            var costs = new double[scope.Aggregate(1, (size, other) => checked(size * ChoicesOf(other)))];
            var choices = new int[space.Genes.Length];
            for (var entry = 0; entry < costs.Length; entry++)
            {
                var rest = entry;
                for (var i = scope.Length - 1; i >= 0; i--)
                    (rest, choices[scope[i]]) = Math.DivRem(rest, ChoicesOf(scope[i]));
                costs[entry] = Enumerable.Range(0, ChoicesOf(gene)).Select(JoinedAt).Aggregate(choose);
            }

            return new CostFactor(scope, costs);

            double JoinedAt(int choice)
            {
                choices[gene] = choice;
                return with.Select(factor => factor.Costs[EntryOf(factor.Genes)]).Aggregate(join);
            }

            int EntryOf(int[] genes)
            {
                var entry = 0;
                foreach (var other in genes)
                    entry = (entry * ChoicesOf(other)) + choices[other];
                return entry;
            }
        }
    }

    private static IEnumerable<int> Scope(IEnumerable<CostFactor> factors, int gene) =>
        factors.Where(factor => factor.Genes.Contains(gene)).SelectMany(factor => factor.Genes).Distinct();
}

/// <summary>A cost for each combination of the choices of some genes; the last gene's choice counts fastest.</summary>
/// <param name="Genes">The genes.</param>
/// <param name="Costs">The costs.</param>
internal sealed record CostFactor(int[] Genes, double[] Costs);
