using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces;

/// <summary>
/// The costs of every network of a space, compiled into small tables: a genome's costs are a few look-ups and sums,
/// with no shapes walked and nothing allocated. Equal to <see cref="NetworkCost.Of(NetworkPlan)"/> on the genome's plan.
/// </summary>
public sealed class GenomeCostTable
{
    // Beyond this a table would no longer fit the cache that makes it fast, and soon not the memory.
    private const long MaxEntries = 1 << 23;

    // Integers per entry: MACs, parameters, peak activation bytes.
    private const int Counts = 3;

    /// <summary>Where the peak, which is no sum, stands among what <see cref="EntriesOf(int, int)"/> gives.</summary>
    internal const int PeakIndex = 2;

    private readonly long[] _counts;
    private readonly double[] _blockCosts;
    private readonly (int Gene, int Stride)[] _steps;
    private readonly (int Offset, int FirstStep, int EndStep)[] _terms;
    private readonly byte[] _choiceCounts;
    private readonly ImmutableArray<UntabledPeak> _untabledPeaks;

    private GenomeCostTable(ISearchSpace space, Func<Block, int, double>[] blockCosts)
    {
        Space = space;
        _untabledPeaks = space.UntabledPeaks;
        BlockCostCount = blockCosts.Length;
        _choiceCounts = [.. space.Genomes.Genes.Select(gene => (byte)gene.Choices.Length)];
        var (steps, terms, entries) = (new List<(int, int)>(), new List<(int, int, int)>(), 0L);
        foreach (var term in space.CostTerms)
        {
            var (first, stride) = (steps.Count, 1L);
            foreach (var gene in term.Genes.Reverse())
            {
                steps.Add((gene, (int)stride));
                stride *= _choiceCounts[gene];
                if (entries + stride > MaxEntries)
                {
                    throw new InputException(
                        $"The search space '{space.Name}' couples too many choices in one part for a cost table "
                        + $"({entries + stride} entries or more, at most {MaxEntries}). "
                        + "Give it fewer widths, depths, kernels, expansions or operations.");
                }
            }

            terms.Add(((int)entries, first, steps.Count));
            entries += stride;
        }

        (_steps, _terms) = ([.. steps], [.. terms]);
        _counts = new long[entries * Counts];
        _blockCosts = new double[entries * BlockCostCount];
        foreach (var (index, term) in space.CostTerms.Index())
            Fill(term, _terms[index].Offset, blockCosts);

        MacsRange = Range(entry => _counts[(entry * Counts) + 0], (a, b) => a + b);
        ParamsRange = Range(entry => _counts[(entry * Counts) + 1], (a, b) => a + b);
        PeakActivationBytesRange = _untabledPeaks.Aggregate(
            Range(entry => _counts[(entry * Counts) + 2], Math.Max), (range, peak) => new CostRange(
                Math.Max(range.Least, LeastOf(choices => peak(choices))),
                Math.Max(range.Most, -LeastOf(choices => -peak(choices))),
                IsExact: false));
        BlockCostRanges = [.. Enumerable.Range(0, BlockCostCount)
            .Select(cost => Range(entry => _blockCosts[(entry * BlockCostCount) + cost], (a, b) => a + b))];
    }

    /// <summary>The space.</summary>
    public ISearchSpace Space { get; }

    /// <summary>Number of block costs that the table was built with.</summary>
    public int BlockCostCount { get; }

    /// <summary>Reachable MACs.</summary>
    public CostRange MacsRange { get; }

    /// <summary>Reachable parameters.</summary>
    public CostRange ParamsRange { get; }

    /// <summary>Reachable peak activation bytes; not exact in a space that tables not all of them.</summary>
    public CostRange PeakActivationBytesRange { get; }

    /// <summary>Reachable sums of each block cost, in the order given to <see cref="Build"/>.</summary>
    public IReadOnlyList<CostRange> BlockCostRanges { get; }

