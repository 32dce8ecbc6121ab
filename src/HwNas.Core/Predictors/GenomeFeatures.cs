using HwNas.Core.Spaces;

namespace HwNas.Core.Predictors;

/// <summary>
/// Genomes as predictors see them. The state of a gene is its choice, or one beyond the last choice where it is
/// inactive. As one-hot features, each choice of each gene is one; inactive genes are masked: all of theirs are 0.
/// </summary>
internal sealed class GenomeFeatures
{
    private readonly GenomeSpace _space;
    private readonly int[] _offsets;

    public GenomeFeatures(GenomeSpace space)
    {
        _space = space;
        _offsets = new int[space.Genes.Length];
        foreach (var (index, gene) in space.Genes.Index())
        {
            _offsets[index] = Count;
            Count += gene.Choices.Length;
        }
    }

    /// <summary>Number of one-hot features.</summary>
    public int Count { get; }

    /// <summary>Number of genes.</summary>
    public int Genes => _offsets.Length;

    /// <summary>Number of states of a gene, the inactive one included.</summary>
    public int StatesOf(int gene) => _space.Genes[gene].Choices.Length + 1;

    /// <summary>The feature of a state; −1 for the inactive one.</summary>
    public int FeatureOf(int gene, int state) => state == _space.Genes[gene].Choices.Length ? -1 : _offsets[gene] + state;

    /// <summary>The state of each gene.</summary>
    public byte[] StatesOf(Genome genome)
    {
        var states = genome.Choices.ToArray();
        if (states.Length != Genes)
            throw new ArgumentException($"The genome has {states.Length} genes, the space {Genes}.", nameof(genome));
        for (var gene = 0; gene < states.Length; gene++)
        {
            if (!_space.IsActive(genome.Choices, gene))
                states[gene] = (byte)_space.Genes[gene].Choices.Length;
        }

        return states;
    }

    /// <summary>The features that are 1.</summary>
    public int[] OnesOf(byte[] states)
    {
        var ones = new int[states.Length];
        var count = 0;
        for (var gene = 0; gene < states.Length; gene++)
        {
            if (FeatureOf(gene, states[gene]) is var feature and >= 0)
                ones[count++] = feature;
        }

        return ones[..count];
    }
}

/// <summary>A linear function of genomes.</summary>
/// <param name="Offset">What it is without any feature.</param>
/// <param name="Effects">What each feature adds.</param>
internal sealed record LinearFunction(double Offset, double[] Effects);
