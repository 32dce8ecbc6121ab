namespace HwNas.Core.Search.Strategies;

/// <summary>
/// The moving average of the rewards, which REINFORCE subtracts: what is usual pulls nowhere (Williams 1992). It begins
/// with the mean of the first batch.
/// </summary>
internal sealed class RewardBaseline
{
    private const double Decay = 0.9;

    private double? _average;

    /// <summary>
    /// The rewards of a batch above the average before it, relative to their root mean square;
    /// the batch then joins the average.
    /// </summary>
    public double[] Advantages(double[] rewards)
    {
        var mean = rewards.Average();
        var baseline = _average ?? mean;
        _average = (Decay * baseline) + ((1 - Decay) * mean);
        var spread = Math.Max(1e-6, Math.Sqrt(rewards.Average(r => (r - baseline) * (r - baseline))));
        return Array.ConvertAll(rewards, r => (r - baseline) / spread);
    }
}
