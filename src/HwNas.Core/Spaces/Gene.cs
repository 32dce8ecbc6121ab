using System.Collections.Immutable;

namespace HwNas.Core.Spaces;

/// <summary>What a gene decides.</summary>
public enum GeneKind
{
    /// <summary>Side of the square input image, in pixels.</summary>
    Resolution,

    /// <summary>Output channels of the stem, of a stage, or of the head.</summary>
    Width,

    /// <summary>Number of blocks of a stage; switches off the genes of later blocks.</summary>
    Depth,

    /// <summary>Side of the depthwise kernel.</summary>
    Kernel,

    /// <summary>Ratio of inner to input channels of an inverted bottleneck.</summary>
    Expansion,

    /// <summary>An operator, by number; the genes of tabular benchmarks are of this kind.</summary>
    Operator,
}

/// <summary>One categorical decision of a search space, with at least two choices.</summary>
/// <param name="Kind">What it decides.</param>
/// <param name="Stage">The stage it belongs to, from 0; −1 for the resolution and the stem, the
/// number of stages for the head.</param>
/// <param name="Block">The block within the stage, from 0; −1 where one gene serves the whole stage.</param>
/// <param name="Name">A readable name such as <c>mb3.depth</c>.</param>
/// <param name="Choices">The values, ascending.</param>
public sealed record Gene(GeneKind Kind, int Stage, int Block, string Name, ImmutableArray<int> Choices)
{
    /// <summary>The name of the gene that chooses the side of the images.</summary>
    public const string ResolutionName = "resolution";

    /// <summary>What users call the choices, where they are no numbers, such as operators; else default.</summary>
    public ImmutableArray<string> Labels { get; init; }
}
