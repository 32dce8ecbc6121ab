using System.Collections.Immutable;
using System.Numerics;
using HwNas.Core.Spaces;

namespace HwNas.Core.Predictors;

/// <summary>A <see cref="PredictorFile"/> for the genomes of a space: the accuracy in percent that it predicts.</summary>
public sealed class NetworkPredictor
{
    private readonly GenomeSpace _space;

    private NetworkPredictor(GenomeSpace space, double[] offsets, double[]?[][] columns, ImmutableArray<DenseLayer> later)
    {
        _space = space;
        Offsets = offsets;
        Columns = columns;
        Later = later;
    }

    /// <summary>Whether each gene adds its own share, whatever the others choose: there is one layer.</summary>
    public bool IsSeparable => Later.IsEmpty;

    /// <summary>What the units of the first layer begin with.</summary>
    internal double[] Offsets { get; }

    /// <summary>
    /// What a choice of a gene adds to the units of the first layer, where the gene is active; null where it is not seen.
    /// </summary>
    internal double[]?[][] Columns { get; }

    /// <summary>The layers after the first.</summary>
    internal ImmutableArray<DenseLayer> Later { get; }

    /// <summary>Fits the inputs of a file to the genes of a space.</summary>
    /// <exception cref="InputException">The space has no such gene, or a choice that the file does not know.</exception>
    public static NetworkPredictor For(PredictorFile file, ISearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(space);
        var genes = space.Genomes.Genes;
        var columns = genes.Select(gene => new double[]?[gene.Choices.Length]).ToArray();
        var (first, problems, next) = (file.Layers[0], new List<string>(), 0);
        double[] offsets = [.. first.Biases];
        foreach (var input in file.Inputs)
        {
            var (name, from) = (input.Gene, next);
            next += input.Choices.Length;
            if (genes.FirstOrDefault(gene => gene.Name == name) is { } gene)
            {
                for (var choice = 0; choice < gene.Choices.Length; choice++)
                    columns[genes.IndexOf(gene)][choice] = ColumnOf(gene.Choices[choice]);
            }
            else if (name == Gene.ResolutionName && space.Resolutions is [var only])
            {
                offsets = [.. offsets.Zip(ColumnOf(only) ?? offsets, (offset, weight) => offset + weight)];
            }
            else
            {
                problems.Add($"the space has no gene '{name}'");
            }

            double[]? ColumnOf(int value)
            {
                var index = input.Choices.IndexOf(value);
                if (index < 0)
                    problems.Add($"the predictor does not know the choice {value} of '{name}'");
                return index < 0 ? null : [.. first.Weights.Select(row => row[from + index])];
            }
        }

        return problems.Count == 0
            ? new NetworkPredictor(
                space.Genomes, offsets, columns, [.. file.Layers.Skip(1).Select(layer => new DenseLayer(layer))])
            : throw new InputException(
                $"The predictor does not fit the space '{space.Name}': {string.Join("; ", problems.Take(5))}. "
                + $"Its genes are {string.Join(", ", genes.Select(gene => gene.Name))}.");
    }

    /// <summary>The predicted accuracy, in percent; of a network to single precision.</summary>
    /// <exception cref="InputException">The weights are so large that it is no number.</exception>
    public double Predict(Genome genome)
    {
        ArgumentNullException.ThrowIfNull(genome);
        return Output(FirstUnits(genome.Choices)) is var predicted && double.IsFinite(predicted)
            ? predicted
            : throw new InputException("The predictor's weights are so large that what it predicts is no number.");
    }

    /// <summary>The units of the first layer, before its ReLU.</summary>
    internal double[] FirstUnits(ReadOnlySpan<byte> choices)
    {
        double[] units = [.. Offsets];
        for (var gene = 0; gene < choices.Length; gene++)
            Add(units, gene, choices, 1);
        return units;
    }

    /// <summary>Changes the units of the first layer from one genome's to another's; the less they differ, the cheaper.</summary>
    internal void Move(double[] units, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        for (var gene = 0; gene < from.Length; gene++)
        {
            if (from[gene] == to[gene] && _space.IsActive(from, gene) == _space.IsActive(to, gene))
                continue;
            Add(units, gene, from, -1);
            Add(units, gene, to, 1);
        }
    }

