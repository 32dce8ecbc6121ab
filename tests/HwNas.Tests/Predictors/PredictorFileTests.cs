using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Predictors;

public sealed class PredictorFileTests : IDisposable
{
    private static readonly GenomeSpace Small = SmallSpaces.PerBlock.Genomes;

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-predictor-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "predictor.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(PredictorKind.Ridge)]
    [InlineData(PredictorKind.GaussianProcess)]
    [InlineData(PredictorKind.MlpEnsemble)]
    public void A_predictor_predicts_the_same_after_it_was_written_and_read(PredictorKind kind)
    {
        var samples = Samples(40, 2);
        var fitted = AccuracyPredictor.Fit(Small, [.. samples.Select(s => s.Genome)], [.. samples.Select(s => s.Top1Percent)], 7, kind);
        StrictJson.WriteFile(Path, File(fitted.ToMean()));
        var read = PredictorFile.Read(Path).For(Small);

        Assert.All(Small.Enumerate().Take(200), genome => Assert.Equal(fitted.Mean(genome), read(genome), 1e-9));
    }

    [Fact]
    public void The_report_is_of_networks_that_were_held_out()
    {
        var samples = Samples(60, 3);
        var file = PredictorFile.Fit(Small, samples, new InputReference("front.json", "abc"), "1", seed: 1);

        Assert.Equal((48, 60), (file.Report.Training, file.Report.HeldOut));
        Assert.True(file.Report.KendallTau > 0.9 && file.Report.RmsePoints < 0.1, file.Report.ToString());
        Assert.True(file.Report.MacsRmsePoints > file.Report.RmsePoints);

        // What cannot be learned is not found in held-out networks, though every family fits some of it to those it saw.
        var random = new Random(1);
        var noise = samples.Select(s => s with { Top1Percent = random.NextDouble() }).ToList();
        Assert.InRange(PredictorReport.CrossValidate(Small, noise, 1, PredictorKind.Ridge).KendallTau, -0.35, 0.35);
    }

    [Fact]
    public void Equal_seeds_give_equal_files()
    {
        var samples = Samples(30, 4);
        string Text() => StrictJson.Serialize(PredictorFile.Fit(Small, samples, new InputReference("front.json", "abc"), "1", seed: 5));

        Assert.Equal(Text(), Text());
    }

    [Fact]
    public void Every_family_of_another_space_is_refused()
    {
        var samples = Samples(30, 4);
        foreach (var kind in Enum.GetValues<PredictorKind>())
        {
            var fitted = AccuracyPredictor.Fit(Small, [.. samples.Select(s => s.Genome)], [.. samples.Select(s => s.Top1Percent)], 7, kind);
            Assert.Contains("does not fit the search space", Assert.Throws<InputException>(() => File(fitted.ToMean()).For(SmallSpaces.PerStage.Genomes)).Message);
        }
    }

    [Fact]
    public void An_edited_file_is_refused()
    {
        StrictJson.WriteFile(Path, File(new LinearMean(1, [])));
        var text = System.IO.File.ReadAllText(Path);
        System.IO.File.WriteAllText(Path, text.Replace("\"intercept\": 1", "\"intercept\": 2", StringComparison.Ordinal));

        Assert.Contains("edited", Assert.Throws<InputException>(() => PredictorFile.Read(Path)).Message);
    }

    [Fact]
    public void Too_few_networks_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PredictorFile.Fit(Small, Samples(PredictorFile.FewestSamples - 1, 1), new InputReference("front.json", "abc"), "1", 1));

    private static PredictorFile File(PredictorMean mean) => new()
    {
        ToolVersion = "1",
        Evaluations = new InputReference("front.json", "abc"),
        Report = new PredictorReport(PredictorKind.Ridge, 1, 1, 0, 0, 0, 0),
        Mean = mean,
    };

    private static List<MeasuredGenome> Samples(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Small.Sample(random)).Select(genome =>
            new MeasuredGenome(genome, 90 + genome.Choices.ToArray().Index().Sum(gene => 0.37 * (gene.Index + 1) * gene.Item / 3) + (0.02 * random.NextDouble()), 1000 + random.Next(1000)))];
    }
}
