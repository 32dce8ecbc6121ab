namespace HwNas.Core.Predictors;

/// <summary>How well ridge regression does with a penalty.</summary>
/// <param name="Penalty">The penalty λ.</param>
/// <param name="LeaveOneOutRmse">Root mean square of the leave-one-out residuals.</param>
/// <param name="NoiseVariance">Estimated variance of the values around the model.</param>
internal readonly record struct RidgeErrors(double Penalty, double LeaveOneOutRmse, double NoiseVariance);
