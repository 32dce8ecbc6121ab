using System.Collections.Immutable;
using HwNas.Core.Graphs;

namespace HwNas.Core.Spaces;

/// <summary>
/// A part of a space's networks whose blocks depend on few genes, such as the stem, a stage or a cell. A network's blocks
/// are those of all terms; what adds up over blocks adds up over terms, and peak memory is the greatest of the terms'.
/// </summary>
/// <param name="Genes">The genes on which it depends, as indices among the genes of the space.</param>
/// <param name="PartOf">What it is for one choice of each of these genes.</param>
public sealed record CostTerm(ImmutableArray<int> Genes, Func<int[], NetworkPart> PartOf);

/// <summary>
/// Bytes of 32-bit activations alive at the worst moment of a part of a network whose choices are too many for a term.
/// </summary>
/// <param name="choices">One choice index for each gene.</param>
public delegate long UntabledPeak(ReadOnlySpan<byte> choices);

/// <summary>A part of a network.</summary>
/// <param name="Blocks">Its blocks; none where the part is switched off.</param>
/// <param name="PeakActivationBytes">Bytes of 32-bit activations alive at the worst moment while it runs.</param>
public readonly record struct NetworkPart(IReadOnlyList<Block> Blocks, long PeakActivationBytes)
{
    /// <summary>A part whose blocks follow each other.</summary>
    public static NetworkPart Chain(IReadOnlyList<Block> blocks) =>
        new(blocks, blocks.Select(PeakMemory.BytesOf).DefaultIfEmpty(0).Max());
}
