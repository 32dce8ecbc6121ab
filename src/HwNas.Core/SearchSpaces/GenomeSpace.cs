using System.Collections.Immutable;
using System.Numerics;

namespace HwNas.Core.SearchSpaces;

/// <summary>
/// The genes of a search space and nothing else: what search strategies see. Knows which genes the chosen depths
/// switch off, and so counts, samples and enumerates <em>distinct</em> networks.
/// </summary>
public sealed class GenomeSpace
{
    // For each gene: the depth gene of its stage, if that can switch it off; else -1.
    private readonly int[] _depthGene;

    /// <summary>Creates the space of <paramref name="genes"/>.</summary>
    /// <exception cref="ArgumentException">A gene has fewer than two or more than 255 choices.</exception>
    public GenomeSpace(IEnumerable<Gene> genes)
    {
        Genes = [.. genes];
        var odd = Genes.FirstOrDefault(g => g.Choices.Length is < 2 or > 255);
        if (odd is not null)
            throw new ArgumentException($"Gene '{odd.Name}' has {odd.Choices.Length} choices; 2 to 255 are possible.", nameof(genes));
        _depthGene = [.. Genes.Select(g => g.Block < 0 ? -1 : IndexOf(GeneKind.Depth, g.Stage))];
    }

    /// <summary>The genes, in the order of the genome's choices.</summary>
    public ImmutableArray<Gene> Genes { get; }

    /// <summary>Exact number of distinct networks.</summary>
    public BigInteger Count
    {
        get
        {
            var count = BigInteger.One;
            for (var gene = 0; gene < Genes.Length; gene++)
            {
                if (Genes[gene].Kind == GeneKind.Depth)
                    count *= DepthWeights(gene).Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
                else if (_depthGene[gene] < 0)
                    count *= Genes[gene].Choices.Length;
            }

            return count;
        }
    }

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
                throw new ArgumentException($"Choice {choices[gene]} of gene '{Genes[gene].Name}' is not below {Genes[gene].Choices.Length}.", nameof(choices));
        }

        var copy = choices.ToArray();
        Canonicalize(copy);
        return new Genome(copy);
    }

    /// <summary>Reads what <see cref="Genome.ToString"/> wrote: digits, or numbers separated by '-'.</summary>
    /// <exception cref="InputException">The text is no genome of this space.</exception>
    public Genome Parse(string text)
    {
        var parts = text.Contains('-', StringComparison.Ordinal) ? text.Split('-') : [.. text.Select(c => c.ToString())];
        var choices = new byte[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!byte.TryParse(parts[i], out choices[i]))
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

    /// <summary>Draws uniformly over the <em>distinct</em> networks: a depth is as likely as the share of networks that have it.</summary>
    public Genome Sample(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var choices = new byte[Genes.Length];
        for (var gene = 0; gene < choices.Length; gene++)
        {
            choices[gene] = Genes[gene].Kind == GeneKind.Depth
                ? SampleWeighted(DepthWeights(gene), random)
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
            var canonical = true;
            for (var gene = 0; gene < choices.Length && canonical; gene++)
                canonical = choices[gene] == 0 || IsActive(choices, gene);
            if (canonical)
                yield return new Genome([.. choices]);

            var position = choices.Length - 1;
            while (position >= 0 && ++choices[position] == Genes[position].Choices.Length)
                choices[position--] = 0;
            if (position < 0)
                yield break;
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

    private static byte SampleWeighted(BigInteger[] weights, Random random)
    {
        var total = weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        var draw = random.NextDouble();
        var cumulative = BigInteger.Zero;
        for (byte choice = 0; choice < weights.Length - 1; choice++)
        {
            cumulative += weights[choice];
            if (draw < Math.Exp(BigInteger.Log(cumulative) - BigInteger.Log(total)))
                return choice;
        }

        return (byte)(weights.Length - 1);
    }
}
