using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HwNas.Core.Metrics;
using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search;

/// <summary>
/// What is searched for: a space, the metrics of its networks (measured ones first, then the known costs), which of
/// them are objectives, and the limits. This and a seeded random is all that a strategy sees.
/// </summary>
public sealed class SearchProblem
{
    private readonly ImmutableArray<double> _unknown;
    private readonly int[] _limitMetrics;
    private readonly int[] _knownLimits;
    private ImmutableArray<double> _leastLosses;

    /// <summary>Creates a problem.</summary>
    /// <param name="space">The genes.</param>
    /// <param name="spaceHash">Hash of what the genomes mean; a journal belongs to one.</param>
    /// <param name="measured">The metrics that an evaluation returns, in its order.</param>
    /// <param name="costs">The metrics that are known without evaluation.</param>
    /// <param name="objectives">Names of the metrics to optimise; one or more.</param>
    /// <param name="limits">Limits on any metrics.</param>
    /// <exception cref="InputException">A name is unknown or twice there, or a bound is not finite.</exception>
    public SearchProblem(
        GenomeSpace space, string spaceHash, IEnumerable<Metric> measured, KnownCosts costs, IEnumerable<string> objectives,
        IEnumerable<Limit> limits)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(costs);
        Space = space;
        SpaceHash = spaceHash;
        Measured = [.. measured];
        Costs = costs;
        Metrics = [.. Measured, .. costs.Costs];
        Limits = [.. limits];
        if (Metrics.Select(m => m.Name).Distinct(StringComparer.Ordinal).Count() != Metrics.Length)
            throw new InputException($"Two metrics have one name among {string.Join(", ", Metrics.Select(m => m.Name))}.");
        if (Limits.FirstOrDefault(l => !double.IsFinite(l.Bound)) is { } odd)
            throw new InputException($"The limit '{odd}' needs a finite bound.");

        ObjectiveMetrics = [.. objectives.Select(MetricOf)];
        Objectives = [.. ObjectiveMetrics.Select(m => Metrics[m])];
        if (Objectives.IsEmpty || ObjectiveMetrics.Distinct().Count() != Objectives.Length)
        {
            throw new InputException(
                $"One or more different objectives are needed, of {string.Join(", ", Metrics.Select(m => m.Name))}.");
        }

