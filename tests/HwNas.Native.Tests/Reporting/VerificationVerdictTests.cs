using System.Collections.Immutable;
using HwNas.Cli.Reporting;
using HwNas.Core.Data;
using HwNas.Core.Devices;
using HwNas.Core.Search;
using HwNas.Onnx.Export;

namespace HwNas.Native.Tests.Reporting;

public sealed class VerificationVerdictTests
{
    private static readonly Dictionary<string, double> NoLimits = [];

    // By the binomial distribution: of 12 intervals of 95 %, 2 or more break in 11.8 % of cases, 3 or more in 2.0 %.
    [Theory]
    [InlineData(12, 0, true)]
    [InlineData(12, 2, true)]
    [InlineData(12, 3, false)]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, true)]
    public void More_broken_intervals_than_chance_explains_are_too_few_that_held(int models, int outside, bool isKept)
    {
        var verdict = new VerificationVerdict(
            [.. Enumerable.Range(0, models).Select(i => Card(measuredUs: 100, predictedUs: i < outside ? 150 : 101))], NoLimits);
        Assert.Equal(isKept, verdict.IsKept);
        Assert.Equal(!isKept, $"{verdict}".Contains("TOO FEW", StringComparison.Ordinal));
        Assert.Equal(
            models > 1, $"{verdict}".Contains($"held for {models - outside} of {models} models", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_breaks_the_budget_of_its_search_is_named()
    {
        ModelCard[] cards = [Card(100, 100), Card(121, 120)];
        var verdict = new VerificationVerdict(cards, new Dictionary<string, double> { ["pi5"] = 120.5 });
        Assert.False(verdict.IsKept);
        Assert.Contains(
            "OVER BUDGET     net-121: 121.0 µs; at most 120.5 µs were asked for\n", $"{verdict}", StringComparison.Ordinal);
        Assert.DoesNotContain("net-100", $"{verdict}", StringComparison.Ordinal);
        Assert.True(new VerificationVerdict(cards, new Dictionary<string, double> { ["pi5"] = 121 }).IsKept);
        Assert.True(new VerificationVerdict(cards, new Dictionary<string, double> { ["other"] = 1 }).IsKept);
    }

    private static ModelCard Card(double measuredUs, double predictedUs) => new()
    {
        ToolVersion = "test",
        Model = new InputReference("model.onnx", "none"),
        Space = new InputReference("space", "none"),
        Supernet = new InputReference("supernet.safetensors", "none"),
        Architecture = FormattableString.Invariant($"net-{measuredUs}"),
        Resolution = 28,
        Normalisation = new Normalisation([0.3], [0.3]),
        Classes = ["a", "b"],
        ValidationTop1Percent = 50,
        ValidationStandardErrorPercent = 1,
        Costs = ImmutableSortedDictionary<string, double>.Empty,
        PredictedLatencyUs = ImmutableSortedDictionary<string, LatencyEstimate>.Empty,
        Verifications =
        [
            new("pi5", "runtime", 100, 50, null, predictedUs, measuredUs, measuredUs - 1, measuredUs + 1)
            {
                PredictedLowUs = predictedUs - 5, PredictedHighUs = predictedUs + 5,
            },
        ],
    };
}
