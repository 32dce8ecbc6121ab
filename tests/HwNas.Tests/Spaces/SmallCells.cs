using HwNas.Core.Spaces;
using HwNas.Core.Spaces.Cells;
using HwNas.Tests.Support;

namespace HwNas.Tests.Spaces;

/// <summary>Cell spaces that are small enough to enumerate.</summary>
internal static class SmallCells
{
    /// <summary>Cells of one input and two nodes with a fixed reduction, two resolutions of which one is odd.</summary>
    public static CellSpace Residual { get; } = CellSpace.Create(
        Definition with { Resolutions = [8, 9] }, "test");

    /// <summary>Normal and reduction cells of two inputs and two nodes, whose channels are concatenated.</summary>
    public static CellSpace Reducing { get; } = CellSpace.Create(
        Definition with
        {
            Name = "reducing",
            Operations = ["none", "skip_connect", "sep_conv_3x3"],
            CellInputs = 2,
            Nodes = 1,
            Output = CellOutput.Concatenate,
            Reduction = ReductionKind.Cell,
            Stages = 3,
        },
        "test");

    /// <summary>Cells of two nodes and all kinds of operations.</summary>
    public static CellDefinition Definition => new(
        CellSpace.Schema, "residual", "a test", InputChannels: 3, Classes: 4, Resolutions: [8],
        Operations: ["none", "skip_connect", "max_pool_3x3", "nor_conv_3x3", "dil_conv_3x3"],
        CellInputs: 1, Nodes: 2, CellOutput.Last, StemChannels: 4, Stages: 2, CellsPerStage: 2, ReductionKind.Residual);

    /// <summary>The shape of DARTS, 8^28 networks, with few channels.</summary>
    public static CellDefinition Darts => ((CellSpace)SearchSpace.Load(
        Path.Combine(Repository.Root, "samples", "spaces", "darts.json"))).Definition with
    {
        StemChannels = 4,
        CellsPerStage = 2,
        Classes = 4,
    };
}
