using HwNas.Core;

namespace HwNas.Supernet.Training;

/// <summary>The loss of a training exploded, or is no number any more; what was saved before stays.</summary>
public sealed class DivergedException : HwNasException
{
    internal DivergedException(string message, double smallerRate, bool canContinue)
        : base(message) => (SmallerRate, CanContinue) = (smallerRate, canContinue);

    /// <summary>A learning rate to try instead.</summary>
    public double SmallerRate { get; }

    /// <summary>Whether its folder can go on; else the saved state itself is bad, and only another folder helps.</summary>
    public bool CanContinue { get; }
}
