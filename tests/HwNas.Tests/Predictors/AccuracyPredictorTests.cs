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
        var all = DynasT.ReadAll(space).Select(s => new MeasuredGenome(space.Encode(s.Architecture), s.Top1Percent, s.Macs)).ToArray();

        var reports = Enumerable.Range(0, seeds).Select(seed =>
        {
            var shuffled = all.ToArray();
            new Random(seed).Shuffle(shuffled);
            return PredictorReport.Measure(space.Genomes, shuffled[..200], shuffled[^400..], seed, PredictorKind.Ridge, PredictorKind.GaussianProcess);
        }).ToList();

        // Issue 4 asks for 0.90 and 0.21.
        Assert.True(reports.Average(r => r.KendallTau) >= 0.94, $"tau {reports.Average(r => r.KendallTau)}");
        Assert.True(reports.Average(r => r.RmsePoints) <= 0.12, $"RMSE {reports.Average(r => r.RmsePoints)}");
        Assert.All(reports, r => Assert.True(r.KendallTau > r.MacsKendallTau && r.RmsePoints < r.MacsRmsePoints));
        Assert.Equal(0.79, reports.Average(r => r.MacsKendallTau), 0.02);
    }

    [Fact]
    public void Cross_validation_keeps_the_family_with_the_least_error()
    {
        var (genomes, values) = Samples(60, 1);

        var predictor = AccuracyPredictor.Fit(Small, genomes, values, seed: 1);

        Assert.Equal(Enum.GetValues<PredictorKind>().Order(), predictor.CrossValidationRmse.Keys.Order());
        Assert.Equal(predictor.CrossValidationRmse.MinBy(pair => pair.Value).Key, predictor.Kind);
    }

    [Fact]
    public void Families_that_cannot_take_the_number_of_samples_are_left_out()
    {
        var (few, fewValues) = Samples(AccuracyPredictor.FewestSamples, 1);
        var (many, manyValues) = Samples(GaussianProcessModel.MostSamples + 1, 1);

        Assert.Equal(PredictorKind.Ridge, AccuracyPredictor.Fit(Small, few, fewValues, 1, PredictorKind.MlpEnsemble).Kind);
        Assert.Equal(PredictorKind.Ridge, AccuracyPredictor.Fit(Small, many, manyValues, 1, PredictorKind.GaussianProcess).Kind);
    }

    [Theory]
    [InlineData(PredictorKind.Ridge)]
    [InlineData(PredictorKind.GaussianProcess)]
    [InlineData(PredictorKind.MlpEnsemble)]
    public void Equal_samples_and_seed_give_equal_predictions(PredictorKind kind)
    {
        var (genomes, values) = Samples(40, 2);
        var first = AccuracyPredictor.Fit(Small, genomes, values, 7, kind);
        var second = AccuracyPredictor.Fit(Small, genomes, values, 7, kind);

        Assert.All(Small.Enumerate().Take(100), genome => Assert.Equal(first.Predict(genome), second.Predict(genome)));
    }

    [Theory]
    [InlineData(PredictorKind.Ridge)]
    [InlineData(PredictorKind.GaussianProcess)]
    [InlineData(PredictorKind.MlpEnsemble)]
    public void A_constant_is_predicted_as_that_constant(PredictorKind kind)
    {
        var (genomes, _) = Samples(30, 3);

        var predictor = AccuracyPredictor.Fit(Small, genomes, [.. genomes.Select(_ => 91.5)], 1, kind);

        Assert.All(Small.Enumerate().Take(50), genome => Assert.Equal(91.5, predictor.Predict(genome).Mean, 1e-6));
    }

    [Fact]
    public void A_genome_measured_again_and_again_is_no_problem()
    {
        var (genomes, values) = Samples(10, 4);
        Genome[] repeated = [.. genomes, .. genomes, .. genomes];
        double[] measured = [.. values, .. values.Select(v => v + 0.1), .. values.Select(v => v - 0.1)];

        foreach (var kind in Enum.GetValues<PredictorKind>())
            Assert.True(double.IsFinite(AccuracyPredictor.Fit(Small, repeated, measured, 1, kind).Mean(genomes[0])));
    }

    [Fact]
    public void Too_few_or_unpaired_or_infinite_samples_are_refused()
    {
        var (genomes, values) = Samples(10, 5);

        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(Small, genomes[..2], values[..2], 1));
        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(Small, genomes, values[..9], 1));
        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(Small, genomes, [.. values[..9], double.NaN], 1));
        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(new GenomeSpace([]), genomes, values, 1));
        Assert.Throws<ArgumentException>(() => AccuracyPredictor.Fit(Small, genomes, values, 1).Mean(SmallSpaces.PerStage.Genomes.Sample(new Random(1))));
    }

    private static (Genome[] Genomes, double[] Values) Samples(int count, int seed)
    {
        var random = new Random(seed);
        var genomes = Enumerable.Range(0, count).Select(_ => Small.Sample(random)).ToArray();
        return (genomes, [.. genomes.Select(genome => 90 + genome.Choices.ToArray().Sum(choice => 0.1 * choice) + (0.05 * random.NextDouble()))]);
    }
}
