namespace HwNas.Core.Predictors;

/// <summary>
/// The covariance of two genomes: Σ v_g over the genes that agree, each choice adding its share, plus
/// a·exp(−Σ w_g) over the genes that differ, by which choices interact. Every gene learns both of its weights.
/// </summary>
internal sealed class GenomeKernel(double[] logParameters)
{
    private readonly int _genes = (logParameters.Length - 2) / 2;
    private readonly double[] _weights = Array.ConvertAll(logParameters[..((logParameters.Length - 2) / 2)], Math.Exp);
    private readonly double[] _shares = Array.ConvertAll(logParameters[((logParameters.Length - 2) / 2)..^2], Math.Exp);

    /// <summary>Logarithms of the weights w, the shares v, the amplitude a and the noise, as they are learned.</summary>
    public double[] LogParameters { get; } = logParameters;

    public double Amplitude { get; } = Math.Exp(logParameters[^2]);

    public double Noise { get; } = Math.Exp(logParameters[^1]);

    /// <summary>The variance of a genome, without noise.</summary>
    public double Variance => Amplitude + _shares.Sum();

    /// <summary>Where learning starts: the additive and the interacting part share the variance, the genes share each.</summary>
    public static GenomeKernel Prior(int genes)
    {
        var logs = new double[(2 * genes) + 2];
        Array.Fill(logs, Math.Log(1.0 / genes), 0, genes);
        Array.Fill(logs, Math.Log(0.5 / genes), genes, genes);
        logs[^2] = Math.Log(0.5);
        logs[^1] = Math.Log(1e-3);
        return new GenomeKernel(logs);
    }

    /// <summary>A kernel of variance 1 whose genes matter as much as is given.</summary>
    /// <param name="weights">The weight of each gene; they sum to 1.</param>
    /// <param name="additiveShare">The variance of the additive part.</param>
    /// <param name="length">How far genomes of the interacting part tell of each other, in weights.</param>
    /// <param name="noise">The variance of the noise.</param>
    public static GenomeKernel Of(double[] weights, double additiveShare, double length, double noise) => new(
        [
            .. weights.Select(w => Math.Log(w / length)),
            .. weights.Select(w => Math.Log(additiveShare * w)),
            Math.Log(1 - additiveShare),
            Math.Log(noise),
        ]);

    /// <summary>The covariance of two genomes, and its interacting part alone.</summary>
    public double Of(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, out double interacting)
    {
        var (shared, distance) = (0.0, 0.0);
        for (var gene = 0; gene < a.Length; gene++)
        {
            if (a[gene] == b[gene])
                shared += _shares[gene];
            else
                distance += _weights[gene];
        }

        interacting = Amplitude * Math.Exp(-distance);
        return shared + interacting;
    }

    /// <summary>
    /// The slope of the log marginal likelihood, ½·tr((ααᵀ − K⁻¹)·∂K) (Rasmussen and Williams, equation 5.9), in each
    /// log parameter.
    /// </summary>
    /// <param name="states">The samples.</param>
    /// <param name="inner">The lower triangle of ααᵀ − K⁻¹.</param>
    /// <param name="interacting">The lower triangle of the interacting part of K.</param>
    public double[] Slopes(byte[][] states, double[][] inner, double[][] interacting)
    {
        var slopes = new double[LogParameters.Length];
        for (var i = 0; i < states.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var both = inner[i][j];
                var product = both * interacting[i][j];
                slopes[^2] += product;
                for (var gene = 0; gene < _genes; gene++)
                {
                    if (states[i][gene] == states[j][gene])
                        slopes[_genes + gene] += both * _shares[gene];
                    else
                        slopes[gene] -= product * _weights[gene];
                }
            }

            // The diagonal counts once, the pairs twice, all of it halved.
            var own = inner[i][i] / 2;
            slopes[^2] += own * Amplitude;
            slopes[^1] += own * Noise;
            for (var gene = 0; gene < _genes; gene++)
                slopes[_genes + gene] += own * _shares[gene];
        }

        return slopes;
    }
}
