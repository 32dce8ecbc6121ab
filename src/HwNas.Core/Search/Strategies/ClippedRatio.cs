namespace HwNas.Core.Search.Strategies;

/// <summary>
/// The clipped objective of PPO (Schulman et al. 2017, equation 7): min(r·A, clip(r, 1 − ε, 1 + ε)·A) of the
/// probability ratio r and the advantage A.
/// </summary>
internal static class ClippedRatio
{
    private const double Epsilon = 0.2;

    /// <summary>
    /// Its derivative by the logarithm of the new probability: r·A, or 0 once the ratio has left the clip in the
    /// direction of the advantage, so that a sample stops pulling.
    /// </summary>
    public static double Gradient(double ratio, double advantage)
    {
        var isOutside = advantage > 0 ? ratio > 1 + Epsilon : ratio < 1 - Epsilon;
        return isOutside ? 0 : ratio * advantage;
    }
}
