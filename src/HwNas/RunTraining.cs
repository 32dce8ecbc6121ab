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
        request.From?.RequireFits(space);
        _folder.Create();
        using var held = run.Lock();
        var record = new TrainingRecord(
            TrainingRecord.CurrentSchema, ToolVersion.Text, new InputReference(space.Name, space.Hash), TrainingData.Of(data),
            options,
            Outcome: null, Hash: "", request.From?.Source ?? (request.Resume ? SourceBefore() : null),
            request.Teacher?.Source);
        var checkpoint = Claim(record, space, request, out var finished);
        if (finished is not null)
            return finished;

        AtomicFile.WriteText(_folder.Space, space.ToJson());
        _context.Notice($"Training '{space.Name}' on {record.Data}.");
        using var supernet = checkpoint?.CreateTrained(run.TorchDevice) ?? Fresh(space, options, request.From, record.From);
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
            PeakMemoryBytes(), run.TorchDevice.ToString());
        StrictJson.WriteFile(_folder.Training, record with { Outcome = outcome });
        return outcome;
    }

    // What a run that is continued began with.
    private InputReference? SourceBefore() => File.Exists(_folder.Training) ? TrainingRecord.Read(_folder.Training).From : null;

    private ElasticSupernet Fresh(ISearchSpace space, TrainingOptions options, Inheritance? given, InputReference? source)
    {
        var supernet = new ElasticSupernet(space, options.Seed, options.Recipe.ZeroGamma, run.TorchDevice);
        if (source is null)
            return supernet;
        try
        {
            var from = given ?? new Inheritance(source);
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
            throw Another(existing, record);
        }

        var checkpoint = ReadCheckpoint(space, request.Resume);
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

    private InputException Another(TrainingRecord existing, TrainingRecord wanted)
    {
        var differences = TrainingDifference.Between(existing, wanted);
        string[] goingOn =
        [
            "hwnas", "train", "--out", _folder.Path,
            .. existing.Teacher is { } teacher ? new[] { "--teacher", teacher.Name } : [],
            "--resume",
        ];
        var advice = existing.Outcome is null
            ? $", or go on with its own options:\n  {string.Join(' ', goingOn.Select(ShellWord.Of))}"
            : ".";
        return new InputException(
            $"'{_folder.Path}' holds another run, which differs in\n  {string.Join("\n  ", differences)}\n"
            + $"Choose another --out{advice}");
    }

    // The current one; where that is damaged, and the training shall go on, the newest of those before it that is whole.
    private SupernetCheckpoint? ReadCheckpoint(ISearchSpace space, bool mayBeOlder)
    {
        var older = new KeptCheckpoints(_folder.Checkpoint).Older();
        if (!File.Exists(_folder.Checkpoint) && older.Count == 0)
            return null;
        try
        {
            return SupernetCheckpoint.Read(_folder.Checkpoint, space);
        }
        catch (InputException error) when (older.Count > 0)
        {
            if (!mayBeOlder)
                throw new InputException($"{error.Message} Or add --resume, to go on from '{older[0]}'.", error);
            foreach (var path in older)
            {
                if (Whole(path, space) is not { } checkpoint)
                    continue;
                _context.Notice(error.Message);
                _context.Notice($"Going on from '{path}' instead, which is of step {checkpoint.Step}.");
                return checkpoint;
            }

            throw;
        }
    }

    private static SupernetCheckpoint? Whole(string path, ISearchSpace space)
    {
        try
        {
            return SupernetCheckpoint.Read(path, space);
        }
        catch (InputException)
        {
            return null;
        }
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
