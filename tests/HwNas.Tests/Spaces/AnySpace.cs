using FsCheck;
using FsCheck.Fluent;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

/// <summary>The spaces and genomes that properties range over.</summary>
internal static class AnySpace
{
    /// <summary>All spaces of inverted bottlenecks that are built in, and the small ones.</summary>
    public static IReadOnlyList<MbConvSpace> All { get; } =
        [.. BuiltInSpaces.Names.Select(SearchSpace.Load).OfType<MbConvSpace>(), SmallSpaces.PerStage, SmallSpaces.PerBlock];

    /// <summary>A space with one of its genomes, uniform over distinct networks.</summary>
    public static Arbitrary<(MbConvSpace Space, Genome Genome)> AnyGenome { get; } =
        Gen.Elements<MbConvSpace>(All)
            .SelectMany(space => Gen.Choose(0, int.MaxValue).Select(seed => (space, space.Genomes.Sample(new Random(seed)))))
            .ToArbitrary();

    /// <summary>Checks a property of genomes; a failure prints the seed that replays it.</summary>
    public static void CheckGenomes(Action<MbConvSpace, Genome> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(AnyGenome, pair => property(pair.Space, pair.Genome)));
}
