using System.Runtime.ExceptionServices;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// The networks that are being evaluated: up to a number of threads at once, each handed back as soon as it is finished and
/// written to the journal. What the journal holds already is handed back from there, in its order, and with as many in
/// flight as there were then, so that a strategy hears of everything as it did before.
/// </summary>
internal sealed class EvaluationsInFlight : IDisposable
{
    private readonly GenomeEvaluation _evaluate;
    private readonly EvaluationJournal? _journal;
    private readonly int _threads;
    private readonly CancellationTokenSource _stop;
    private readonly List<Genome> _pending = [];
    private readonly List<(Genome Genome, Task<double[]?> Task)> _running = [];
    private ExceptionDispatchInfo? _error;
    private bool _isReplaying;

    // How many could be in flight when the next that is finished was waited for; null while all comes from the journal.
    private int? _roomOfNext;

    public EvaluationsInFlight(
        GenomeEvaluation evaluate, EvaluationJournal? journal, int threads, CancellationToken cancellation)
    {
        _evaluate = evaluate;
        _journal = journal;
        _threads = threads;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _isReplaying = journal is not null;
    }

    /// <summary>The networks that were added and not handed back yet, in that order.</summary>
    public IReadOnlyList<Genome> Pending => _pending;

    /// <summary>Whether an evaluator is idle; never again after a cancellation or an error.</summary>
    public bool HasRoom => !_stop.IsCancellationRequested && _pending.Count < Room;

    /// <summary>How many came from the journal.</summary>
    public int Resumed { get; private set; }

    public void Add(Genome genome) => _pending.Add(genome);

    /// <summary>
    /// The next network that is finished, waiting for it; null if none will be, since the search was cancelled. An
    /// evaluator's error cancels the others, and comes through once what they finished is handed back.
    /// </summary>
    public Evaluation? Next()
    {
        if (!_stop.IsCancellationRequested)
        {
            if (_journal?.FirstOf(_pending) is { } recorded)
            {
                Resumed++;
                _pending.Remove(recorded.Genome);
                return recorded;
            }

            // The search has reached the journal's end, or goes another way than the one that wrote it.
            _roomOfNext ??= Room;
            _isReplaying = false;
            if (_threads == 1)
                return EvaluateHere(_pending[0]);
            StartIdle();
        }

        while (_running.Count > 0)
        {
            var index = Task.WaitAny([.. _running.Select(r => r.Task)]);
            var (genome, task) = _running[index];
            _running.RemoveAt(index);
            if (task.IsCompletedSuccessfully)
                return Finished(genome, task.Result);
            Fail(task.Exception!.InnerException!);
        }

        _error?.Throw();
        return null;
    }

    /// <summary>Cancels what still runs and waits for it.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var (_, task) in _running)
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        _stop.Dispose();
    }

    // What the journal's writer had in flight at its end is asked for again, with however many threads the search goes on.
    private int Room => _isReplaying && _journal!.Recorded is > 0 and var recorded
        ? _journal.InFlightAt(Math.Min(Resumed, recorded - 1))
        : _threads;

    // One at a time needs no thread of its own.
    private Evaluation? EvaluateHere(Genome genome)
    {
        try
        {
            return Finished(genome, _evaluate(genome, _stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private void StartIdle()
    {
        foreach (var genome in _pending.Except(_running.Select(r => r.Genome)).Take(_threads - _running.Count).ToList())
        {
            var task = Task.Factory.StartNew(
                () => _evaluate(genome, _stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            _running.Add((genome, task));
        }
    }

    private Evaluation Finished(Genome genome, double[]? measured)
    {
        _pending.Remove(genome);
        _journal?.Append(genome, measured, _roomOfNext ?? _threads);
        _roomOfNext = _threads;
        return new Evaluation(genome, measured);
    }

    // Evaluators that were told to stop say so by an error too.
    private void Fail(Exception error)
    {
        if (error is not OperationCanceledException || !_stop.IsCancellationRequested)
            _error ??= ExceptionDispatchInfo.Capture(error);
        _stop.Cancel();
    }
}
