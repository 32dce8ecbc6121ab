using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Networks;

/// <summary>
/// The costs of every network of a space, compiled into small tables: a genome's costs are a few look-ups and sums,
/// with no shapes walked and nothing allocated. Equal to <see cref="NetworkCost.Of(NetworkPlan)"/> on the genome's plan.
/// </summary>
public sealed class GenomeCostTable
{
    // Integers per entry: MACs, parameters, peak activation bytes.
    private const int Counts = 3;

    private readonly long[] _counts;
    private readonly double[] _layerCosts;
    private readonly (int Gene, int Stride)[] _steps;
    private readonly (int Offset, int FirstStep, int EndStep)[] _terms;
    private readonly byte[] _choiceCounts;

    private GenomeCostTable(SearchSpace space, CostTerms terms, Func<LayerSpec, double>[] layerCosts)
    {
        Space = space;
        LayerCostCount = layerCosts.Length;
        _counts = new long[terms.Entries * Counts];
        _layerCosts = new double[terms.Entries * LayerCostCount];
        foreach (var (term, layersAt) in terms.All())
            Fill(term, layersAt, layerCosts);

        var steps = new List<(int, int)>();
        _terms =
        [
            .. terms.Positions.SelectMany(position => position).Select(term =>
            {
                var first = steps.Count;
                steps.AddRange(term.Steps);
                return (term.Offset, first, steps.Count);
            }),
        ];
        _steps = [.. steps];
        _choiceCounts = [.. space.Genomes.Genes.Select(gene => (byte)gene.Choices.Length)];

        MacsRange = CostRangeFinder.Sum(terms, entry => _counts[(entry * Counts) + 0]);
        ParamsRange = CostRangeFinder.Sum(terms, entry => _counts[(entry * Counts) + 1]);
        PeakActivationBytesRange = CostRangeFinder.Max(terms, entry => _counts[(entry * Counts) + 2]);
        LayerCostRanges =
        [
            .. Enumerable.Range(0, LayerCostCount).Select(cost => CostRangeFinder.Sum(terms, entry => _layerCosts[(entry * LayerCostCount) + cost])),
        ];
    }

    /// <summary>The space.</summary>
    public SearchSpace Space { get; }

    /// <summary>Number of layer costs that the table was built with.</summary>
    public int LayerCostCount { get; }

    /// <summary>Reachable MACs.</summary>
    public CostRange MacsRange { get; }

    /// <summary>Reachable parameters.</summary>
    public CostRange ParamsRange { get; }

    /// <summary>Reachable peak activation bytes.</summary>
    public CostRange PeakActivationBytesRange { get; }

    /// <summary>Reachable sums of each layer cost, in the order given to <see cref="Build"/>.</summary>
    public IReadOnlyList<CostRange> LayerCostRanges { get; }

    /// <summary>Compiles a space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="layerCosts">Further costs that add up over the layers of a network, such as a device's latency table;
    /// each may read only what <see cref="LayerSpec.LatencyKey"/> holds.</param>
    /// <exception cref="InputException">The space couples too many choices in a stage, or a cost does not know a layer.</exception>
    /// <exception cref="ArgumentException">A layer cost is not finite.</exception>
    public static GenomeCostTable Build(SearchSpace space, params Func<LayerSpec, double>[] layerCosts)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(layerCosts);
        return new GenomeCostTable(space, new CostTerms(space), layerCosts);
    }

    /// <summary>The costs of a genome; the layer costs are written to <paramref name="layerCosts"/>.</summary>
    /// <exception cref="ArgumentException">The genome is of another space, or <paramref name="layerCosts"/> has another length.</exception>
    public NetworkCost Evaluate(Genome genome, Span<double> layerCosts = default)
    {
        ArgumentNullException.ThrowIfNull(genome);
        return Evaluate(genome.Choices, layerCosts);
    }

    /// <summary>The costs of a vector of choices, canonical or not; the layer costs are written to <paramref name="layerCosts"/>.</summary>
    /// <param name="choices">One choice index for each gene.</param>
    /// <param name="layerCosts">Takes <see cref="LayerCostCount"/> sums.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a choice is out of range.</exception>
    public NetworkCost Evaluate(ReadOnlySpan<byte> choices, Span<double> layerCosts)
    {
        Check(choices, layerCosts.Length);
        layerCosts.Clear();
        var (macs, parameters, peak) = (0L, 0L, 0L);
        foreach (var (offset, firstStep, endStep) in _terms)
        {
            var entry = offset;
            for (var step = firstStep; step < endStep; step++)
            {
                var (gene, stride) = _steps[step];
                entry += stride * choices[gene];
            }

            var counts = _counts.AsSpan(entry * Counts, Counts);
            macs += counts[0];
            parameters += counts[1];
            peak = Math.Max(peak, counts[2]);
            for (var cost = 0; cost < layerCosts.Length; cost++)
                layerCosts[cost] += _layerCosts[(entry * layerCosts.Length) + cost];
        }

        return new NetworkCost(macs, parameters, peak, sizeof(float) * parameters);
    }

    private void Check(ReadOnlySpan<byte> choices, int layerCosts)
    {
        if (choices.Length != _choiceCounts.Length)
            throw new ArgumentException($"{choices.Length} choices given for the {_choiceCounts.Length} genes of '{Space.Name}'.", nameof(choices));
        if (layerCosts != LayerCostCount)
            throw new ArgumentException($"Room for {layerCosts} layer costs given; the table has {LayerCostCount}.", nameof(layerCosts));
        for (var gene = 0; gene < choices.Length; gene++)
        {
            if (choices[gene] >= _choiceCounts[gene])
                throw new ArgumentException($"Choice {choices[gene]} of gene '{Space.Genomes.Genes[gene].Name}' is not below {_choiceCounts[gene]}.", nameof(choices));
        }
    }

    private void Fill(CostTerm term, Func<int[], IEnumerable<LayerSpec>> layersAt, Func<LayerSpec, double>[] layerCosts)
    {
        var values = new int[CostTerm.AxisCount];
        for (var entry = term.Offset; entry < term.Offset + term.Entries; entry++)
        {
            term.ValuesAt(entry, values);
            var counts = _counts.AsSpan(entry * Counts, Counts);
            foreach (var layer in layersAt(values))
            {
                var (macs, parameters, peak, _) = NetworkCost.Of([layer]);
                counts[0] += macs;
                counts[1] += parameters;
                counts[2] = Math.Max(counts[2], peak);
                foreach (var (index, cost) in layerCosts.Index())
                    _layerCosts[(entry * LayerCostCount) + index] += CostOf(layer, cost);
            }
        }
    }

    private static double CostOf(LayerSpec layer, Func<LayerSpec, double> cost)
    {
        var value = cost(layer);
        return double.IsFinite(value) ? value : throw new ArgumentException($"The layer '{layer.LatencyKey}' costs {value}.", nameof(cost));
    }
}
