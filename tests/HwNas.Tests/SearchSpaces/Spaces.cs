using FsCheck;
using FsCheck.Fluent;
using HwNas.Core.SearchSpaces;

namespace HwNas.Tests.SearchSpaces;

/// <summary>The spaces and genomes that properties range over.</summary>
internal static class Spaces
{
    /// <summary>All built-in spaces and the small ones.</summary>
    public static IReadOnlyList<SearchSpace> All { get; } =
        [.. BuiltInSpaces.Names.Select(SearchSpace.Load), SmallSpaces.PerStage, SmallSpaces.PerBlock];

    /// <summary>A space with one of its genomes, uniform over distinct networks.</summary>
    public static Arbitrary<(SearchSpace Space, Genome Genome)> AnyGenome { get; } =
        Gen.Elements<SearchSpace>(All)
            .SelectMany(space => Gen.Choose(0, int.MaxValue).Select(seed => (space, space.Genomes.Sample(new Random(seed)))))
            .ToArbitrary();

    /// <summary>Checks a property of genomes; a failure prints the seed that replays it.</summary>
    public static void CheckGenomes(Action<SearchSpace, Genome> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(AnyGenome, pair => property(pair.Space, pair.Genome)));
}