    /// <summary>Compiles a space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="blockCosts">Further costs that add up over the blocks of a network, such as a device's latency table:
    /// of a block, in networks of a resolution. Each may read only what <see cref="Block.LatencyKey"/> holds.</param>
    /// <exception cref="InputException">The space couples too many choices in a part, or a cost
    /// does not know a block.</exception>
    /// <exception cref="ArgumentException">A block cost is not finite.</exception>
    public static GenomeCostTable Build(ISearchSpace space, params Func<Block, int, double>[] blockCosts)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(blockCosts);
        return new GenomeCostTable(space, blockCosts);
    }

    /// <summary>The costs of a genome; the block costs are written to <paramref name="blockCosts"/>.</summary>
    /// <exception cref="ArgumentException">The genome is of another space, or
    /// <paramref name="blockCosts"/> has another length.</exception>
    public NetworkCost Evaluate(Genome genome, Span<double> blockCosts = default)
    {
        ArgumentNullException.ThrowIfNull(genome);
        return Evaluate(genome.Choices, blockCosts);
    }

    /// <summary>
    /// The costs of a vector of choices, canonical or not; the block costs are written to <paramref name="blockCosts"/>.
    /// </summary>
    /// <param name="choices">One choice index for each gene.</param>
    /// <param name="blockCosts">Takes <see cref="BlockCostCount"/> sums.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a choice is out of range.</exception>
    public NetworkCost Evaluate(ReadOnlySpan<byte> choices, Span<double> blockCosts)
    {
        Check(choices, blockCosts.Length);
        blockCosts.Clear();
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
            for (var cost = 0; cost < blockCosts.Length; cost++)
                blockCosts[cost] += _blockCosts[(entry * blockCosts.Length) + cost];
        }

        foreach (var peakOf in _untabledPeaks)
            peak = Math.Max(peak, peakOf(choices));
        return new NetworkCost(macs, parameters, peak, sizeof(float) * parameters);
    }

    /// <summary>What the entries of a term of the space add to a sum; the last gene's choice counts fastest.</summary>
    /// <param name="term">The term.</param>
    /// <param name="sum">0 for MACs, 1 for parameters, <see cref="PeakIndex"/>, and from 3 on the block costs.</param>
    internal double[] EntriesOf(int term, int sum)
    {
        var (first, firstStep, endStep) = _terms[term];
        var entries = _steps[firstStep..endStep].Aggregate(1, (product, step) => product * _choiceCounts[step.Gene]);
        return [.. Enumerable.Range(first, entries).Select(entry => sum < Counts
            ? _counts[(entry * Counts) + sum]
            : _blockCosts[(entry * BlockCostCount) + sum - Counts])];
    }

    /// <summary>What the networks reach of a sum, as <see cref="EntriesOf(int, int)"/> numbers them.</summary>
    internal CostRange RangeOf(int sum) => sum switch
    {
        0 => MacsRange,
        1 => ParamsRange,
        PeakIndex => PeakActivationBytesRange,
        _ => BlockCostRanges[sum - Counts],
    };

    private void Check(ReadOnlySpan<byte> choices, int blockCosts)
    {
        if (choices.Length != _choiceCounts.Length)
        {
            throw new ArgumentException(
                $"{choices.Length} choices given for the {_choiceCounts.Length} genes of '{Space.Name}'.", nameof(choices));
        }

        if (blockCosts != BlockCostCount)
        {
            throw new ArgumentException(
                $"Room for {blockCosts} block costs given; the table has {BlockCostCount}.", nameof(blockCosts));
        }

        for (var gene = 0; gene < choices.Length; gene++)
        {
            if (choices[gene] >= _choiceCounts[gene])
            {
                throw new ArgumentException(
                    $"Choice {choices[gene]} of gene '{Space.Genomes.Genes[gene].Name}' is not below {_choiceCounts[gene]}.",
                    nameof(choices));
            }
        }
    }

    private void Fill(CostTerm term, int offset, Func<Block, int, double>[] blockCosts)
    {
        var choices = new int[term.Genes.Length];
        var entries = EntriesOf(term);
        var resolution = term.Genes.IndexOf(Space.Genomes.IndexOf(GeneKind.Resolution, -1));
        for (var entry = 0; entry < entries; entry++)
        {
            var rest = entry;
            for (var gene = choices.Length - 1; gene >= 0; gene--)
                (rest, choices[gene]) = Math.DivRem(rest, _choiceCounts[term.Genes[gene]]);
            var part = term.PartOf(choices);
            var side = Space.Resolutions[resolution < 0 ? 0 : choices[resolution]];
            var counts = _counts.AsSpan((offset + entry) * Counts, Counts);
            counts[2] = part.PeakActivationBytes;
            foreach (var block in part.Blocks)
            {
                counts[0] += block.Macs;
                counts[1] += block.Params;
                for (var cost = 0; cost < blockCosts.Length; cost++)
                    _blockCosts[((offset + entry) * BlockCostCount) + cost] += CostOf(block, side, blockCosts[cost]);
            }
        }
    }

    private CostRange Range(Func<int, double> costOf, Func<double, double, double> join) => CostRangeFinder.Of(
        Space.Genomes,
        [.. Space.CostTerms.Select((term, index) => new CostFactor(
            [.. term.Genes], [.. Enumerable.Range(_terms[index].Offset, EntriesOf(term)).Select(costOf)]))],
        join);

    private double LeastOf(Func<ReadOnlySpan<byte>, double> function)
    {
        // Memory stays as it is under most changes of one gene: it takes starts of many kinds to get off such plains.
        var random = new Random(0);
        var alike = Enumerable.Range(0, _choiceCounts.Max())
            .Select(choice => _choiceCounts.Select(count => (byte)Math.Min(choice, count - 1)).ToArray())
            .ToList();
        var mixed = alike.SelectMany(first => alike.Select(second => first
            .Zip(second, (a, b) => random.Next(3) == 0 ? a : b).ToArray()));
        return CoordinateDescent.Starts(Space.Genomes).Concat(mixed)
            .Min(start => CoordinateDescent.Minimize(Space.Genomes, start, function));
    }

    private int EntriesOf(CostTerm term) => term.Genes.Aggregate(1, (entries, gene) => entries * _choiceCounts[gene]);

    private static double CostOf(Block block, int resolution, Func<Block, int, double> cost)
    {
        var value = cost(block, resolution);
        return double.IsFinite(value)
            ? value
            : throw new ArgumentException($"The block '{block.LatencyKey}' costs {value}.", nameof(cost));
    }
}
