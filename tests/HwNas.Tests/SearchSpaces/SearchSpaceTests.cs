using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.SearchSpaces;

namespace HwNas.Tests.SearchSpaces;

public sealed class SearchSpaceTests
{
    public static TheoryData<string> BuiltIn => [.. BuiltInSpaces.Names];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Built_in_spaces_carry_the_name_of_their_file(string name) => Assert.Equal(name, SearchSpace.Load(name).Name);

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Written_tables_read_back_to_the_same_space(string name)
    {
        var space = SearchSpace.Load(name);

        var again = Read(StrictJson.Serialize(space.Definition));

        Assert.Equal(space.Hash, again.Hash);
        Assert.Equal(space.Genomes.Genes.Select(g => g.Name), again.Genomes.Genes.Select(g => g.Name));
    }

    [Fact]
    public void All_problems_of_a_table_are_reported_at_once()
    {
        var small = SmallSpaces.PerStage.Definition;
        var wrong = small with
        {
            Classes = 1,
            Resolutions = [16, 13],
            Stages = [small.Stages[0] with { Kernels = [4] }, small.Stages[1] with { Name = "fixed", Stride = 3, Expansions = [1, 2] }],
            Head = small.Head with { ExpandRatio = 2, ExpandWidth = 64 },
        };

        var error = Assert.Throws<InputException>(() => SearchSpace.Create(wrong, "my.json"));

        foreach (var part in new[]
        {
            "my.json", "classes", "resolutions", "stages[0].kernels", "stages[1].name", "stages[1].stride", "stages[1].expansions", "head",
        })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_unknown_name_lists_the_built_in_ones()
    {
        var error = Assert.Throws<InputException>(() => SearchSpace.Load("bignass"));

        Assert.Contains("bignas", error.Message, StringComparison.Ordinal);
        Assert.Contains("ofa-mobilenetv3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_tables_are_refused_or_give_a_valid_space()
    {
        var texts = Gen.Elements<string>(BuiltInSpaces.Names.Select(name => BuiltInSpaces.TryReadText(name)!));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(Mangle.Any(texts).ToArbitrary(), json =>
            {
                try
                {
                    Assert.True(Read(json).Genomes.Count >= 1);
                }
                catch (InputException error)
                {
                    Assert.Contains("my.json", error.Message, StringComparison.Ordinal);
                }
            }));
    }

    private static SearchSpace Read(string json) =>
        SearchSpace.Create(StrictJson.Parse<SearchSpaceDefinition>(json, SearchSpace.Schema, "my.json"), "my.json");
}
