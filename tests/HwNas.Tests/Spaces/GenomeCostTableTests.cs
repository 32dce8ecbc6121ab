using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Graphs;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.Cells;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

public sealed class GenomeCostTableTests
{
    public static TheoryData<string> BuiltIn => [.. BuiltInSpaces.Names];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Table_costs_are_those_of_the_plan_in_every_built_in_space(string name)
    {
        var space = SearchSpace.Load(name);
        var table = GenomeCostTable.Build(space, FakeLatencyUs, (block, _) => block.Nodes.Length);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(200),
            Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed => AssertSame(space, table, space.Genomes.Sample(new Random(seed)))));
        AssertSame(space, table, space.Smallest);
        AssertSame(space, table, space.Largest);
    }

    [Fact]
    public void Table_costs_and_ranges_are_those_of_all_networks_when_genes_are_per_stage() =>
        AssertEnumerated(SmallSpaces.PerStage);

    [Fact]
    public void Table_costs_and_ranges_are_those_of_all_networks_when_genes_are_per_block() =>
        AssertEnumerated(SmallSpaces.PerBlock);

    [Fact]
    public void Table_costs_and_ranges_are_those_of_all_networks_of_cells_between_residual_blocks() =>
        AssertEnumerated(SmallCells.Residual);

    [Fact]
    public void Table_costs_and_ranges_are_those_of_all_networks_of_normal_and_reduction_cells() =>
        AssertEnumerated(SmallCells.Reducing);

    [Theory]
    [InlineData(CellOutput.Concatenate)]
    [InlineData(CellOutput.Last)]
    public void Costs_of_cells_with_too_many_choices_for_a_table_are_those_of_the_plan(CellOutput output)
    {
        var space = CellSpace.Create(
            SmallCells.Darts with { Output = output, Resolutions = [15, 16] }, "darts");
        var table = GenomeCostTable.Build(space, FakeLatencyUs, (block, _) => block.Nodes.Length);
        Assert.NotEmpty(space.UntabledPeaks);
        Assert.Equal(
            CountMetrics.All.Select(metric => metric != CountMetrics.PeakActivationBytes),
            new MetricTable(space, [new CountMetrics()]).Ranges.Select(range => range.IsExact));
        var (random, operations) = (new Random(3), space.Definition.Operations.Length);
        for (var trial = 0; trial < 200; trial++)
        {
            // Many skips and nones: most of what is special about memory happens there.
            byte[] choices = [.. space.Genomes.Genes.Select((gene, i) => (byte)(i == 0 ? trial % 2
                : trial % 3 == 0 ? random.Next(operations)
                : random.Next(3) switch { 0 => 0, 1 => 3, _ => random.Next(operations) }))];
            var (cost, _) = AssertSame(space, table, space.Genomes.Create(choices));
            Assert.InRange(
                cost.PeakActivationBytes, table.PeakActivationBytesRange.Least, table.PeakActivationBytesRange.Most);
        }
    }

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void MACs_and_parameters_range_from_the_smallest_to_the_largest_network(string name)
    {
        var space = SearchSpace.Load(name);
        var table = GenomeCostTable.Build(space);
        var least = NetworkCost.Of(space.PlanOf(space.Smallest));
        var most = NetworkCost.Of(space.PlanOf(space.Largest));

        Assert.Equal(new CostRange(least.Macs, most.Macs), table.MacsRange);
        Assert.Equal(new CostRange(least.Params, most.Params), table.ParamsRange);
    }

    [Fact]
    public void Inactive_choices_cost_nothing()
    {
        var space = SmallSpaces.PerBlock;
        var table = GenomeCostTable.Build(space);
        var random = new Random(5);
        for (var trial = 0; trial < 200; trial++)
        {
            byte[] raw = [.. space.Genomes.Genes.Select(gene => (byte)random.Next(gene.Choices.Length))];
            Assert.Equal(table.Evaluate(space.Genomes.Create(raw)), table.Evaluate(raw, []));
        }
    }

    [Fact]
    public void Wrong_lengths_and_choices_are_refused()
    {
        var space = SmallSpaces.PerStage;
        var table = GenomeCostTable.Build(space, FakeLatencyUs);
        var genes = space.Genomes.Genes.Length;

        Assert.Throws<ArgumentException>(() => table.Evaluate(new byte[genes - 1], new double[1]));
        Assert.Throws<ArgumentException>(() => table.Evaluate(new byte[genes], []));
        Assert.Throws<ArgumentException>(() => table.Evaluate([.. Enumerable.Repeat((byte)9, genes)], new double[1]));
    }

    [Fact]
    public void Costs_that_are_not_finite_are_refused() =>
        Assert.Throws<ArgumentException>(() => GenomeCostTable.Build(SmallSpaces.PerStage, (_, _) => double.NaN));

    [Fact]
    public void A_space_that_couples_too_many_choices_is_refused_by_name()
    {
        var small = SmallSpaces.PerStage.Definition;
        var many = Enumerable.Range(1, 64).ToArray();
        var wide = small.Stages[1] with { Widths = [.. many], Depths = [.. many.Take(40)] };
        var space = MbConvSpace.Create(
            small with { Stages = [wide with { Name = "before" }, wide], Resolutions = [.. many.Select(r => r + 100)] }, "test");

        var error = Assert.Throws<InputException>(() => GenomeCostTable.Build(space));

        Assert.Contains(space.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluating_allocates_nothing()
    {
        var space = MbConvSpace.Load("bignas");
        var table = GenomeCostTable.Build(space, FakeLatencyUs);
        var genome = space.Largest;
        var latency = new double[1];
        table.Evaluate(genome, latency);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            table.Evaluate(genome, latency);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void AssertEnumerated(ISearchSpace space)
    {
        var table = GenomeCostTable.Build(space, FakeLatencyUs, (block, _) => block.Nodes.Length);
        var all = space.Genomes.Enumerate().Select(genome => AssertSame(space, table, genome)).ToList();

        Assert.Equal(new CostRange(all.Min(c => c.Cost.Macs), all.Max(c => c.Cost.Macs)), table.MacsRange);
        Assert.Equal(new CostRange(all.Min(c => c.Cost.Params), all.Max(c => c.Cost.Params)), table.ParamsRange);
        Assert.Equal(
            new CostRange(all.Min(c => c.Cost.PeakActivationBytes), all.Max(c => c.Cost.PeakActivationBytes)),
            table.PeakActivationBytesRange);
        Assert.Equal(all.Min(c => c.LatencyUs), table.BlockCostRanges[0].Least, 1e-6);
        Assert.Equal(all.Max(c => c.LatencyUs), table.BlockCostRanges[0].Most, 1e-6);
    }

    private static (NetworkCost Cost, double LatencyUs) AssertSame(ISearchSpace space, GenomeCostTable table, Genome genome)
    {
        var plan = space.PlanOf(genome);
        var layerCosts = new double[table.BlockCostCount];

        var cost = table.Evaluate(genome, layerCosts);

        Assert.Equal(NetworkCost.Of(plan), cost);
        Assert.Equal(plan.Blocks.Sum(block => FakeLatencyUs(block, plan.Input.Height)), layerCosts[0], 1e-6);
        Assert.Equal(plan.Blocks.Sum(block => block.Nodes.Length), layerCosts[1]);
        return (cost, layerCosts[0]);
    }

    // A latency that is no function of MACs or size: some number from the key.
    // Another in each resolution.
    private static double FakeLatencyUs(Block layer, int resolution) =>
        layer.LatencyKey.Aggregate((uint)resolution, (hash, c) => (hash * 31) + c) % 1000 / 8.0;
}
