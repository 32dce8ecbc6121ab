using System.Globalization;
using System.Text;
using HwNas.Core.Files;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Core.Statistics;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;
using MathNet.Numerics.Distributions;

namespace HwNas.Benchmarks;

/// <summary>How long the study of recipes trains.</summary>
/// <param name="Steps">Steps of each training, of 64 images.</param>
/// <param name="Seeds">Trainings of each recipe.</param>
/// <param name="Parts">Parts of the recipe that are left out or put in; the first ones.</param>
/// <param name="Subnets">Random subnets that are judged beside the ends, and trained alone.</param>
/// <param name="Images">Test images to judge by.</param>
/// <param name="CalibrationBatches">Batches of training images to calibrate on.</param>
internal sealed record StudyScale(int Steps, int Seeds, int Parts, int Subnets, int Images, int CalibrationBatches)
{
    public static StudyScale Full { get; } = new(500, 3, int.MaxValue, 10, 10_000, 24);

    /// <summary>So short that a test can run it; its figures say nothing.</summary>
    public static StudyScale Short { get; } = new(2, 2, 1, 2, 250, 2);
}

/// <summary>
/// What each part of a recipe brings, and whether inheriting holds: supernets of the Fashion-MNIST space trained with one part
/// changed, and its subnets trained alone. All differences are between trainings of the same seed.
/// </summary>
internal sealed class RecipeStudy(StudyScale scale, TextWriter output, TimeProvider time)
{
    // Fixed, so that all trainings are judged by the same subnets.
    private const int SubnetSeed = 5;

    private const int Threads = 2;

    private static readonly Recipe Basis = new() { RandomSubnets = 2, LearningRate = 0.2 };

    private static readonly (string Name, Recipe Recipe)[] Parts =
    [
        ("no distillation: all learn the labels", Basis with { Distillation = DistillationKind.None }),
        ("adaptive alpha-divergence (AlphaNet)", Basis with { Distillation = DistillationKind.AdaptiveAlpha }),
        ("without zero-gamma", Basis with { ZeroGamma = false }),
        ("cosine to 0 in place of exponential with constant ending", Basis with
        {
            Schedule = ScheduleKind.Cosine, DecayShare = 1, EndingFraction = 0,
        }),
        ("averaged weights, decay 0.99", Basis with { AverageDecay = 0.99 }),
        ("RMSProp, rate 0.008", Basis with { Optimizer = OptimizerKind.RmsProp, LearningRate = 0.008 }),
        ("one random subnet", Basis with { RandomSubnets = 1 }),
        ("best-up sampling", Basis with { Sampling = SamplingKind.BestUp }),
        ("worst-up sampling", Basis with { Sampling = SamplingKind.WorstUp }),
        ("without label smoothing", Basis with { LabelSmoothing = 0 }),
        ("dropout 0.2", Basis with { Dropout = 0.2 }),
        ("drop-connect 0.2", Basis with { DropConnect = 0.2 }),
        ("weight decay 1e-4", Basis with { WeightDecay = 1e-4 }),
        ("clipping by value 1", Basis with { ClipValue = 1 }),
        ("clipping by norm 1", Basis with { ClipNorm = 1 }),
        ("cropped by 2 pixels beside flips", Basis with { Augmentation = new() { CropPadding = 2 } }),
        ("random erasing, a quarter", Basis with { Augmentation = new() { ErasingProbability = 0.25 } }),
        ("mixup 0.2", Basis with { Augmentation = new() { MixupAlpha = 0.2 } }),
    ];

    private readonly MbConvSpace _space = MbConvSpace.Load("fashion-mnist");
    private readonly DataSplits _data = DataSets.Open(DataSets.DefaultSpec);

    /// <summary>Trains, and writes a report in Markdown, anew after each part.</summary>
    public void Run(string command, string path)
    {
        var started = time.GetUtcNow();
        var subnets = Subnets();
        var basis = Seeds().Select(seed => Judged(Basis, seed, subnets)).ToList();
        var calibration = basis.ConvertAll(judged => judged.ByOneBatch);
        var alone = Seeds().Select(seed => Alone(seed, subnets)).ToList();
        var rows = new List<string>
        {
            Row(
                $"calibrated on one batch of 64 in place of {scale.CalibrationBatches}",
                [.. calibration.Zip(basis, (one, all) => one.Minus(all.Accuracies))]),
        };
        AtomicFile.WriteText(path, Report(command, started, subnets, basis, alone, rows));
        foreach (var (name, recipe) in Parts.Take(scale.Parts))
        {
            var changed = Seeds().Select(seed => Judged(recipe, seed, subnets).Accuracies).ToList();
            rows.Add(Row(name, [.. changed.Zip(basis, (with, without) => with.Minus(without.Accuracies))]));
            output.WriteLine(rows[^1]);
            AtomicFile.WriteText(path, Report(command, started, subnets, basis, alone, rows));
        }
    }

    private IEnumerable<int> Seeds() => Enumerable.Range(1, scale.Seeds);

    // The ends, then random ones.
    private List<Genome> Subnets()
    {
        var random = new Random(SubnetSeed);
        var sampled = Enumerable.Range(0, scale.Subnets).Select(_ => _space.Genomes.Sample(random));
        return [_space.Smallest, _space.Largest, .. sampled];
    }

