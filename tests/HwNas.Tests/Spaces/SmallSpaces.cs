using System.Collections.Immutable;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

/// <summary>Spaces small enough to enumerate, where every answer can be checked by brute force.</summary>
internal static class SmallSpaces
{
    public static MbConvSpace PerStage { get; } = Create(GeneScope.PerStage);

    public static MbConvSpace PerBlock { get; } = Create(GeneScope.PerBlock);

    private static MbConvSpace Create(GeneScope scope)
    {
        var conventions = scope == GeneScope.PerStage
            ? new Conventions(8, SqueezeSource.Input, 1, Activation.Swish, Activation.Sigmoid, ShortcutRule.Projection)
            : new Conventions(8, SqueezeSource.Mid, 8, Activation.Relu, Activation.HardSigmoid, ShortcutRule.Identity);
        ImmutableArray<StageDefinition> stages =
        [
            new("fixed", [8], [1], [3], [1], 1, false, Activation.Relu),
            new("a", [8, 12], [1, 2, 3], [3, 5], [2, 3], 2, true, Activation.Relu),
            new("b", [16], [1, 2], [3, 5, 7], [4], 2, false, Activation.HardSwish),
        ];
        var head = scope == GeneScope.PerStage
            ? new HeadDefinition([24, 32], null, null, Activation.Relu)
            : new HeadDefinition([24, 32], 3, null, Activation.Relu);
        return MbConvSpace.Create(
            new MbConvDefinition(
                MbConvSpace.Schema, $"small-{scope}", "a test", 3, 10, [13, 16], scope, conventions,
                new StemDefinition([8], 3, 2, Activation.Relu), stages, head),
            "test");
    }
}
