namespace HwNas.Core.Spaces;

/// <summary>What a cost can reach over all networks of a space; both ends are reached by some network.</summary>
/// <param name="Least">The least cost.</param>
/// <param name="Most">The greatest cost.</param>
/// <param name="IsExact">Whether no network can be beyond; else it is what descents from many starts have found.</param>
public readonly record struct CostRange(double Least, double Most, bool IsExact = true);