    private (Accuracies Accuracies, Accuracies ByOneBatch) Judged(Recipe recipe, int seed, List<Genome> subnets)
    {
        using var folder = new Scratch();
        using var supernet = Train(_space, recipe, seed, folder);
        var judged = Judge(supernet, subnets.ConvertAll(_space.PlanOf), scale.CalibrationBatches);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"seed {seed}: {string.Join(' ', judged.Percent.Select(value => $"{value:F2}"))}"));
        return (judged, recipe == Basis ? Judge(supernet, subnets.ConvertAll(_space.PlanOf), calibrationBatches: 1) : judged);
    }

    // The random ones, each alone from the same seed for as many steps.
    private double[] Alone(int seed, List<Genome> subnets) =>
    [
        .. subnets.Skip(2).Select(genome =>
        {
            using var folder = new Scratch();
            var space = new SubnetSpace(_space, genome);
            using var network = Train(space, Basis, seed, folder);
            return Judge(network, [space.Plan], scale.CalibrationBatches).Percent[0];
        }),
    ];

    private ElasticSupernet Train(ISearchSpace space, Recipe recipe, int seed, Scratch folder)
    {
        var options = new TrainingOptions { Recipe = recipe, Seed = seed, Steps = scale.Steps, Threads = Threads };
        var trainer = new SupernetTrainer(options, _data.Training, time, ToolVersion.Text);
        using var fresh = new ElasticSupernet(space, seed, recipe.ZeroGamma);
        trainer.Train(fresh, null, folder.File("supernet"), folder.File("metrics"), progress: null, CancellationToken.None);
        return SupernetCheckpoint.Read(folder.File("supernet"), space).CreateSupernet();
    }

    private Accuracies Judge(ElasticSupernet supernet, List<Core.Graphs.NetworkPlan> plans, int calibrationBatches)
    {
        var evaluator = new SupernetEvaluator(supernet, "", _data.Training, _data.Test, new EvaluationOptions
        {
            CalibrationBatches = calibrationBatches, MaxImages = scale.Images, Threads = Threads,
        });
        return new([.. plans.Select(plan => evaluator.Evaluate(plan, CancellationToken.None).Top1Percent)]);
    }

    private string Report(
        string command, DateTimeOffset started, List<Genome> subnets,
        List<(Accuracies Accuracies, Accuracies ByOneBatch)> basis, List<double[]> alone, List<string> rows)
    {
        var text = new StringBuilder();
        var differences = basis.Zip(
            alone, (whole, each) => whole.Accuracies.Percent.Skip(2).Zip(each, (a, b) => a - b).Average());
        var taus = basis.Zip(alone, (whole, each) => KendallTau.Of([.. whole.Accuracies.Percent.Skip(2)], each));
        var means = Enumerable.Range(0, scale.Subnets)
            .Select(subnet => (
                Inherited: basis.Average(seed => seed.Accuracies.Percent[subnet + 2]),
                Alone: alone.Average(seed => seed[subnet])))
            .ToList();
        var rank = KendallTau.Of([.. means.Select(mean => mean.Inherited)], [.. means.Select(mean => mean.Alone)]);
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # The supernet of Fashion-MNIST: does inheriting hold, and what does each part of a recipe bring?

            Made by `{command}` on {started:yyyy-MM-dd}: {scale.Steps} steps of 64 images, {scale.Seeds} seeds, accuracy on
            {Math.Min(scale.Images, _data.Test.Count)} test images. Intervals are 95 % of Student's t over the seeds.
            {Machine.Conditions()}.

            ## Inherited against trained alone

            {scale.Subnets} random subnets, with the weights that they inherit, and each trained alone from the same seed, on as
            many images, with the same recipe.

            Inherited minus alone, mean of the subnets: **{Interval([.. differences])} points**. Kendall's τ of their ranks:
            {string.Join(", ", taus.Select(tau => tau.ToString("F2", CultureInfo.InvariantCulture)))} for single seeds,
            **{rank:F2}** for the means over seeds.

            | subnet | inherited % | alone % |
            |---|---|---|
            """);
        foreach (var (subnet, (inherited, trainedAlone)) in means.Index())
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| `{_space.IdOf(subnets[subnet + 2])}` | {inherited:F2} | {trainedAlone:F2} |");
        }

        var basisText = basis.ConvertAll(judged => judged.Accuracies);
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            ## Each part

            The basis is the preset `fashion-mnist`: smallest {basisText.Average(a => a.Smallest):F2} %, largest
            {basisText.Average(a => a.Largest):F2} %, random subnets {basisText.Average(a => a.Random):F2} %. Differences from it,
            in points:

            | changed | smallest | largest | random subnets |
            |---|---|---|---|
            """);
        foreach (var row in rows)
            text.AppendLine(row);
        return text.ToString();
    }

    private static string Row(string name, IReadOnlyList<Accuracies> differences) =>
        $"| {name} | {Interval([.. differences.Select(d => d.Smallest)])} | {Interval([.. differences.Select(d => d.Largest)])} "
            + $"| {Interval([.. differences.Select(d => d.Random)])} |";

    private static string Interval(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Length - 1));
        var half = values.Length < 2
            ? double.NaN
            : StudentT.InvCDF(0, 1, values.Length - 1, 0.975) * deviation / Math.Sqrt(values.Length);
        return string.Create(CultureInfo.InvariantCulture, $"{mean:+0.00;-0.00} ± {half:F2}");
    }

    private sealed record Accuracies(double[] Percent)
    {
        public double Smallest => Percent[0];

        public double Largest => Percent[1];

        public double Random => Percent.Skip(2).Average();

        public Accuracies Minus(Accuracies other) => new([.. Percent.Zip(other.Percent, (a, b) => a - b)]);
    }

    private sealed class Scratch : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hwnas-");

        public string File(string name) => Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
