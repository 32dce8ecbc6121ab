using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>A softmax policy: independent logits for every choice of every gene.</summary>
internal sealed class GenePolicy(GenomeSpace space)
{
    private readonly double[][] _logits = [.. space.Genes.Select(g => new double[g.Choices.Length])];

    public Genome Sample(Random random)
    {
        var choices = new byte[_logits.Length];
        for (var gene = 0; gene < choices.Length; gene++)
        {
            var draw = random.NextDouble();
            var probabilities = Probabilities(gene);
            var choice = 0;
            while (choice < probabilities.Length - 1 && (draw -= probabilities[choice]) >= 0)
                choice++;
            choices[gene] = (byte)choice;
        }

        return space.Create(choices);
    }

    /// <summary>The logarithm of a genome's probability; genes that its depths switch off do not count.</summary>
    public double LogProbability(Genome genome)
    {
        var sum = 0.0;
        for (var gene = 0; gene < _logits.Length; gene++)
            sum += space.IsActive(genome.Choices, gene) ? Math.Log(Probabilities(gene)[genome[gene]]) : 0;
        return sum;
    }

    /// <summary>One step up the gradient of weight·log π(genome), summed over the genomes, plus the entropy bonus.</summary>
    public void Step(IReadOnlyList<(Genome Genome, double Weight)> samples, double learningRate, double entropyBonus)
    {
        for (var gene = 0; gene < _logits.Length; gene++)
        {
            var probabilities = Probabilities(gene);
            var entropy = -probabilities.Sum(p => p * Math.Log(p));
            var gradient = Array.ConvertAll(probabilities, p => -entropyBonus * p * (Math.Log(p) + entropy));
            foreach (var (genome, weight) in samples)
            {
                if (!space.IsActive(genome.Choices, gene))
                    continue;
                for (var choice = 0; choice < gradient.Length; choice++)
                    gradient[choice] += weight * ((genome[gene] == choice ? 1 : 0) - probabilities[choice]);
            }

            for (var choice = 0; choice < gradient.Length; choice++)
                _logits[gene][choice] = Math.Clamp(_logits[gene][choice] + (learningRate * gradient[choice]), -8, 8);
        }
    }

    private double[] Probabilities(int gene)
    {
        var exponentials = Array.ConvertAll(_logits[gene], Math.Exp);
        var sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, e => e / sum);
    }
}
