using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces;

/// <summary>
/// A search space: genes, and the network that each genome stands for. Strategies, costs, profiling, export and the
/// supernet take any; an own space is a JSON file of a kind that <see cref="SearchSpace"/> reads, or a class of one's own.
/// </summary>
public interface ISearchSpace
{
    /// <summary>The name by which users ask for it.</summary>
    string Name { get; }

    /// <summary>Hash of all that its genomes mean; files that depend on the space carry it.</summary>
    string Hash { get; }

    /// <summary>Where it comes from, such as a paper and its section.</summary>
    string Source { get; }

    /// <summary>Channels of the images.</summary>
    int InputChannels { get; }

    /// <summary>Number of classes.</summary>
    int Classes { get; }

    /// <summary>Sides of the square images, ascending.</summary>
    ImmutableArray<int> Resolutions { get; }

    /// <summary>The genes: everything that has at least two choices.</summary>
    GenomeSpace Genomes { get; }

    /// <summary>The least network of the sandwich rule.</summary>
    Genome Smallest { get; }

    /// <summary>The greatest network of the sandwich rule.</summary>
    Genome Largest { get; }

    /// <summary>The space cut into parts with few genes each, from which costs are tabled.</summary>
    /// <exception cref="InputException">Too many choices are coupled in one part.</exception>
    ImmutableArray<CostTerm> CostTerms { get; }

    /// <summary>
    /// Peak memory of each part that <see cref="CostTerms"/> leave out, if they do; parts share no genes but the resolution.
    /// </summary>
    ImmutableArray<UntabledPeak> UntabledPeaks => [];

    /// <summary>
    /// Every block that some network of a resolution has, under the names that blocks have in networks: shared weights and
    /// latency tables are made from the union of them. In order of execution.
    /// </summary>
    IEnumerable<Block> BlocksAt(int resolution);

    /// <summary>The network of a genome.</summary>
    NetworkPlan PlanOf(Genome genome);

    /// <summary>The text id of a genome, which <see cref="Parse"/> reads back.</summary>
    string IdOf(Genome genome);

    /// <summary>Reads a text id, or the space's JSON form of a network.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">Names the text in errors, such as a file and line; empty where the text is enough.</param>
    /// <exception cref="InputException">It is no network of this space; the message lists all that is wrong.</exception>
    Genome Parse(string text, string origin = "");

    /// <summary>The canonical JSON line of a network.</summary>
    string ToJson(Genome genome);

    /// <summary>The JSON text of the space itself, which <see cref="SearchSpace.Parse"/> reads back.</summary>
    string ToJson();
}

/// <summary>What all spaces share.</summary>
public static class SearchSpaceExtensions
{
    /// <summary>Every block that some network of the space has, in order of resolution, and then of execution.</summary>
    public static IEnumerable<Block> Blocks(this ISearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Resolutions.SelectMany(space.BlocksAt);
    }

    /// <summary>
    /// One block for each distinct <see cref="Block.LatencyKey"/>, in the order of <see cref="Blocks"/>: what a profile of a
    /// device must measure.
    /// </summary>
    public static IReadOnlyList<Block> DistinctBlocks(this ISearchSpace space) =>
        [.. space.Blocks().DistinctBy(block => block.LatencyKey)];

    /// <summary>The network of a text id.</summary>
    /// <exception cref="InputException">It is no network of this space.</exception>
    public static NetworkPlan PlanOf(this ISearchSpace space, string id)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.PlanOf(space.Parse(id));
    }
}
