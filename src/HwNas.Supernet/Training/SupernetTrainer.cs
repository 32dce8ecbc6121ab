using HwNas.Core.Data;
using HwNas.Core.Graphs;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training.Recipes;
using static System.FormattableString;
using static TorchSharp.torch;

namespace HwNas.Supernet.Training;

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Losses">Losses of the last step.</param>
/// <param name="ImagesPerSecond">Images through the whole sandwich per second, since the start or resume.</param>
/// <param name="Accuracy">How accurate the ends of the space are now; null where that was not looked at.</param>
/// <param name="WaitedForDataPercent">Share of the time so far in which steps waited for images.</param>
public sealed record TrainingProgress(
    int Step, int Steps, StepLosses Losses, double ImagesPerSecond, CheckedAccuracy? Accuracy = null,
    double WaitedForDataPercent = 0);

/// <summary>
/// The training loop. Everything random about a step follows from the seed and the step's number alone, so that a
/// resumed run is the same run.
/// </summary>
public sealed class SupernetTrainer
{
    private const int MetricsEverySteps = 20;

    // So many times the loss of guessing is no learning any more; what is saved must be well below.
    private const double DivergedLossRatio = 30, SavedLossRatio = 10;

    private readonly TrainingOptions _options;
    private readonly Recipe _recipe;
    private readonly Func<Tensor, Tensor>? _teacher;
    private readonly LabelledImages _images;
    private readonly ShuffledBatches _batches;
    private readonly TimeProvider _time;
    private readonly string _toolVersion;
    private readonly AccuracyChecks? _checks;

    /// <summary>Creates a trainer.</summary>
    /// <param name="options">How it trains.</param>
    /// <param name="images">On what.</param>
    /// <param name="time">The clock.</param>
    /// <param name="toolVersion">Stands in checkpoints.</param>
    /// <param name="judged">Images to say by, now and then, how accurate subnets are; null says nothing.</param>
    /// <param name="teacher">The soft labels [n, classes] that a fixed teacher gives normalised
    /// images [n, channels, height, width], if there is one.</param>
    public SupernetTrainer(
        TrainingOptions options, LabelledImages images, TimeProvider time, string toolVersion, LabelledImages? judged = null,
        Func<Tensor, Tensor>? teacher = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(images);
        options.Validate();
        if (images.Count < options.BatchSize)
        {
            throw new Core.InputException(
                $"{images.Name} has {images.Count} images, fewer than a batch of {options.BatchSize}. Give a smaller --batch.");
        }

        (_options, _recipe, _teacher) = (options, options.Recipe, teacher);
        _images = images;
        _batches = new ShuffledBatches(images.Count, options.BatchSize, epoch => Seeds.Of(options.Seed, -1 - epoch));
        _time = time;
        _toolVersion = toolVersion;
        _checks = judged is null ? null : new AccuracyChecks(options, images, judged);
    }

