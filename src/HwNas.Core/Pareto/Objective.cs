namespace HwNas.Core.Pareto;

/// <summary>Which values of a quantity are better.</summary>
public enum Direction
{
    /// <summary>Smaller is better: latency, MACs.</summary>
    Minimize,

    /// <summary>Larger is better: accuracy.</summary>
    Maximize,
}

/// <summary>A named quantity of a network with the direction in which it is better.</summary>
/// <param name="Name">The name by which limits, tables and reports speak of it, such as <c>accuracy</c> or <c>latency_us@pi5</c>.</param>
/// <param name="Direction">Which values are better.</param>
/// <param name="Unit">The unit of its values, such as <c>%</c> or <c>us</c>; empty where it has none.</param>
public sealed record Objective(string Name, Direction Direction, string Unit)
{
    /// <summary>The value turned so that smaller is better (its own inverse).</summary>
    public double ToLoss(double value) => Direction == Direction.Minimize ? value : -value;
}
