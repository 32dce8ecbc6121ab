using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// The loop of every search: ask the strategy, look in the cache, evaluate what is new, write it to the journal, tell
/// the strategy. The result depends on the problem, the options and the evaluator only, not on threads or interruptions.
/// </summary>
public sealed class SearchRun
{
    // After so many proposals in a row that were all known already, a strategy has nothing new to offer.
    private const int KnownProposalsUntilStop = 20_000;

    // Up to so many members, the hypervolume of four or more objectives costs milliseconds; then soon more than the search.
    private const int MembersOfManyObjectives = 100;

    private readonly SearchProblem _problem;
    private readonly SearchProblem _seen;
    private readonly SearchOptions _options;
    private readonly GenomeEvaluation _evaluate;
    private readonly TimeProvider _time;
    private readonly EvaluationJournal? _journal;
    private readonly Dictionary<Genome, Candidate> _cache = [];
    private readonly HashSet<Genome> _batch = [];
    private readonly List<Candidate> _evaluated = [];
    private readonly List<Candidate> _known = [];
    private readonly ParetoFront _front = [];
    private ImmutableArray<double> _reference;
    private int _resumed;

    /// <summary>Prepares a search.</summary>
    /// <param name="problem">What is searched for.</param>
    /// <param name="options">How.</param>
    /// <param name="evaluate">Measures a network.</param>
    /// <param name="time">The clock of progress reports.</param>
    /// <param name="journal">Keeps every evaluation; what it already holds is not evaluated again.</param>
    /// <param name="known">
    /// What was measured before the search began: it enters the front and is where the strategy begins, and it does not
    /// count as evaluations of this search.
    /// </param>
    /// <exception cref="InputException">An option is out of range, or the journal belongs to another search.</exception>
    /// <exception cref="InfeasibleBudgetException">No network keeps the limits on known costs.</exception>
    public SearchRun(
        SearchProblem problem, SearchOptions options, GenomeEvaluation evaluate, TimeProvider time,
        EvaluationJournal? journal = null,
        IEnumerable<Evaluation>? known = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Evaluations < 1 || options.Threads < 1)
        {
            throw new InputException(
                $"A search needs at least one evaluation and one thread, not {options.Evaluations} and {options.Threads}.");
        }

        if (options.LocalSearchShare is not (>= 0 and <= 0.9))
            throw new InputException($"The share of local search is {options.LocalSearchShare}; it must be from 0 to 0.9.");
        if (!options.Reference.IsEmpty && options.Reference.Length != problem.Objectives.Length)
        {
            throw new InputException(
                $"The reference point has {options.Reference.Length} values for the objectives "
                + $"{string.Join(", ", problem.Objectives.Select(o => o.Name))}.");
        }

