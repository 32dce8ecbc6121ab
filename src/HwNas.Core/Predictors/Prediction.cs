namespace HwNas.Core.Predictors;

/// <summary>A predicted value, such as an accuracy in percent, with its uncertainty.</summary>
/// <param name="Mean">The expected value.</param>
/// <param name="StandardDeviation">Standard deviation of what a measurement would give around it.</param>
public readonly record struct Prediction(double Mean, double StandardDeviation);
