using System.Collections.Immutable;
using HwNas.Core.Spaces;

namespace HwNas.Core.Pareto;

/// <summary>An evaluated genome. Immutable; candidates are compared by reference, their genomes by value.</summary>
public sealed class Candidate
{
    /// <summary>Creates a candidate.</summary>
    /// <param name="genome">The network.</param>
    /// <param name="metrics">Every quantity known of it, in the order of the problem's metrics.</param>
    /// <param name="losses">The objectives, turned so that smaller is better.</param>
    /// <param name="violation">How far it exceeds the limits: 0 within them, infinite for an invalid network.</param>
    public Candidate(Genome genome, ImmutableArray<double> metrics, ImmutableArray<double> losses, double violation = 0)
    {
        Genome = genome;
        Metrics = metrics;
        Losses = losses;
        Violation = violation;
    }

    /// <summary>The network.</summary>
    public Genome Genome { get; }

    /// <summary>Every quantity known of it, in the order of the problem's metrics; empty for an invalid network.</summary>
    public ImmutableArray<double> Metrics { get; }

    /// <summary>The objectives, turned so that smaller is better; NaN for an invalid network.</summary>
    public ImmutableArray<double> Losses { get; }

    /// <summary>How far it exceeds the limits: 0 within them, infinite for an invalid network.</summary>
    public double Violation { get; }

    /// <summary>Whether it is valid and within all limits.</summary>
    public bool IsFeasible => Violation == 0;

    /// <summary>Whether it was found to be no network at all (a row that a table lacks).</summary>
    public bool IsInvalid => double.IsPositiveInfinity(Violation);
}
