using System.Collections.Immutable;
using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// The loop of every search: ask the strategy, look in the cache, evaluate what is new, write it to the journal, tell
/// the strategy. As many evaluations are in flight as there are threads; with one, the result depends on the problem, the
/// options and the evaluator only, with more on the order of the results too. An interruption never changes it.
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
    private readonly Queue<Genome> _asked = [];
    private readonly List<Candidate> _untold = [];
    private readonly List<Candidate> _evaluated = [];
    private readonly List<Candidate> _known = [];
    private readonly ParetoFront _front = [];
    private ImmutableArray<double> _reference;
    private int _knownProposals;
    private int _reported;

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

        if (options.FinishShare is not (null or (>= 0 and <= 0.9)))
            throw new InputException($"The share of the finish is {options.FinishShare}; it must be from 0 to 0.9.");
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
    /// <param name="progress">Hears of every batch that the strategy proposed.</param>
    /// <param name="cancellation">Ends the search; what was evaluated is in the journal and in the result.</param>
    public SearchResult Run(IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        var start = _time.GetTimestamp();
        var context = new StrategyContext(_seen, _options.Evaluations, new Random(_options.Seed))
        {
            Reference = [.. Losses(_options.Reference).Select((loss, i) => _seen.LossOf(i, loss))],
            Known = [.. _known.Select(_seen.Seen)],
        };
        using var flight = new EvaluationsInFlight(_evaluate, _journal, _options.Threads, cancellation);
        void Report() => progress?.Report(ProgressSince(start, flight.Resumed));
        var reason = Loop(SearchStrategies.Create(_options, context), flight, Report);
        EndBatch(reason == StopReason.Cancelled ? null : Report);

        // A search with more evaluations than before may go another way; what it does not ask for again is not lost.
        foreach (var evaluation in _journal?.Evaluations ?? [])
            AddKnown(evaluation);
        double[] reference = [.. Losses(_reference)];
        return new SearchResult(
            [.. _evaluated], [.. _known], _front, _reference,
            reference.Length == 0 ? 0 : _front.Hypervolume(reference),
            reason, flight.Resumed, _time.GetElapsedTime(start));
    }

    private StopReason Loop(ISearchStrategy strategy, EvaluationsInFlight flight, Action report)
    {
        while (true)
        {
            var reason = Propose(strategy, flight, report);
            if (flight.Pending.Count == 0)
                return reason;
            if (flight.Next() is not { } evaluation)
                return StopReason.Cancelled;
            var candidate = CandidateOf(evaluation);
            _cache[candidate.Genome] = candidate;
            _evaluated.Add(candidate);
            _front.Add(candidate);
            _untold.Add(candidate);
        }
    }

    // Gives idle evaluators something to do; says why no more, which counts once nothing is in flight.
    private StopReason Propose(ISearchStrategy strategy, EvaluationsInFlight flight, Action report)
    {
        while (flight.HasRoom)
        {
            if (_evaluated.Count + flight.Pending.Count == _options.Evaluations)
                return StopReason.EvaluationsSpent;
            if (_cache.Count + flight.Pending.Count == _problem.Space.Count)
                return StopReason.SpaceExhausted;
            if (_asked.Count == 0 && !Ask(strategy, flight.Pending, report))
                return StopReason.StrategyFinished;

            var genome = _asked.Dequeue();
            if (_cache.TryGetValue(genome, out var known))
            {
                _untold.Add(known);
                if (++_knownProposals >= KnownProposalsUntilStop)
                    return StopReason.StrategyFinished;
            }
            else if (!flight.Pending.Contains(genome))
            {
                flight.Add(genome);
                _knownProposals = 0;
            }
        }

        return StopReason.Cancelled;
    }

    // Tells the strategy what became known, and asks it for more; whether there is any. What is pending is no answer.
    private bool Ask(ISearchStrategy strategy, IReadOnlyList<Genome> pending, Action report)
    {
        if (_untold.Count > 0)
            strategy.Tell([.. _untold.Select(_seen.Seen)]);
        _untold.Clear();
        foreach (var genome in strategy.Ask([.. pending]).Where(genome => !pending.Contains(genome)))
            _asked.Enqueue(genome);
        if (_asked.Count > 0)
            EndBatch(report);
        return _asked.Count > 0;
    }

    private void EndBatch(Action? report)
    {
        if (_evaluated.Count == _reported)
            return;
        if (_reference.IsEmpty)
            _reference = WorstOf([.. _known.Where(c => c.IsFeasible), .. _evaluated]);
        _reported = _evaluated.Count;
        report?.Invoke();
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

    private SearchProgress ProgressSince(long start, int resumed)
    {
        var elapsed = _time.GetElapsedTime(start);
        var done = _evaluated.Count - resumed;
        TimeSpan? remaining = done > 0 ? elapsed / done * (_options.Evaluations - _evaluated.Count) : null;
        double? hypervolume = (_problem.Objectives.Length <= 3 || _front.Count <= MembersOfManyObjectives) && !_reference.IsEmpty
            ? _front.Hypervolume([.. Losses(_reference)])
            : null;
        return new SearchProgress(_evaluated.Count, _options.Evaluations, _front.Count, hypervolume, elapsed, remaining);
    }
}
