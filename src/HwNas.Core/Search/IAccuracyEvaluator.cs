using HwNas.Core.Graphs;

namespace HwNas.Core.Search;

/// <summary>A measured accuracy.</summary>
/// <param name="Top1Percent">Share of images whose most likely class is right, in percent.</param>
/// <param name="StandardErrorPercent">Standard error of it, in percentage points.</param>
public readonly record struct AccuracyEstimate(double Top1Percent, double StandardErrorPercent);

/// <summary>Measures the accuracy of networks on a validation split; the expensive part of a search.</summary>
public interface IAccuracyEvaluator
{
    /// <summary>Hash of all that the accuracies depend on (weights, data split, calibration); a journal belongs to one.</summary>
    string Fingerprint { get; }

    /// <summary>
    /// How many networks it takes at once, each by a thread of its own; a search of a run keeps at least so many in flight.
    /// One of many machines says how many they are; one that is parallel within says 1, as is the default.
    /// </summary>
    int InFlight => 1;

    /// <summary>Measures one network. The same network always gives the same accuracy.</summary>
    AccuracyEstimate Evaluate(NetworkPlan plan, CancellationToken cancellation);
}