        _limitMetrics = [.. Limits.Select(l => MetricOf(l.Metric))];
        _knownLimits = [.. Enumerable.Range(0, Limits.Length).Where(l => IsKnown(_limitMetrics[l]))];
        _unknown = [.. Enumerable.Repeat(double.NaN, Objectives.Length)];
        _leastLosses = [.. Enumerable.Repeat(double.NegativeInfinity, Objectives.Length)];
    }

    /// <summary>The genes.</summary>
    public GenomeSpace Space { get; }

    /// <summary>
    /// The only networks that are known to be valid, where those are few among all that the genes can spell; empty where
    /// any genome may be. Random draws come from here.
    /// </summary>
    public ImmutableArray<Genome> Listed { get; init; } = [];

    /// <summary>Hash of what the genomes mean.</summary>
    public string SpaceHash { get; }

    /// <summary>The metrics that an evaluation returns.</summary>
    public ImmutableArray<Metric> Measured { get; }

    /// <summary>The metrics that are known without evaluation.</summary>
    public KnownCosts Costs { get; }

    /// <summary>All metrics: the measured, then the known.</summary>
    public ImmutableArray<Metric> Metrics { get; }

    /// <summary>What is optimised.</summary>
    public ImmutableArray<Metric> Objectives { get; }

    /// <summary>For each objective, its index among the metrics.</summary>
    public ImmutableArray<int> ObjectiveMetrics { get; }

    /// <summary>The limits.</summary>
    public ImmutableArray<Limit> Limits { get; }

    /// <summary>Whether a limit can be checked without an evaluation.</summary>
    public bool HasKnownLimits => _knownLimits.Length > 0;

    /// <summary>Whether a metric is known without evaluation.</summary>
    public bool IsKnown(int metric) => metric >= Measured.Length;

    /// <summary>The index of a metric.</summary>
    /// <exception cref="InputException">There is none of this name.</exception>
    public int MetricOf(string name)
    {
        var index = Metrics.IndexOf(Metrics.FirstOrDefault(m => m.Name == name)!);
        return index >= 0
            ? index
            : throw new InputException(
                $"There is no metric '{name}'; there are {string.Join(", ", Metrics.Select(m => m.Name))}.");
    }

    /// <summary>How far a network exceeds the limits that are known without evaluation; 0 within them.</summary>
    public double KnownViolation(ReadOnlySpan<byte> choices)
    {
        if (_knownLimits.Length == 0)
            return 0;
        Span<double> costs = stackalloc double[Costs.Costs.Length];
        Costs.Compute(choices, costs);
        var violation = 0.0;
        foreach (var limit in _knownLimits)
            violation += Limits[limit].ViolationOf(costs[_limitMetrics[limit] - Measured.Length]);
        return violation;
    }

    /// <summary>Whether a network keeps the limits that are known without evaluation.</summary>
    public bool KeepsKnownLimits(Genome genome) => KnownViolation(genome.Choices) == 0;

    /// <summary>The candidate of an evaluated genome.</summary>
    /// <param name="genome">The network.</param>
    /// <param name="measured">The measured metrics; null where the network is invalid.</param>
    /// <exception cref="ArgumentException">The number of metrics is wrong, or one is not finite.</exception>
    public Candidate CandidateOf(Genome genome, ReadOnlySpan<double> measured)
    {
        if (measured.Length != Measured.Length)
            throw new ArgumentException($"{measured.Length} measured values for {Measured.Length} metrics.", nameof(measured));
        var metrics = new double[Metrics.Length];
        measured.CopyTo(metrics);
        Costs.Compute(genome.Choices, metrics.AsSpan(Measured.Length));
        foreach (var value in metrics)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"A metric of genome {genome} is {value}.", nameof(measured));
        }

        var losses = new double[Objectives.Length];
        for (var i = 0; i < losses.Length; i++)
            losses[i] = LossOf(i, Objectives[i].ToLoss(metrics[ObjectiveMetrics[i]]));
        var violation = 0.0;
        for (var i = 0; i < _limitMetrics.Length; i++)
            violation += Limits[i].ViolationOf(metrics[_limitMetrics[i]]);
        return new Candidate(
            genome,
            ImmutableCollectionsMarshal.AsImmutableArray(metrics),
            ImmutableCollectionsMarshal.AsImmutableArray(losses),
            violation);
    }

    /// <summary>The candidate of another view of this problem, as this one sees it.</summary>
    internal Candidate Seen(Candidate candidate) => candidate.IsInvalid
        ? candidate
        : new Candidate(
            candidate.Genome, candidate.Metrics,
            [.. ObjectiveMetrics.Select((m, i) => LossOf(i, Objectives[i].ToLoss(candidate.Metrics[m])))],
            candidate.Violation);

    /// <summary>What a loss counts for: itself, or the least that counts.</summary>
    internal double LossOf(int objective, double loss) => Math.Max(_leastLosses[objective], loss);

    /// <summary>The same problem, but a loss below the least counts as the least.</summary>
    /// <param name="leastLosses">For each objective the least loss; −∞ where every loss counts.</param>
    internal SearchProblem WithLeastLosses(ImmutableArray<double> leastLosses)
    {
        var problem = (SearchProblem)MemberwiseClone();
        problem._leastLosses = leastLosses;
        return problem;
    }

    /// <summary>
    /// How far a network stays from the nearest of the limits that are known without evaluation,
    /// relative to the bound; 0 without any.
    /// </summary>
    internal double KnownSlack(ReadOnlySpan<byte> choices)
    {
        var costs = new double[Costs.Costs.Length];
        Costs.Compute(choices, costs);
        return _knownLimits.Select(limit => Math.Abs(Limits[limit].Bound - costs[_limitMetrics[limit] - Measured.Length])
            / Math.Max(1e-300, Math.Abs(Limits[limit].Bound)))
            .DefaultIfEmpty(0).Min();
    }

    /// <summary>The candidate of a genome that is no valid network.</summary>
    public Candidate InvalidCandidate(Genome genome) => new(genome, [], _unknown, double.PositiveInfinity);

    /// <summary>
    /// The front of evaluated candidates over other objectives, such as accuracy and the latency on one of several devices.
    /// </summary>
    /// <exception cref="InputException">A name is unknown.</exception>
    public ParetoFront FrontOver(IEnumerable<Candidate> candidates, params ReadOnlySpan<string> objectives)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        var metrics = new int[objectives.Length];
        for (var i = 0; i < metrics.Length; i++)
            metrics[i] = MetricOf(objectives[i]);
        return ParetoFront.Of(candidates.Where(c => c.IsFeasible).Select(c =>
            new Candidate(c.Genome, c.Metrics, [.. metrics.Select(m => Metrics[m].ToLoss(c.Metrics[m]))])));
    }
}