    /// <summary>
    /// Trains until the last step, writing checkpoints to <paramref name="checkpointPath"/> (and beside it
    /// what <see cref="KeptCheckpoints"/> keeps) and a line per 20 steps, and for
    /// each checkpoint and look at the accuracy, to <paramref name="metricsPath"/>. On cancellation it saves and throws.
    /// </summary>
    /// <param name="supernet">The supernet, fresh or read from <paramref name="from"/>.</param>
    /// <param name="from">The checkpoint to continue, if any.</param>
    /// <param name="checkpointPath">The checkpoint to write.</param>
    /// <param name="metricsPath">The metrics to append to.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the state is saved.</exception>
    /// <exception cref="DivergedException">It diverges; the state that was saved last stays.</exception>
    public void Train(
        ElasticSupernet supernet, SupernetCheckpoint? from, string checkpointPath, string metricsPath,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(supernet);
        using var sandwich = new SandwichStep(supernet, _options, _teacher);
        using var average = _recipe.AverageDecay > 0 ? new WeightAverage(supernet.Weights, _recipe.AverageDecay) : null;
        from?.Restore(supernet, sandwich, average);
        var largest = supernet.Space.PlanOf(supernet.Space.Largest);
        var smallest = supernet.Space.PlanOf(supernet.Space.Smallest);
        var isAlone = supernet.Space.Genomes.Count.IsOne;
        var first = from?.Step ?? 0;
        var saved = first;
        var times = new CheckpointTimes(_options, _time);
        var kept = new KeptCheckpoints(checkpointPath, _options.KeepCheckpoints);
        int? current = from?.Path == checkpointPath ? first : null;
        var best = File.Exists(kept.Best) ? BestUntil(first, metricsPath) : 0;
        using var metrics = TrainingMetrics.Open(metricsPath, first);
        var started = _time.GetTimestamp();
        using var upcoming = new UpcomingBatches(
            _images, _batches, _recipe.Augmentation, step => Seeds.Of(_options.Seed, step), first.._options.Steps,
            supernet.Device, _time);

        for (var step = first; step < _options.Steps; step++)
        {
            var random = new Random(Seeds.Of(_options.Seed, step));
            using var scope = NewDisposeScope();
            using var batch = upcoming.Next();
            var (images, labels) = batch;

            // A network that is alone has nobody to teach.
            List<NetworkPlan> others = isAlone ? [] : [smallest];
            for (var i = 0; i < _recipe.RandomSubnets && !isAlone; i++)
            {
                others.Add(AttentiveSampling.Draw(
                    supernet.Space, _recipe, random, plan => sandwich.LossOf(images, labels, plan)));
            }

            var losses = sandwich.Run(
                images, labels, largest, others, LearningRateSchedule.At(_options, step), seed: random.Next());

            if (isAlone)
                losses = losses with { SmallestLoss = losses.LargestLoss };
            average?.Update(step);
            var guessing = Math.Log(largest.Classes);
            if (!(losses.LargestLoss <= DivergedLossRatio * guessing && losses.SmallestLoss <= DivergedLossRatio * guessing))
                throw Diverged(losses.LargestLoss, step, saved, beganSo: step == first && from is not null);

            var done = step + 1;
            var accuracy = _checks is not null && _checks.IsDue(done) ? Checked(_checks) : null;
            var seconds = _time.GetElapsedTime(started).TotalSeconds;
            var report = new TrainingProgress(
                done, _options.Steps, losses, (done - first) * _options.BatchSize / seconds, accuracy,
                100 * upcoming.Waited.TotalSeconds / seconds);
            progress?.Report(report);
            var isBest = _options.KeepCheckpoints > 1 && accuracy?.MeanTop1Percent > best;
            var saves = times.IsDue(done) || isBest || cancellation.IsCancellationRequested;
            if (done % MetricsEverySteps == 0 || saves || accuracy is not null)
            {
                metrics.Append(new TrainingMetric(
                    done, losses.LargestLoss, losses.SmallestLoss, LearningRateSchedule.At(_options, step),
                    Math.Round(report.ImagesPerSecond, 1), seconds, accuracy,
                    double.IsNaN(losses.RandomLoss) ? null : losses.RandomLoss));
            }

            if (saves)
            {
                RequireOnRails();
                times.Save(() => kept.Replace(current, () => SupernetCheckpoint.Write(
                    checkpointPath, supernet, _options, done, sandwich, average, _toolVersion)));
                current = saved = done;
            }

            if (isBest)
            {
                kept.KeepBest();
                best = accuracy!.MeanTop1Percent;
            }

            cancellation.ThrowIfCancellationRequested();

            CheckedAccuracy Checked(AccuracyChecks checks)
            {
                RequireOnRails();
                return average is null ? checks.Of(supernet) : average.InPlace(() => checks.Of(supernet));
            }

            // The losses are those before the step. A state that has just left the rails is not worth keeping.
            void RequireOnRails()
            {
                if (sandwich.LossOf(images, labels, largest) is var loss && !(loss <= SavedLossRatio * guessing))
                {
                    var wasOff = !(losses.LargestLoss <= SavedLossRatio * guessing);
                    throw Diverged(loss, step, saved, beganSo: step == first && from is not null && wasOff);
                }
            }
        }
    }

    private static double BestUntil(int step, string metricsPath) =>
        TrainingMetrics.Read(metricsPath).Where(metric => metric.Step <= step)
            .Select(metric => metric.Accuracy?.MeanTop1Percent ?? 0)
            .DefaultIfEmpty(0).Max();

    private DivergedException Diverged(double loss, int step, int saved, bool beganSo)
    {
        var rate = _recipe.LearningRateOf(_options.BatchSize) / 4;
        var advice = beganSo ? "It does so from the saved state on: train anew into another folder"
            : saved == 0 ? "Nothing was saved before: begin again"
            : $"The state of step {saved} is kept: go on from it";
        return new DivergedException(
            Invariant($"The training diverged at step {step + 1} of {_options.Steps}: the largest subnet's loss is {loss:G3}. ")
                + Invariant($"{advice}, with a smaller learning rate, such as {rate:G2}."),
            rate, canContinue: !beganSo);
    }
}
