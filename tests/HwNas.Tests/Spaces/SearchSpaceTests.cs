using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

public sealed class SearchSpaceTests
{
    private const string Table = """
        {
          "schema": "hwnas/search-space/1", "name": "mine", "source": "a test", "input_channels": 1, "classes": 10,
          "resolutions": [20, 24, 28], "genes": "per_stage",
          "conventions": {
            "channel_divisor": 8, "squeeze_source": "mid", "squeeze_divisor": 8,
            "squeeze_activation": "relu", "gate": "hard_sigmoid", "shortcut": "identity"
          },
          "stem": { "widths": [8, 16], "kernel": 3, "stride": 2, "activation": "relu" },
          "stages": [
            {
              "name": "mb1", "widths": [16, 24], "depths": [1, 2], "kernels": [3, 5], "expansions": [2, 3],
              "stride": 1, "squeeze_excite": false, "activation": "relu"
            }
          ],
          "head": { "widths": [128], "expand_ratio": null, "expand_width": null, "activation": "relu" }
        }
        """;

    public static TheoryData<string> BuiltIn => [.. BuiltInSpaces.Names];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Built_in_spaces_carry_the_name_of_their_file(string name) => Assert.Equal(name, SearchSpace.Load(name).Name);

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Written_tables_read_back_to_the_same_space(string name)
    {
        var space = SearchSpace.Load(name);

        var again = SearchSpace.Parse(space.ToJson(), "my.json");

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
            Stages =
            [
                small.Stages[0] with { Kernels = [4] },
                small.Stages[1] with { Name = "fixed", Stride = 3, Expansions = [1, 2] },
            ],
            Head = small.Head with { ExpandRatio = 2, ExpandWidth = 64 },
        };

        var error = Assert.Throws<InputException>(() => MbConvSpace.Create(wrong, "my.json"));

        foreach (var part in new[]
        {
            "my.json", "classes", "resolutions", "stages[0].kernels", "stages[1].name", "stages[1].stride",
            "stages[1].expansions", "head",
        })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"resolutions\": [20, 24, 28]", "\"resolutions\": null")]
    [InlineData("\"resolutions\": [20, 24, 28]", "\"resolutions\": [20, null]")]
    [InlineData("\"resolutions\": [20, 24, 28]", "\"resolutions\": [20.5]")]
    [InlineData("\"resolutions\": [20, 24, 28]", "\"resolutions\": [20], \"resolutions\": [24]")]
    [InlineData("\"resolutions\": [20, 24, 28],", "")]
    [InlineData("\"classes\": 10", "\"classes\": 10, \"colour\": 1")]
    [InlineData("\"classes\": 10", "\"classes\": \"10\"")]
    [InlineData("\"stages\": [", "\"stages\": [ null,")]
    [InlineData("\"genes\": \"per_stage\"", "\"genes\": \"per_layer\"")]
    [InlineData("\"genes\": \"per_stage\"", "\"genes\": 0")]
    [InlineData("\"head\":", "\"head\": null, \"tail\":")]
    [InlineData("\"gate\": \"hard_sigmoid\"", "\"gate\": \"relu\"")]
    [InlineData("hwnas/search-space/1", "hwnas/search-space/2")]
    public void Wrong_tables_are_refused(string right, string wrong)
    {
        Assert.Equal("mine", Read(Table).Name);

        var error = Assert.Throws<InputException>(() => Read(Table.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains("my.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_keys_types_and_values_of_a_file_are_reported_together_and_once_each()
    {
        var json = Table
            .Replace("\"classes\": 10", "\"classes\": \"ten\"", StringComparison.Ordinal)
            .Replace("\"stride\": 2", "\"strides\": 2", StringComparison.Ordinal)
            .Replace("[3, 5]", "[3, 4]", StringComparison.Ordinal)
            .Replace("[2, 3]", "[2, null]", StringComparison.Ordinal)
            .Replace("\"genes\": \"per_stage\"", "\"genes\": \"per_stage\", \"genes\": \"per_block\"", StringComparison.Ordinal);

        var error = Assert.Throws<InputException>(() => Read(json));

        Assert.Equal(
            [
                "'my.json' is no valid search space:",
                "genes: the key is given twice",
                "classes: a whole number is needed, not \"ten\"",
                "stem.strides: unknown key; the keys are widths, kernel, stride, activation",
                "stem.stride: the key is missing",
                "stages[0].expansions[1]: a whole number is needed, not null",
                "stages[0].kernels: 4 is even; kernels have a centre",
            ],
            error.Message.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void An_unknown_name_lists_the_built_in_ones()
    {
        var error = Assert.Throws<InputException>(() => MbConvSpace.Load("bignass"));

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

    private static ISearchSpace Read(string json) => SearchSpace.Parse(json, "my.json");
}
