namespace HwNas.Core.Spaces;

/// <summary>
/// Lowers a cheap function of the choices one gene at a time; finds what limits leave reachable without sampling for it.
/// </summary>
internal static class CoordinateDescent
{
    private const int MaxPasses = 10;
    private const int RandomStarts = 12;

    /// <summary>Where to start from: all first choices, all last ones, and some at random.</summary>
    public static IEnumerable<byte[]> Starts(GenomeSpace space)
    {
        var random = new Random(0);
        return
        [
            new byte[space.Genes.Length],
            [.. space.Genes.Select(gene => (byte)(gene.Choices.Length - 1))],
            .. Enumerable.Range(0, RandomStarts).Select(_ => space.Sample(random).Choices.ToArray()),
        ];
    }

    /// <summary>Gives each gene its best choice in turn until nothing improves; ends after a fixed number of passes.</summary>
    /// <returns>The function's last value.</returns>
    public static double Minimize(GenomeSpace space, Span<byte> choices, Func<ReadOnlySpan<byte>, double> function)
    {
        Span<byte> trial = stackalloc byte[choices.Length];
        space.Canonicalize(choices);
        var best = function(choices);
        for (var (pass, improved) = (0, true); improved && pass < MaxPasses; pass++)
        {
            improved = false;
            for (var gene = 0; gene < choices.Length; gene++)
            {
                for (var choice = 0; choice < space.Genes[gene].Choices.Length; choice++)
                {
                    choices.CopyTo(trial);
                    trial[gene] = (byte)choice;
                    space.Canonicalize(trial);
                    var value = function(trial);
                    if (!(value < best))
                        continue;
                    trial.CopyTo(choices);
                    (best, improved) = (value, true);
                }
            }
        }

        return best;
    }
}
