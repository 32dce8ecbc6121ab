using HwNas.Core.Predictors;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.RealData;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Predictors;

public sealed class AccuracyPredictorTests
{
    private static readonly GenomeSpace Small = SmallSpaces.PerBlock.Genomes;

    [SharedDataFact]
    public void Accuracy_of_once_for_all_subnets_is_predicted_from_200_of_them()
    {
        const int seeds = 3;
        var space = MbConvSpace.Load("ofa-mobilenetv3");
        var all = DynasT.ReadAll(space)
            .Select(s => new MeasuredGenome(space.Encode(s.Architecture), s.Top1Percent, s.Macs)).ToArray();

        var reports = Enumerable.Range(0, seeds).Select(seed =>
        {
            var shuffled = all.ToArray();
            new Random(seed).Shuffle(shuffled);
            return PredictorReport.Measure(space.Genomes, shuffled[..200], shuffled[^400..]);
        }).ToList();

        // Issue 4 asks for 0.90 and 0.21.
        Assert.True(reports.Average(r => r.KendallTau) >= 0.94, $"tau {reports.Average(r => r.KendallTau)}");
        Assert.True(reports.Average(r => r.RmsePoints) <= 0.12, $"RMSE {reports.Average(r => r.RmsePoints)}");
        Assert.All(reports, r => Assert.True(r.KendallTau > r.MacsKendallTau && r.RmsePoints < r.MacsRmsePoints));
        Assert.Equal(0.79, reports.Average(r => r.MacsKendallTau), 0.02);
    }

    [Fact]
    public void Equal_samples_give_equal_predictions()
    {
        var (genomes, values) = Samples(40, 2);
        var (first, second) = (AccuracyPredictor.Fit(Small, genomes, values), AccuracyPredictor.Fit(Small, genomes, values));

        Assert.All(Small.Enumerate().Take(100), genome => Assert.Equal(first.Predict(genome), second.Predict(genome)));
    }

    [Theory]
    [InlineData(AccuracyPredictor.FewestSamples)]
    [InlineData(30)]
    public void A_constant_is_predicted_as_that_constant(int count)
    {
        var (genomes, _) = Samples(count, 3);

        var predictor = AccuracyPredictor.Fit(Small, genomes, [.. genomes.Select(_ => 91.5)]);

        Assert.All(Small.Enumerate().Take(50), genome => Assert.Equal(91.5, predictor.Predict(genome), 1e-6));
    }

    [Fact]
    public void Of_very_many_samples_an_even_part_is_enough()
    {
        var (genomes, values) = Samples(AccuracyPredictor.MostSamples + 500, 6);

        var predictor = AccuracyPredictor.Fit(Small, genomes, values);

        // The values have noise of 0.05 · U(0, 1).
        Assert.True(Math.Sqrt(genomes.Zip(values, (g, v) => Math.Pow(predictor.Predict(g) - v, 2)).Average()) < 0.02);
    }

    [Fact]
    public void A_genome_measured_again_and_again_is_no_problem()
    {
        var (genomes, values) = Samples(10, 4);
        Genome[] repeated = [.. genomes, .. genomes, .. genomes];
        double[] measured = [.. values, .. values.Select(v => v + 0.1), .. values.Select(v => v - 0.1)];

        Assert.Equal(values[0], AccuracyPredictor.Fit(Small, repeated, measured).Predict(genomes[0]), 0.1);
    }

    [Fact]
    public void Too_few_or_unpaired_or_infinite_samples_are_refused()
    {
        var (genomes, values) = Samples(10, 5);

        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(Small, genomes[..2], values[..2]));
        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(Small, genomes, values[..9]));
        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(Small, genomes, [.. values[..9], double.NaN]));
        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(new GenomeSpace([]), genomes, values));
        Assert.Throws<ArgumentException>(
            () => AccuracyPredictor.Fit(Small, genomes, values).Predict(SmallSpaces.PerStage.Genomes.Sample(new Random(1))));
    }

    private static (Genome[] Genomes, double[] Values) Samples(int count, int seed)
    {
        var random = new Random(seed);
        var genomes = Enumerable.Range(0, count).Select(_ => Small.Sample(random)).ToArray();
        return (genomes, [.. genomes.Select(
            genome => 90 + genome.Choices.ToArray().Sum(choice => 0.1 * choice) + (0.05 * random.NextDouble()))]);
    }
}
