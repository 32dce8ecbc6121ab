using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

public sealed class ArchitectureJsonTests
{
    private const string PerStageId = "r13-c8-w8d1k3e1-w12d2k5e3-w16d1k7e4-h32";
    private const string PerBlockId = "r13-c8-w8d1k3e1-w12d2k5.3e3.2-w16d1k7e4-h32";

    [Theory]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[5,7],"expansions":[3,4]}""")]
    [InlineData("""{"resolution":13,"widths":[8,8,12,16,32],"depths":[1,2,1],"kernels":[3,5,7],"expansions":[1,3,4]}""")]
    [InlineData("""{"resolution":13,"widths":[8,8,12,16,32],"depths":[2,1],"kernels":[3,5,7],"expansions":[3,4]}""")]
    [InlineData("""{"expansions":[3,4],"kernels":[[5,5],[7]],"depths":[2,1],"widths":[8,12,16,32],"resolution":13}""")]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[[5,5,3],7],"expansions":[[3,3,0],4]}""")]
    [InlineData("""{"id":"r13-c8-w8d1k3e1-w12d2k5e3-w16d1k7e4-h32"}""")]
    [InlineData("\"r13-c8-w8d1k3e1-w12d2k5e3-w16d1k7e4-h32\"")]
    [InlineData(" r13-c8-w8d1k3e1-w12d2k5e3-w16d1k7e4-h32 ")]
    public void Every_way_to_write_a_network_is_read_where_genes_are_per_stage(string json) =>
        Assert.Equal(PerStageId, ArchitectureJson.Parse(SmallSpaces.PerStage, json, "test").Id);

    [Theory]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[[5,3],[7]],"expansions":[[3,2],[4]]}""")]
    [InlineData(
        """{"resolution":13,"widths":[8,8,12,16,32],"depths":[1,2,1],"kernels":[3,[5,3,99],[7,0]],"expansions":"""
        + """[[1],[3,2,2],4]}""")]
    public void Every_way_to_write_a_network_is_read_where_genes_are_per_block(string json) =>
        Assert.Equal(PerBlockId, ArchitectureJson.Parse(SmallSpaces.PerBlock, json, "test").Id);

    [Theory]
    [InlineData("""{"wid":null,"ks":[5,5,7],"e":[3,3,4],"d":[2,1],"r":[13]}""")]
    [InlineData("{\n  \"ks\": [5, 5, 7],\n  \"e\": [3, 3, 4],\n  \"d\": [2, 1],\n  \"r\": 13\n}\n")]
    public void Once_for_alls_own_configuration_is_read(string json)
    {
        // Two elastic stages of up to two and one blocks.
        var definition = SmallSpaces.PerStage.Definition;
        var space = MbConvSpace.Create(
            definition with
            {
                Resolutions = [13],
                Head = definition.Head with { Widths = [32] },
                Stages = [.. definition.Stages.Select((stage, i) =>
                    stage with { Widths = [8 + (4 * i)], Depths = [.. stage.Depths.Where(depth => depth < 3 - (i / 2))] })],
            },
            "test");
        Assert.Equal(PerStageId, ArchitectureJson.Parse(space, json, "test").Id);
    }

    [Theory]
    [InlineData("""{"ks":[5],"e":[3,3,4],"d":[2,1],"r":13}""", "ks: a list of ")]
    [InlineData("""{"ks":5,"e":[3,3,4],"r":13}""", "d is missing")]
    [InlineData("""{"wid":1,"ks":5,"e":[3,3,4],"r":13}""", "wid: it must be null")]
    [InlineData("""{"ks":[5],"kernels":[3]}""", "unknown key 'kernels'; once-for-all's keys are ks, e, d, r, wid")]
    public void A_wrong_configuration_of_once_for_all_says_what_is_wrong(string json, string problem) =>
        Assert.Contains(
            problem, Assert.Throws<InputException>(() => ArchitectureJson.Parse(SmallSpaces.PerStage, json, "test")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_canonical_form_leaves_fixed_stages_out_and_has_arrays_where_genes_are_per_block()
    {
        Assert.Equal(
            """{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[5,7],"expansions":[3,4]}""",
            ArchitectureJson.Format(SmallSpaces.PerStage, Architecture.Parse(PerStageId)));
        Assert.Equal(
            """{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[[5,3],[7]],"expansions":[[3,2],[4]]}""",
            ArchitectureJson.Format(SmallSpaces.PerBlock, Architecture.Parse(PerBlockId)));
    }

    [Fact]
    public void The_canonical_form_leaves_widths_out_where_the_space_fixes_them()
    {
        var space = MbConvSpace.Load("ofa-mobilenetv3");

        Assert.DoesNotContain("widths", space.ToJson(space.Largest), StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_form_of_once_for_all_is_read()
    {
        // Five stages of four blocks, as the measured subnets are published; the blocks beyond the depth are ignored.
        const string json = """
            {"resolution":224,"depths":[2,3,2,4,3],
             "kernels":[[5,7,5,5],[3,3,3,7],[5,5,3,7],[7,3,3,3],[5,5,5,5]],
             "expansions":[[4,3,4,4],[4,6,3,4],[4,3,4,3],[3,6,6,6],[4,3,4,4]]}
            """;

        Assert.Equal(
            "r224-c16-w16d1k3e1-w24d2k5.7e4.3-w40d3k3e4.6.3-w80d2k5e4.3-w112d4k7.3.3.3e3.6.6.6-w160d3k5e4.3.4-h1280",
            ArchitectureJson.Parse(MbConvSpace.Load("ofa-mobilenetv3"), json, "test").Id);
    }

    [Fact]
    public void All_problems_of_a_line_are_reported_at_once()
    {
        var error = Assert.Throws<InputException>(() => ArchitectureJson.Parse(
            SmallSpaces.PerBlock,
            """{"resolution":14,"resolution":13,"width":[1],"widths":[8,9,16,32],"depths":[2,"1"],"kernels":"""
            + """[[5,3,3,3],7],"expansions":[[4,2],[4]]}""",
            "nets.jsonl line 3"));

        foreach (var part in new[]
        {
            "nets.jsonl line 3", "resolution: 14", "'resolution' is given twice", "unknown key 'width'", "widths[1]: 9",
            "depths[1]: \"1\"",
            "kernels[0]: 4 entries", "expansions[0][0]: 4 is not one of 2, 3",
        })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("13")]
    [InlineData("{}")]
    [InlineData("{\"id\":13}")]
    [InlineData("{\"id\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"id\":\"r13\"}")]
    [InlineData("\"r13-c8-w8d1k3e1-w12d2k5e3-w16d1k7e4-h33\"")]
    [InlineData("""{"id":"r13-c8-w8d1k3e1-w12d2k5e3-w16d1k7e4-h32","resolution":13}""")]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[5,7]}""")]
    [InlineData("""{"resolution":13.5,"widths":[8,12,16,32],"depths":[2,1],"kernels":[5,7],"expansions":[3,4]}""")]
    [InlineData("""{"resolution":13,"widths":[8,12,16],"depths":[2,1],"kernels":[5,7],"expansions":[3,4]}""")]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2],"kernels":[5,7],"expansions":[3,4]}""")]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[[5,3],7],"expansions":[3,4]}""")]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[[5,5,"x"],7],"expansions":[3,4]}""")]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[[],7],"expansions":[3,4]}""")]
    [InlineData("""{"resolution":13,"widths":[8,12,16,32],"depths":[2,1],"kernels":[5,7],"expansions":[3,4]} x""")]
    [InlineData("""{"resolution":13,"widths":[[[[[[[[[[8]]]]]]]]]],"depths":[2,1],"kernels":[5,7],"expansions":[3,4]}""")]
    public void Wrong_lines_are_refused(string json)
    {
        var error = Assert.Throws<InputException>(() => ArchitectureJson.Parse(SmallSpaces.PerStage, json, "here"));

        Assert.StartsWith("here: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_lines_are_refused_or_give_a_network_of_the_space()
    {
        var lines = AnySpace.AnyGenome.Generator.Select(
            pair => (pair.Space, Json: ArchitectureJson.Format(pair.Space, pair.Space.Decode(pair.Genome))));
        var damaged = lines.SelectMany(line => Mangle.Any(Gen.Constant(line.Json)).Select(json => (line.Space, Json: json)));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3000),
            Prop.ForAll(damaged.ToArbitrary(), line =>
            {
                try
                {
                    line.Space.Encode(ArchitectureJson.Parse(line.Space, line.Json, "here"));
                }
                catch (InputException error)
                {
                    Assert.StartsWith("here: ", error.Message, StringComparison.Ordinal);
                }
            }));
    }
}
