namespace HwNas.Core.Spaces;

/// <summary>What a cost can reach over all networks of a space; both ends are reached by some network.</summary>
/// <param name="Least">The least cost.</param>
/// <param name="Most">The greatest cost.</param>
public readonly record struct CostRange(double Least, double Most)
{
    /// <summary>Whether some network costs at most <paramref name="limit"/>.</summary>
    public bool CanKeep(double limit) => Least <= limit;
}
