using HwNas.Core.Predictors;
using HwNas.Core.Spaces;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Predictors;

public sealed class PredictorReportTests
{
    private static readonly GenomeSpace Small = SmallSpaces.PerBlock.Genomes;

    [Fact]
    public void The_report_is_of_networks_that_were_held_out()
    {
        var samples = Samples(60, 3);
        var report = PredictorReport.CrossValidate(Small, samples, seed: 1);

        Assert.Equal((48, 60), (report.Training, report.HeldOut));
        Assert.True(report.KendallTau > 0.9 && report.RmsePoints < 0.1, report.ToString());
        Assert.True(report.MacsRmsePoints > report.RmsePoints);

        // What cannot be learned is not found in held-out networks, though a fit finds some of it in those it saw.
        var random = new Random(1);
        var noise = samples.Select(s => s with { Top1Percent = random.NextDouble() }).ToList();
        Assert.InRange(PredictorReport.CrossValidate(Small, noise, 1).KendallTau, -0.35, 0.35);
    }

    [Fact]
    public void Equal_seeds_give_equal_reports() =>
        Assert.Equal(
            PredictorReport.CrossValidate(Small, Samples(30, 4), seed: 5),
            PredictorReport.CrossValidate(Small, Samples(30, 4), seed: 5));

    [Fact]
    public void Too_few_networks_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => PredictorReport.CrossValidate(Small, Samples(PredictorReport.FewestSamples - 1, 1), 1));

    private static List<MeasuredGenome> Samples(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Small.Sample(random)).Select(genome =>
            new MeasuredGenome(
                genome,
                90 + genome.Choices.ToArray().Index().Sum(gene => 0.37 * (gene.Index + 1) * gene.Item / 3)
                + (0.02 * random.NextDouble()),
                1000 + random.Next(1000)))];
    }
}
