using HwNas.Core;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Training;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Supernet;

public sealed class SupernetTrainerTests
{
    [Fact]
    public void Training_learns_every_subnet_of_the_sandwich()
    {
        using var folder = new TemporaryFolder();
        var space = Some.TinySpace();
        var images = Some.Images(640);

        // Mirrored, the bar of one class is almost that of another.
        var options = Some.Options(steps: 250) with
        {
            Recipe = new() { LearningRate = 0.1, WarmupSteps = 2, Augmentation = Augmentation.Load("none") },
        };
        using var supernet = Train(folder, space, options, images);
        var evaluator = new SupernetEvaluator(
            supernet, "x", images, Some.Images(200, seed: 9),
            new EvaluationOptions { CalibrationBatch = 64, CalibrationBatches = 4 });
        foreach (var architecture in new[] { space.Largest, space.Smallest })
        {
            var accuracy = evaluator.Evaluate(space.PlanOf(architecture), CancellationToken.None);
            Assert.True(accuracy.Top1Percent > 80, $"{architecture}: {accuracy.Top1Percent} % of ten easy classes");
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_bit_for_bit_with_any_number_of_threads()
    {
        using var folder = new TemporaryFolder();
        var (space, images) = (Some.TinySpace(), Some.Images(64));

        float[][] Trained(int threads)
        {
            var options = Some.Options(steps: 5) with { Recipe = Some.EveryPart, Threads = threads };
            using var supernet = Train(folder, space, options, images, $"{threads} threads");
            return [.. supernet.Parameters.Values.Select(parameter => parameter.data<float>().ToArray())];
        }

        var expected = Trained(threads: 1);
        Assert.Equal(expected, Trained(threads: 2));
        Assert.Equal(expected, Trained(threads: 4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interrupted_training_continues_to_the_same_weights_bit_for_bit(bool everyPart)
    {
        using var folder = new TemporaryFolder();
        var (space, options, images) = (Some.TinySpace(), Some.Options(steps: 9), Some.Images(64));
        options = options with { Recipe = everyPart ? Some.EveryPart : options.Recipe with { Dropout = 0.2 } };
        using var whole = Train(folder, space, options, images, "whole");

        using (var cancelled = new CancellationTokenSource())
        using (var first = new ElasticSupernet(space, options.Seed))
        {
            var stop = new Stop(cancelled, atStep: 4);
            Assert.Throws<OperationCanceledException>(() => new SupernetTrainer(options, images, TimeProvider.System, "test")
                .Train(first, null, folder.File("part"), folder.File("metrics"), stop, cancelled.Token));
        }

        var checkpoint = SupernetCheckpoint.Read(folder.File("part"));
        Assert.Equal(4, checkpoint.Step);
        using var resumed = checkpoint.CreateTrained();
        new SupernetTrainer(options, images, TimeProvider.System, "test")
            .Train(resumed, checkpoint, folder.File("part"), folder.File("metrics"), null, CancellationToken.None);

        Assert.Equal(File.ReadAllBytes(folder.File("whole")), File.ReadAllBytes(folder.File("part")));
    }

    [Fact]
    public void Looking_at_the_accuracy_changes_nothing_of_the_training()
    {
        using var folder = new TemporaryFolder();
        var (space, images) = (Some.TinySpace(), Some.Images(64));
        var options = Some.Options(steps: 45) with { CheckpointSteps = 20, Recipe = Some.EveryPart };
        var seen = new List<TrainingProgress>();
        foreach (var judged in new[] { null, Some.Images(8, seed: 3) })
        {
            using var supernet = new ElasticSupernet(space, options.Seed);
            new SupernetTrainer(options, images, TimeProvider.System, "test", judged).Train(
                supernet, null, folder.File($"{judged is null}"), folder.File("metrics"), new Listing(seen),
                CancellationToken.None);
        }

        Assert.Equal(File.ReadAllBytes(folder.File("True")), File.ReadAllBytes(folder.File("False")));
        var last = Assert.Single(seen, progress => progress.Accuracy is not null);
        Assert.Equal((45, 8), (last.Step, last.Accuracy!.Images));
        Assert.Equal(
            last.Accuracy, Assert.Single(TrainingMetrics.Read(folder.File("metrics")), metric => metric.Step == 45).Accuracy);
    }

    [Theory]
    [InlineData(4000, "500 1000 1500 2000 2500 3000 3500 4000")]
    [InlineData(600, "200 400 600")]
    [InlineData(100, "")]
    public void The_accuracy_is_looked_at_a_few_times_for_a_percent_of_the_time(int steps, string due)
    {
        var checks = new AccuracyChecks(
            new TrainingOptions { Steps = steps }, Some.Images(64, side: 4), Some.Images(600, side: 4));
        Assert.Equal(due, string.Join(' ', Enumerable.Range(1, steps).Where(checks.IsDue)));
    }

    [Fact]
    public void The_sandwich_sums_the_gradients_of_its_subnets()
    {
        var space = Some.TinySpace();
        var options = Some.Options(steps: 5) with { Recipe = new() { LabelSmoothing = 0 } };
        var (largest, smallest) = (space.PlanOf(space.Largest), space.PlanOf(space.Smallest));
        using var scope = NewDisposeScope();
        var (images, labels) = ImageBatches.Load(Some.Images(16), Enumerable.Range(0, 16).ToArray());

        float[] Gradient(params NetworkPlan[] others)
        {
            using var supernet = new ElasticSupernet(space, options.Seed);
            using var sandwich = new SandwichStep(supernet, options);
            sandwich.Run(images, labels, largest, others, 1e-9, seed: 1);
            return supernet.Parameters["head.classifier.weight"].grad!.data<float>().ToArray();
        }

        var (alone, once, twice) = (Gradient(), Gradient(smallest), Gradient(smallest, smallest));
        for (var i = 0; i < alone.Length; i++)
            Assert.Equal(once[i] - alone[i], twice[i] - once[i], 1e-5f);
        Assert.NotEqual(alone, once);
    }

    [Fact]
    public void A_checkpoint_gives_back_weights_space_and_options()
    {
        using var folder = new TemporaryFolder();
        var (space, options) = (Some.TinySpace(), Some.Options(steps: 2));
        using var trained = Train(folder, space, options, Some.Images(64));
        var checkpoint = SupernetCheckpoint.Read(folder.File("supernet"));
        Assert.Equal((space.Hash, options, true), (checkpoint.Space.Hash, checkpoint.Options, checkpoint.IsComplete));
        using var read = checkpoint.CreateSupernet();
        foreach (var (name, parameter) in trained.Parameters)
            Assert.Equal(parameter.data<float>().ToArray(), read.Parameters[name].data<float>().ToArray());
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var (space, options) = (Some.TinySpace(), Some.Options(steps: 2));
        using (var supernet = new ElasticSupernet(space, options.Seed))
        using (var sandwich = new SandwichStep(supernet, options))
        {
            using (no_grad())
                supernet.Parameters["head.classifier.weight"].fill_(float.NaN);
            SupernetCheckpoint.Write(folder.File("supernet"), supernet, options, step: 2, sandwich, null, "test");
        }

        var error = Assert.Throws<InputException>(() => SupernetCheckpoint.Read(folder.File("supernet")).CreateSupernet());
        Assert.Contains("the weight 'head.classifier.weight' holds values that are", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_options_are_listed_all_at_once()
    {
        var options = new TrainingOptions { BatchSize = 1, Threads = 0, Recipe = new() { LearningRate = double.NaN } };
        var error = Assert.Throws<InputException>(options.Validate);
        Assert.Contains("batch size 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("learning_rate NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 threads", error.Message, StringComparison.Ordinal);
    }

    private static ElasticSupernet Train(
        TemporaryFolder folder, MbConvSpace space, TrainingOptions options, Core.Data.LabelledImages images,
        string name = "supernet")
    {
        var supernet = new ElasticSupernet(space, options.Seed);
        new SupernetTrainer(options, images, TimeProvider.System, "test")
            .Train(supernet, null, folder.File(name), folder.File("metrics"), null, CancellationToken.None);
        return supernet;
    }

    private sealed class Listing(List<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen.Add(value);
    }

    private sealed class Stop(CancellationTokenSource source, int atStep) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == atStep)
                source.Cancel();
        }
    }
}