    /// <summary>What the network makes of the units of the first layer.</summary>
    internal double Output(double[] firstUnits)
    {
        if (Later.IsEmpty)
            return firstUnits[0];
        var units = Array.ConvertAll(firstUnits, unit => (float)unit);
        foreach (var layer in Later)
            units = layer.Apply(units);
        return units[0];
    }

    /// <summary>
    /// The linear function that touches the prediction where the units of the first layer are given; what is separable is that
    /// function itself.
    /// </summary>
    internal LinearFunction Tangent(double[] firstUnits)
    {
        var units = new List<float[]> { Array.ConvertAll(firstUnits, unit => (float)unit) };
        foreach (var layer in Later)
            units.Add(layer.Apply(units[^1]));
        var offset = IsSeparable ? firstUnits[0] : units[^1][0];
        float[] slopes = [1];
        for (var layer = Later.Length - 1; layer >= 0; layer--)
            slopes = Later[layer].SlopesOf(units[layer], slopes);
        for (var unit = 0; unit < slopes.Length; unit++)
            offset += slopes[unit] * (Offsets[unit] - firstUnits[unit]);
        var steep = Array.ConvertAll(slopes, slope => (double)slope);
        return new LinearFunction(
            offset, [.. Columns.SelectMany(gene => gene).Select(column => column is null ? 0 : DenseLayer.Dot(column, steep))]);
    }

    private void Add(double[] units, int gene, ReadOnlySpan<byte> choices, double factor)
    {
        if (Columns[gene][choices[gene]] is not { } column || !_space.IsActive(choices, gene))
            return;
        for (var unit = 0; unit < units.Length; unit++)
            units[unit] += factor * column[unit];
    }
}

/// <summary>A layer of a network behind a ReLU.</summary>
internal sealed class DenseLayer(PredictorLayer layer)
{
    /// <summary>One for each output.</summary>
    public float[] Biases { get; } = [.. layer.Biases.Select(bias => (float)bias)];

    /// <summary>For each input its weights to all outputs: an input that the ReLU cuts off costs nothing.</summary>
    public float[][] Columns { get; } =
    [
        .. Enumerable.Range(0, layer.Weights[0].Length).Select(input => layer.Weights.Select(row => (float)row[input]).ToArray()),
    ];

    /// <summary>The outputs.</summary>
    public float[] Apply(float[] inputs)
    {
        float[] outputs = [.. Biases];
        for (var input = 0; input < inputs.Length; input++)
        {
            if (!(inputs[input] > 0))
                continue;
            var (factor, column, index) = (new Vector<float>(inputs[input]), Columns[input], 0);
            for (; index <= outputs.Length - Vector<float>.Count; index += Vector<float>.Count)
            {
                Vector.FusedMultiplyAdd(factor, new Vector<float>(column, index), new Vector<float>(outputs, index))
                    .CopyTo(outputs, index);
            }

            for (; index < outputs.Length; index++)
                outputs[index] += inputs[input] * column[index];
        }

        return outputs;
    }

    /// <summary>The slopes in the inputs, given those in the outputs.</summary>
    public float[] SlopesOf(float[] inputs, float[] outputSlopes)
    {
        var slopes = new float[inputs.Length];
        for (var input = 0; input < inputs.Length; input++)
        {
            if (inputs[input] > 0)
                slopes[input] = Dot(Columns[input], outputSlopes);
        }

        return slopes;
    }

    /// <summary>Σ aᵢ·bᵢ.</summary>
    public static T Dot<T>(T[] a, T[] b)
        where T : struct, INumber<T>
    {
        var (sum, index) = (Vector<T>.Zero, 0);
        for (; index <= a.Length - Vector<T>.Count; index += Vector<T>.Count)
            sum += new Vector<T>(a, index) * new Vector<T>(b, index);
        var total = Vector.Sum(sum);
        for (; index < a.Length; index++)
            total += a[index] * b[index];
        return total;
    }
}
