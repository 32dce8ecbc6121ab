using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>The training of a run: begun, continued, or found done.</summary>
internal sealed class RunTraining(NasRun run)
{
    private readonly RunFolder _folder = run.Folder;
    private readonly RunContext _context = run.Context;

    public TrainingOutcome Train(
        ISearchSpace space, TrainRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var (data, options) = (request.Data, request.Options);

        // What does not fit ends here, before there is a folder.
        var trainer = new SupernetTrainer(options, data.Training, _context.Time, ToolVersion.Text, data.Validation,
            request.Teacher is { } teacher ? teacher.SoftLabels : null);
        _folder.Create();
        using var held = run.Lock();
        var record = new TrainingRecord(
            TrainingRecord.CurrentSchema, ToolVersion.Text, new InputReference(space.Name, space.Hash), TrainingData.Of(data),
            options,
            Outcome: null, Hash: "", request.From?.Source, request.Teacher?.Source);
        var checkpoint = Claim(record, space, request, out var finished);
        if (finished is not null)
            return finished;

        AtomicFile.WriteText(_folder.Space, space.ToJson());
        _context.Notice($"Training '{space.Name}' on {record.Data}.");
        using var supernet = checkpoint?.CreateTrained() ?? Fresh(space, request);
        var last = new LastStep(progress) { Step = checkpoint?.Step ?? 0 };
        try
        {
            trainer.Train(supernet, checkpoint, _folder.Checkpoint, _folder.Metrics, last, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException($"interrupted; saved at step {last.Step} of {options.Steps}.");
        }

        // The file has the whole course, of the processes before this one too, and of one that was killed after its last step.
        var course = TrainingMetrics.Read(_folder.Metrics);
        var end = course.Count > 0 && course[^1].Step == options.Steps
            ? course[^1]
            : throw new InputException(
                $"'{_folder.Metrics}' does not reach step {options.Steps}, though the training does. "
                + "Restore it from a copy, or train anew into another --out.");
        var outcome = new TrainingOutcome(
            ContentHash.OfFile(_folder.Checkpoint), end.Seconds, end.ImagesPerSecond, end.LargestLoss, end.SmallestLoss,
            PeakMemoryBytes());
        StrictJson.WriteFile(_folder.Training, record with { Outcome = outcome });
        return outcome;
    }

    private ElasticSupernet Fresh(ISearchSpace space, TrainRequest request)
    {
        var supernet = new ElasticSupernet(space, request.Options.Seed, request.Options.Recipe.ZeroGamma);
        if (request.From is not { } from)
            return supernet;
        try
        {
            var fresh = from.Give(supernet);
            _context.Notice($"Begins with the weights of '{from.Source.Name}'"
                + (fresh.Count == 0 ? "." : $", but for {string.Join(", ", fresh)}, which fit no more and begin at random."));
            return supernet;
        }
        catch
        {
            supernet.Dispose();
            throw;
        }
    }

    private static long PeakMemoryBytes()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    // The checkpoint to continue from; null for a fresh start.
    private SupernetCheckpoint? Claim(
        TrainingRecord record, ISearchSpace space, TrainRequest request, out TrainingOutcome? finished)
    {
        finished = null;
        if (!File.Exists(_folder.Training))
        {
            if (File.Exists(_folder.Checkpoint))
                throw new InputException($"'{_folder.Path}' holds a checkpoint without its training.json. Choose another --out.");
            StrictJson.WriteFile(_folder.Training, record);
            return null;
        }

        var existing = TrainingRecord.Read(_folder.Training);
        var batch = record.Options.BatchSize;
        var rates = (Old: existing.Options.Recipe.LearningRateOf(batch), New: record.Options.Recipe.LearningRateOf(batch));
        if (request is { Resume: true, MayChangeRate: true } && existing.Outcome is null && rates.Old != rates.New)
            existing = existing.At(rates.New);
        if (!existing.IsSameRun(record))
        {
            throw new InputException(
                $"'{_folder.Path}' holds another run (space {SearchSpace.Title(existing.Space.Name, existing.Space.Hash)}, "
                + $"images {existing.Data}, seed {existing.Options.Seed}, {existing.Options.Steps} steps, or other options). "
                + "Choose another --out, or give that run's options.");
        }

        var checkpoint = File.Exists(_folder.Checkpoint) ? SupernetCheckpoint.Read(_folder.Checkpoint, space) : null;
        if (existing.Outcome is { } outcome && checkpoint is { IsComplete: true })
        {
            if (outcome.CheckpointHash != checkpoint.Hash)
            {
                throw new InputException(
                    $"'{_folder.Checkpoint}' is not the file that '{_folder.Training}' describes. "
                    + "Restore it, or choose another --out.");
            }

            finished = outcome;
        }
        else if (checkpoint is not null && !request.Resume)
        {
            throw new InputException(
                $"'{_folder.Path}' holds this run, unfinished at step {checkpoint.Step} of {record.Options.Steps}. "
                + "Add --resume to continue it, or choose another --out.");
        }

        if (rates.Old != rates.New && finished is null)
        {
            _context.Notice(
                FormattableString.Invariant($"The learning rate is {rates.New} from here on, {rates.Old} before."));
            StrictJson.WriteFile(_folder.Training, record);
        }

        return checkpoint;
    }

    private sealed class LastStep(IProgress<TrainingProgress>? progress) : IProgress<TrainingProgress>
    {
        public int Step { get; set; }

        public void Report(TrainingProgress value)
        {
            Step = value.Step;
            progress?.Report(value);
        }
    }
}
