using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace HwNas.Core.Spaces;

/// <summary>
/// The genes of a search space and nothing else: what search strategies see. Knows which genes the chosen depths
/// switch off, and so counts, samples and enumerates <em>distinct</em> networks.
/// </summary>
public sealed class GenomeSpace
{
    // For each gene: the depth gene of its stage, if that can switch it off; else -1.
    private readonly int[] _depthGene;

    // For each depth gene and each of its choices: the share of networks that have this depth or a lesser one.
    private readonly double[]?[] _depthShares;

    /// <summary>Creates the space of <paramref name="genes"/>.</summary>
    /// <exception cref="ArgumentException">A gene has fewer than two or more than 255 choices, or the depth of a stage
    /// does not come before the genes that it switches off.</exception>
    public GenomeSpace(IEnumerable<Gene> genes)
    {
        Genes = [.. genes];
        var odd = Genes.FirstOrDefault(g => g.Choices.Length is < 2 or > 255);
        if (odd is not null)
        {
            throw new ArgumentException(
                $"Gene '{odd.Name}' has {odd.Choices.Length} choices; 2 to 255 are possible.", nameof(genes));
        }

        _depthGene = [.. Genes.Select(g => g.Block < 0 ? -1 : IndexOf(GeneKind.Depth, g.Stage))];
        var early = Enumerable.Range(0, Genes.Length).FirstOrDefault(gene => _depthGene[gene] > gene, -1);
        if (early >= 0)
            throw new ArgumentException($"Gene '{Genes[early].Name}' comes before the depth of its stage.", nameof(genes));

        var weights = Enumerable.Range(0, Genes.Length)
            .Select(gene => Genes[gene].Kind == GeneKind.Depth ? DepthWeights(gene) : null).ToArray();
        _depthShares = [.. weights.Select(w => w is null ? null : Shares(w))];
        Count = Enumerable.Range(0, Genes.Length).Where(gene => _depthGene[gene] < 0)
            .Aggregate(BigInteger.One, (count, gene) => count * (weights[gene] is { } w ? Sum(w) : Genes[gene].Choices.Length));
    }

    /// <summary>The genes, in the order of the genome's choices; the depth of a stage before the genes of its blocks.</summary>
    public ImmutableArray<Gene> Genes { get; }

    /// <summary>Exact number of distinct networks.</summary>
    public BigInteger Count { get; }

    /// <summary>Index of the gene of a kind, stage and block; −1 where there is none.</summary>
    public int IndexOf(GeneKind kind, int stage, int block = -1)
    {
        for (var gene = 0; gene < Genes.Length; gene++)
        {
            if (Genes[gene].Kind == kind && Genes[gene].Stage == stage && Genes[gene].Block == block)
                return gene;
        }

        return -1;
    }

    /// <summary>Whether the depths chosen in <paramref name="choices"/> leave a gene switched on.</summary>
    public bool IsActive(ReadOnlySpan<byte> choices, int gene)
    {
        var depth = _depthGene[gene];
        return depth < 0 || Genes[gene].Block < Genes[depth].Choices[choices[depth]];
    }

    /// <summary>The depth gene that can switch a gene off; −1 where none can.</summary>
    internal int SwitchOf(int gene) => _depthGene[gene] is >= 0 and var depth && Genes[gene].Block >= Genes[depth].Choices[0]
        ? depth
        : -1;

    /// <summary>Zeroes the inactive genes in place.</summary>
    public void Canonicalize(Span<byte> choices)
    {
        for (var gene = 0; gene < choices.Length; gene++)
        {
            if (!IsActive(choices, gene))
                choices[gene] = 0;
        }
    }

    /// <summary>The canonical genome of <paramref name="choices"/> (copied).</summary>
    /// <exception cref="ArgumentException">The length is not the number of genes, or a choice is out of range.</exception>
    public Genome Create(ReadOnlySpan<byte> choices)
    {
        if (choices.Length != Genes.Length)
            throw new ArgumentException($"{choices.Length} choices given for {Genes.Length} genes.", nameof(choices));
        for (var gene = 0; gene < choices.Length; gene++)
        {
            if (choices[gene] >= Genes[gene].Choices.Length)
            {
                throw new ArgumentException(
                    $"Choice {choices[gene]} of gene '{Genes[gene].Name}' is not below {Genes[gene].Choices.Length}.",
                    nameof(choices));
            }
        }

        var copy = choices.ToArray();
        Canonicalize(copy);
        return new Genome(copy);
    }

    /// <summary>Reads what <see cref="Genome.ToString"/> wrote: digits, or numbers separated by '-'.</summary>
    /// <exception cref="InputException">The text is no genome of this space.</exception>
    public Genome Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var separated = Genes.Length == 1 || text.Contains('-', StringComparison.Ordinal);
        var parts = separated ? text.Split('-') : [.. text.Select(c => c.ToString())];
        var choices = new byte[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out choices[i]))
                throw new InputException($"'{text}' is no genome: '{parts[i]}' is not a small integer.");
        }

        try
        {
            return Create(choices);
        }
        catch (ArgumentException error)
        {
            throw new InputException($"'{text}' is no genome of this space: {error.Message}", error);
        }
    }

    /// <summary>
    /// Draws uniformly over the <em>distinct</em> networks: a depth is as likely as the share of networks that have it.
    /// </summary>
    public Genome Sample(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var choices = new byte[Genes.Length];
        for (var gene = 0; gene < choices.Length; gene++)
        {
            choices[gene] = _depthShares[gene] is { } shares
                ? SampleShare(shares, random)
                : (byte)random.Next(Genes[gene].Choices.Length);
        }

        Canonicalize(choices);
        return new Genome(choices);
    }

    /// <summary>All distinct networks, each once, in lexicographic order of their choices.</summary>
    public IEnumerable<Genome> Enumerate()
    {
        var choices = new byte[Genes.Length];
        while (true)
        {
            yield return new Genome([.. choices]);

            // The next in order: raise the last active gene that can be, and zero all genes after it. Which genes are
            // active up to there does not change, since depths come before what they switch off.
            var gene = choices.Length - 1;
            while (gene >= 0 && (choices[gene] == Genes[gene].Choices.Length - 1 || !IsActive(choices, gene)))
                gene--;
            if (gene < 0)
                yield break;
            choices[gene]++;
            choices.AsSpan(gene + 1).Clear();
        }
    }

    // How many combinations of the stage's block genes are active at each choice of its depth.
    private BigInteger[] DepthWeights(int depthGene)
    {
        var weights = new BigInteger[Genes[depthGene].Choices.Length];
        for (var choice = 0; choice < weights.Length; choice++)
        {
            weights[choice] = BigInteger.One;
            for (var gene = 0; gene < Genes.Length; gene++)
            {
                if (_depthGene[gene] == depthGene && Genes[gene].Block < Genes[depthGene].Choices[choice])
                    weights[choice] *= Genes[gene].Choices.Length;
            }
        }

        return weights;
    }

    private static BigInteger Sum(BigInteger[] weights) => weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);

    // Cumulative shares, each rounded once to a double: 64 bits after the binary point are more than it holds.
    private static double[] Shares(BigInteger[] weights)
    {
        var total = Sum(weights);
        var cumulative = BigInteger.Zero;
        return [.. weights.Select(weight => Math.ScaleB((double)(((cumulative += weight) << 64) / total), -64))];
    }

    private static byte SampleShare(double[] shares, Random random)
    {
        var draw = random.NextDouble();
        byte choice = 0;
        while (draw >= shares[choice])
            choice++;
        return choice;
    }
}