        FeasibilityCheck.Require(problem);
        _problem = problem;
        _seen = LimitFocus.On(problem);
        _options = options;
        _evaluate = evaluate;
        _time = time;
        _journal = journal;
        _reference = options.Reference;
        foreach (var evaluation in known ?? [])
            AddKnown(evaluation);
    }

    /// <summary>
    /// Searches until the evaluations are spent, nothing new is proposed, or the caller cancels;
    /// never throws for a cancellation.
    /// </summary>
    /// <param name="progress">Hears of every batch.</param>
    /// <param name="cancellation">Ends the search; what was evaluated is in the journal and in the result.</param>
    public SearchResult Run(IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        var start = _time.GetTimestamp();
        var context = new StrategyContext(_seen, _options.Evaluations, new Random(_options.Seed))
        {
            Reference = [.. Losses(_options.Reference).Select((loss, i) => _seen.LossOf(i, loss))],
            Known = [.. _known.Select(_seen.Seen)],
        };
        var reason = Loop(SearchStrategies.Create(_options, context), start, progress, cancellation);

        // A search with more evaluations than before may go another way; what it does not ask for again is not lost.
        foreach (var evaluation in _journal?.Evaluations ?? [])
            AddKnown(evaluation);
        double[] reference = [.. Losses(_reference)];
        return new SearchResult(
            [.. _evaluated], [.. _known], _front, _reference,
            reference.Length == 0 ? 0 : _front.Hypervolume(reference),
            reason, _resumed, _time.GetElapsedTime(start));
    }

    private StopReason Loop(
        ISearchStrategy strategy, long start, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        var networks = _problem.Space.Count;
        var known = 0;
        while (_evaluated.Count < _options.Evaluations)
        {
            if (_cache.Count == networks)
                return StopReason.SpaceExhausted;
            if (cancellation.IsCancellationRequested)
                return StopReason.Cancelled;
            var asked = strategy.Ask();
            if (asked.Count == 0)
                return StopReason.StrategyFinished;

            var fresh = Fresh(asked, _options.Evaluations - _evaluated.Count);
            known = fresh.Count > 0 ? 0 : known + asked.Count;
            if (known >= KnownProposalsUntilStop)
                return StopReason.StrategyFinished;
            Evaluate(fresh, cancellation);
            if (cancellation.IsCancellationRequested)
                return StopReason.Cancelled;

            var told = new List<Candidate>(asked.Count);
            foreach (var genome in asked)
            {
                if (_cache.TryGetValue(genome, out var candidate))
                    told.Add(_seen.Seen(candidate));
            }

            strategy.Tell(told);
            if (fresh.Count > 0)
                progress?.Report(ProgressSince(start));
        }

        return StopReason.EvaluationsSpent;
    }

    private List<Genome> Fresh(IReadOnlyList<Genome> asked, int atMost)
    {
        var fresh = new List<Genome>(asked.Count);
        _batch.Clear();
        foreach (var genome in asked)
        {
            if (fresh.Count < atMost && !_cache.ContainsKey(genome) && _batch.Add(genome))
                fresh.Add(genome);
        }

        return fresh;
    }

    private void Evaluate(List<Genome> genomes, CancellationToken cancellation)
    {
        var candidates = new Candidate?[genomes.Count];
        try
        {
            if (_options.Threads == 1 || genomes.Count == 1)
            {
                for (var i = 0; i < candidates.Length && !cancellation.IsCancellationRequested; i++)
                    candidates[i] = EvaluateOne(genomes[i], cancellation);
            }
            else
            {
                var parallel = new ParallelOptions
                {
                    MaxDegreeOfParallelism = _options.Threads,
                    CancellationToken = cancellation,
                };
                Parallel.For(0, candidates.Length, parallel, i => candidates[i] = EvaluateOne(genomes[i], cancellation));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What was finished before counts; the loop stops.
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        foreach (var candidate in candidates)
        {
            if (candidate is null)
                continue;
            _cache[candidate.Genome] = candidate;
            _evaluated.Add(candidate);
            _front.Add(candidate);
        }

        if (_reference.IsEmpty)
            _reference = WorstOf([.. _known.Where(c => c.IsFeasible), .. _evaluated]);
    }

    private Candidate EvaluateOne(Genome genome, CancellationToken cancellation)
    {
        if (_journal is not null && _journal.TryGet(genome, out var measured))
        {
            Interlocked.Increment(ref _resumed);
        }
        else
        {
            measured = _evaluate(genome, cancellation);
            _journal?.Append(genome, measured);
        }

        return CandidateOf(new Evaluation(genome, measured));
    }

    private void AddKnown(Evaluation evaluation)
    {
        var candidate = CandidateOf(evaluation);
        if (!_cache.TryAdd(evaluation.Genome, candidate))
            return;
        _known.Add(candidate);
        _front.Add(candidate);
    }

    private Candidate CandidateOf(Evaluation evaluation) => evaluation.Measured is null
        ? _problem.InvalidCandidate(evaluation.Genome)
        : _problem.CandidateOf(evaluation.Genome, evaluation.Measured);

    private ImmutableArray<double> WorstOf(List<Candidate> candidates)
    {
        var valid = candidates.FindAll(c => !c.IsInvalid);
        return valid.Count == 0
            ? []
            : [.. _problem.Objectives.Select((o, i) => o.ToLoss(valid.Max(c => c.Losses[i])))];
    }

    private IEnumerable<double> Losses(ImmutableArray<double> values) =>
        values.Select((value, i) => _problem.Objectives[i].ToLoss(value));

    private SearchProgress ProgressSince(long start)
    {
        var elapsed = _time.GetElapsedTime(start);
        var done = _evaluated.Count - _resumed;
        TimeSpan? remaining = done > 0 ? elapsed / done * (_options.Evaluations - _evaluated.Count) : null;
        double? hypervolume = (_problem.Objectives.Length <= 3 || _front.Count <= MembersOfManyObjectives) && !_reference.IsEmpty
            ? _front.Hypervolume([.. Losses(_reference)])
            : null;
        return new SearchProgress(_evaluated.Count, _options.Evaluations, _front.Count, hypervolume, elapsed, remaining);
    }
}
