using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Graphs;
using HwNas.Core.Metrics;
using HwNas.Core.Search;
using HwNas.Native.Tests.Support;
using HwNas.Tests.Devices;

namespace HwNas.Native.Tests.Library;

/// <summary>What a search over subnets takes, and what it refuses.</summary>
public sealed class SubnetProblemTests
{
    [Theory]
    [InlineData(ModelPrecision.Int8, 1, "int8, batch 1")]
    [InlineData(ModelPrecision.Fp32, 8, "fp32, batch 8")]
    public void Latency_of_another_precision_or_batch_is_not_paired_with_accuracy(
        ModelPrecision precision, int batch, string named)
    {
        var space = Some.TinySpace();
        var profile = SomeProfile.Of(space);
        var other = profile with { Runtime = profile.Runtime with { Precision = precision, Batch = batch } };

        _ = SubnetProblem.Create(space, [profile], new SubnetGoals(), []);
        var error = Assert.Throws<InputException>(() => SubnetProblem.Create(space, [other], new SubnetGoals(), []));
        Assert.Contains($"'test-box' is of onnxruntime 1.29.0", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("Give a profile of fp32 and batch 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_of_ones_own_is_an_objective_and_a_budget_and_among_the_costs()
    {
        var space = Some.TinySpace();
        var goals = new SubnetGoals
        {
            Objectives = [Metric.Accuracy.Name, Nodes.Metric.Name],
            Budgets = [new Budget(Nodes.Metric.Name, 40)],
        };
        var problem = SubnetProblem.Create(space, [], goals, [new Nodes()]);
        double NodesOf(Core.Spaces.Genome genome) => space.PlanOf(genome).Blocks.Sum(block => block.Nodes.Length);

        Assert.Equal(goals.Objectives, problem.Search.Objectives.Select(objective => objective.Name));
        foreach (var genome in new[] { space.Smallest, space.Largest })
        {
            Assert.Equal(NodesOf(genome), problem.CostsOf(genome)[Nodes.Metric.Name]);
            Assert.Equal(NodesOf(genome) <= 40, problem.Search.KeepsKnownLimits(genome));
        }

        Assert.InRange(40, NodesOf(space.Smallest), NodesOf(space.Largest) - 1);
        var error = Assert.Throws<InfeasibleBudgetException>(() => FeasibilityCheck.Require(SubnetProblem.Create(
            space, [], goals with { Budgets = [new Budget(Nodes.Metric.Name, 1)] }, [new Nodes()]).Search));
        Assert.Contains($"{NodesOf(space.Smallest)}", error.Message, StringComparison.Ordinal);
    }

    /// <summary>How many operations a network has.</summary>
    private sealed class Nodes : IMetricSource
    {
        public static Metric Metric { get; } = new("nodes", Direction.Minimize, "");

        public ImmutableArray<Metric> Metrics => [Metric];

        public string? Origin => null;

        public ImmutableArray<Func<Block, int, double>> BlockCosts => [(block, _) => block.Nodes.Length];

        public void Compute(NetworkCost counts, ReadOnlySpan<double> blockSums, Span<double> values) => values[0] = blockSums[0];
    }
}
