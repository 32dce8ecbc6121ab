using HwNas.Core.Graphs;

namespace HwNas.Core.Devices;

/// <summary>A predicted latency with its 95 % interval.</summary>
/// <param name="MedianUs">Predicted median, in microseconds.</param>
/// <param name="LowUs">Lower end of the interval, in microseconds.</param>
/// <param name="HighUs">Upper end of the interval, in microseconds.</param>
public readonly record struct LatencyEstimate(double MedianUs, double LowUs, double HighUs);

/// <summary>Predicts the latency of networks on one device.</summary>
public interface ILatencyModel
{
    /// <summary>The device's id, as budgets and objectives name it.</summary>
    string Device { get; }

    /// <summary>Predicts a whole network.</summary>
    /// <exception cref="InputException">The model does not cover a layer of the network; the message names it.</exception>
    LatencyEstimate Estimate(NetworkPlan plan);
}
