using HwNas.Core.Data;
using HwNas.Supernet.Torch;
using static TorchSharp.torch;

namespace HwNas.Supernet.Data;

/// <summary>A batch of training images; belongs to whoever takes it.</summary>
/// <param name="Images">Normalised images [n, channels, height, width].</param>
/// <param name="Labels">Labels [n].</param>
internal sealed record TrainingBatch(Tensor Images, Tensor Labels) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}

/// <summary>
/// The batches of a training in order of its steps. While a step runs, those of the next two are read, decoded, varied,
/// normalised and sent to their device by other threads, so that it does not wait. What is in them follows from seeds
/// alone, never from the threads.
/// </summary>
/// <param name="images">The training images.</param>
/// <param name="batches">Which of them each step takes.</param>
/// <param name="augmentation">How they are varied.</param>
/// <param name="seedOfStep">Decides how.</param>
/// <param name="steps">The first step, and the end.</param>
/// <param name="device">Where the batches shall lie.</param>
/// <param name="time">The clock.</param>
internal sealed class UpcomingBatches(
    LabelledImages images, ShuffledBatches batches, Augmentation augmentation, Func<int, int> seedOfStep, Range steps,
    TorchDevice device, TimeProvider time) : IDisposable
{
    // One for the step that comes next and one in reserve, each a thread while it is made: more than two would only
    // take processors from the step.
    private const int Ahead = 2;

    private readonly Queue<Task<TrainingBatch>> _pending = [];
    private readonly CancellationTokenSource _stop = new();
    private int _next = steps.Start.Value;

    /// <summary>How long steps waited so far for batches that were not ready, the first one included.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>The batch of the next step.</summary>
    /// <exception cref="Core.InputException">One of its images cannot be read; the message names the file.</exception>
    public TrainingBatch Next()
    {
        StartMore(1);
        var batch = _pending.Dequeue();
        StartMore(Ahead);
        if (!batch.IsCompleted)
        {
            var started = time.GetTimestamp();
            batch.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
            Waited += time.GetElapsedTime(started);
        }

        return batch.GetAwaiter().GetResult();
    }

    /// <summary>Gives up what nobody takes any more.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var batch in _pending)
        {
            // What failed failed for nobody: its step is never taken.
            batch.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
            if (batch.IsCompletedSuccessfully)
                batch.Result.Dispose();
        }

        _stop.Dispose();
    }

    // The order of images is asked for here, by one thread; only the work on them is done elsewhere.
    private void StartMore(int wanted)
    {
        for (; _pending.Count < wanted && _next < steps.End.Value; _next++)
        {
            var (indices, seed) = (batches.Of(_next), seedOfStep(_next));
            _pending.Enqueue(Task.Run(() => Make(indices, seed), _stop.Token));
        }
    }

    private TrainingBatch Make(ReadOnlyMemory<int> indices, int seed)
    {
        using var scope = NewDisposeScope();
        var (batch, labels) = ImageBatches.Load(images, indices.Span, augmentation, seed, _stop.Token);
        return new TrainingBatch(
            device.Take(batch).DetachFromDisposeScope(), device.Take(labels).DetachFromDisposeScope());
    }
}
