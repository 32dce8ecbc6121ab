using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>How strategies make genomes from genomes. Every operator gives a canonical genome of the space.</summary>
internal sealed class Variation(GenomeSpace space, Random random)
{
    private readonly byte[] _scratch = new byte[space.Genes.Length];
    private readonly int[] _choiceCounts = [.. space.Genes.Select(g => g.Choices.Length)];

    /// <summary>Gives some different active genes another choice each, uniformly.</summary>
    public Genome Mutate(Genome parent, int genes = 1)
    {
        parent.Choices.CopyTo(_scratch);
        for (var i = 0; i < genes; i++)
        {
            // Genes that the depths switch off would change nothing. Some gene is always active: depths are.
            var gene = random.Next(_scratch.Length);
            while (!space.IsActive(_scratch, gene))
                gene = (gene + 1) % _scratch.Length;
            Change(gene);
        }

        return space.Create(_scratch);
    }

    /// <summary>Each gene from one parent or the other, then each with a probability drawn anew, uniformly.</summary>
    public Genome CrossAndResample(Genome first, Genome second, double crossoverProbability, double resampleProbability)
    {
        first.Choices.CopyTo(_scratch);
        if (random.NextDouble() < crossoverProbability)
        {
            var bits = 0L;
            for (var gene = 0; gene < _scratch.Length; gene++, bits >>= 1)
            {
                if (gene % 62 == 0)
                    bits = random.NextInt64();
                if ((bits & 1) != 0)
                    _scratch[gene] = second.Choices[gene];
            }
        }

        // Geometric gaps: as many draws as there are changes, not one for each gene.
        var logKeep = Math.Log(1 - resampleProbability);
        for (var gene = Gap(); gene < _scratch.Length; gene += 1 + Gap())
            _scratch[(int)gene] = (byte)random.Next(_choiceCounts[(int)gene]);
        return space.Create(_scratch);

        double Gap() => resampleProbability >= 1 ? 0 : Math.Floor(Math.Log(1 - random.NextDouble()) / logKeep);
    }

    private void Change(int gene)
    {
        var other = random.Next(_choiceCounts[gene] - 1);
        _scratch[gene] = (byte)(other < _scratch[gene] ? other : other + 1);
    }
}
