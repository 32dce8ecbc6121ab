namespace HwNas.Core.Search.Surrogates;

/// <summary>What is believed of a network that was not evaluated.</summary>
/// <param name="Means">Expected losses.</param>
/// <param name="Deviations">Their standard deviations; 0 for known costs.</param>
/// <param name="Feasibility">Probability of being a valid network within the limits.</param>
internal readonly record struct PredictedLosses(double[] Means, double[] Deviations, double Feasibility);
