using System.Numerics;

namespace HwNas.Core.Predictors;

/// <summary>
/// The weighted number of genes in which genomes differ from each of a set of samples. For each gene and state the
/// distances to all samples lie in one row, so that a query is a sum of rows.
/// </summary>
internal sealed class GenomeDistance
{
    private readonly double[][][] _rows;

    public GenomeDistance(GenomeFeatures features, double[] weights, byte[][] samples)
    {
        _rows = new double[features.Genes][][];
        for (var gene = 0; gene < _rows.Length; gene++)
        {
            _rows[gene] = new double[features.StatesOf(gene)][];
            for (var state = 0; state < _rows[gene].Length; state++)
                _rows[gene][state] = [.. samples.Select(sample => sample[gene] == state ? 0 : weights[gene])];
        }
    }

    /// <summary>The distances to the first <paramref name="count"/> samples.</summary>
    public double[] ToFirst(byte[] states, int count)
    {
        var distances = new double[count];
        for (var gene = 0; gene < states.Length; gene++)
        {
            var row = _rows[gene][states[gene]];
            var sample = 0;
            for (; sample <= count - Vector<double>.Count; sample += Vector<double>.Count)
                (new Vector<double>(distances, sample) + new Vector<double>(row, sample)).CopyTo(distances, sample);
            for (; sample < count; sample++)
                distances[sample] += row[sample];
        }

        return distances;
    }
}
