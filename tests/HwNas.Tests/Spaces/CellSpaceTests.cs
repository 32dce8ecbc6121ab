using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.Cells;
using HwNas.Tests.RealData;
using HwNas.Tests.Support;

namespace HwNas.Tests.Spaces;

public sealed class CellSpaceTests
{
    public static TheoryData<string> Small => ["residual", "reducing"];

    [SharedDataFact]
    public void All_published_cells_of_NAS_Bench_201_have_their_parameters_and_FLOPs_to_the_digit()
    {
        var space = SearchSpace.Load("nas-bench-201");
        var seen = new HashSet<Genome>();
        foreach (var row in NasBench201.ReadAll())
        {
            var genome = space.Parse(row.Cell);
            Assert.True(seen.Add(genome));
            if (row.FlopsM is null)
                continue;
            var plan = space.PlanOf(genome);
            Assert.Equal(row.ParamsM!.Value, plan.Blocks.Sum(block => block.Params) / 1e6m);
            Assert.Equal(row.FlopsM.Value, NasBench201.FlopsOf(plan) / 1e6m);
        }

        Assert.Equal(15_625, seen.Count);
        Assert.Equal(15_625, space.Genomes.Count);
    }

    [Fact]
    public void The_published_network_of_DARTS_has_its_parameters_to_the_digit_and_its_multiply_accumulates()
    {
        // DARTS' second cell (Liu et al. 2019, appendix; DARTS_V2 of its code): of each node two edges, the others none.
        string[][] normal =
        [
            ["sep_conv_3x3", "sep_conv_3x3"],
            ["sep_conv_3x3", "sep_conv_3x3", "none"],
            ["skip_connect", "sep_conv_3x3", "none", "none"],
            ["skip_connect", "none", "dil_conv_3x3", "none", "none"],
        ];
        string[][] reduction =
        [
            ["max_pool_3x3", "max_pool_3x3"],
            ["none", "max_pool_3x3", "skip_connect"],
            ["max_pool_3x3", "none", "skip_connect", "none"],
            ["none", "max_pool_3x3", "skip_connect", "none", "none"],
        ];
        var space = SearchSpace.Load(Path.Combine(Repository.Root, "samples", "spaces", "darts.json"));

        var plan = space.PlanOf(space.Parse(string.Join('-', normal.Concat(reduction).SelectMany(node => node))));

        // The paper rounds to 3.3 million, its code logs 3.349342. Our head has a batch norm that theirs has not.
        var head = plan.Blocks[^1].Find("bn")!.Operation.Params;
        Assert.Equal(3_349_342, plan.Blocks.Sum(block => block.Params) - head);

        // Convolutions and the linear layer, as genotype files that others published give DARTS_V2: "528M, 3.3M".
        Assert.Equal(528, Math.Round(plan.Blocks.Sum(block => block.Macs) / 1e6));
        Assert.Equal(BigInteger.Pow(8, 28), space.Genomes.Count);
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void The_union_has_every_block_of_every_network_under_its_name(string name)
    {
        var space = Space(name);
        var union = space.Blocks().Select(block => (block.Name, block.LatencyKey)).ToHashSet();
        var found = space.Genomes.Enumerate()
            .SelectMany(genome => space.PlanOf(genome).Blocks)
            .Select(block => (block.Name, block.LatencyKey)).ToHashSet();
        Assert.Equal(found.Order(), union.Order());
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void Ids_and_JSON_lines_read_back(string name)
    {
        var space = Space(name);
        foreach (var genome in space.Genomes.Enumerate())
        {
            Assert.Equal(genome, space.Parse(space.IdOf(genome)));
            Assert.Equal(genome, space.Parse(space.ToJson(genome)));
            Assert.Equal(space.IdOf(genome), space.PlanOf(genome).Id);
        }
    }

    [Fact]
    public void A_node_sums_its_edges_and_a_skipped_edge_is_its_source()
    {
        var plan = Space("residual").PlanOf(Space("residual").Parse("r8-skip_connect-nor_conv_3x3-max_pool_3x3"));
        var cell = plan.Blocks.Where(block => block.Name.StartsWith("cell0", StringComparison.Ordinal))
            .Select(block => block.Name);

        Assert.Equal(["cell0.1.0.nor_conv_3x3", "cell0.1.1.max_pool_3x3", "cell0.1.sum"], cell);
        Assert.Equal([1], plan.Wiring[2].AsEnumerable());
        Assert.Equal([2, 3], plan.Wiring[3].AsEnumerable());
    }

    [Fact]
    public void A_node_without_edges_is_zero()
    {
        var space = Space("residual");
        var plan = space.PlanOf(space.Parse("r8-none-none-nor_conv_3x3"));
        var random = new Random(1);
        var images = new[] { Enumerable.Range(0, (int)plan.Input.Elements).Select(_ => random.NextDouble()).ToArray() };
        var weights = SubnetWeights.Names(plan)
            .ToDictionary(weight => weight.Name, weight => Enumerable.Repeat(0.5, weight.Spec.Elements).ToArray());

        var logits = ReferenceInterpreter.Run(plan, name => weights[name], images)[0];

        images[0] = [.. images[0].Select(pixel => pixel / 2)];
        Assert.Equal(logits, ReferenceInterpreter.Run(plan, name => weights[name], images)[0]);
    }

    [Theory]
    [InlineData("nor_conv_3x3")]
    [InlineData("r8-nor_conv_3x3-none-none-none")]
    [InlineData("r8-nor_conv_3x3-none-conv")]
    [InlineData("r10-nor_conv_3x3-none-none")]
    [InlineData("""{"id":"r8-none-none-none","x":1}""")]
    [InlineData("""{"id":7}""")]
    [InlineData("")]
    public void Texts_that_are_no_network_are_refused(string text) =>
        Assert.Throws<InputException>(() => Space("residual").Parse(text, "here"));

    [Theory]
    [InlineData("|nor_conv_3x3~0|+|none~0|skip_connect~2|+|none~0|none~1|none~2|")]
    [InlineData("|nor_conv_3x3~0|+|none~0|+|none~0|none~1|none~2|")]
    [InlineData("|nor_conv_3x3|")]
    public void Broken_cells_in_the_published_form_are_refused(string text) =>
        Assert.Throws<InputException>(() => SearchSpace.Load("nas-bench-201").Parse(text));

    [Fact]
    public void All_problems_of_a_definition_are_reported_at_once()
    {
        var wrong = SmallCells.Definition with
        {
            Classes = 1,
            Operations = ["none", "conv_2x2", "sep_conv_4x4"],
            Nodes = 9,
            CellInputs = 2,
            Resolutions = [8, 8],
        };

        var error = Assert.Throws<InputException>(() => CellSpace.Create(wrong, "my.json"));

        foreach (var place in new[] { "my.json", "classes", "conv_2x2", "sep_conv_4x4", "nodes", "reduction", "resolutions" })
            Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_that_double_beyond_all_bounds_are_refused() =>
        Assert.Contains(
            "stem_channels",
            Assert.Throws<InputException>(
                () => CellSpace.Create(SmallCells.Definition with { StemChannels = 1024, Stages = 6 }, "test")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Mutated_definitions_are_read_or_refused_and_never_crash()
    {
        var text = BuiltInSpaces.TryReadText("nas-bench-201")!;
        var mutants = Gen.Choose(0, text.Length - 1)
            .SelectMany(at => Gen.Choose(32, 126).Select(letter => text[..at] + (char)letter + text[(at + 1)..]));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(mutants.ToArbitrary(), mutant =>
            {
                try
                {
                    SearchSpace.Parse(mutant, "mutant");
                }
                catch (InputException)
                {
                    // The only way to refuse.
                }
            }));
    }

    private static CellSpace Space(string name) => name == "residual" ? SmallCells.Residual : SmallCells.Reducing;
}
