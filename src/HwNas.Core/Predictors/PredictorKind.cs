namespace HwNas.Core.Predictors;

/// <summary>The families of predictors.</summary>
public enum PredictorKind
{
    /// <summary>Ridge regression on the masked one-hot genes: each choice adds its share. The fastest.</summary>
    Ridge,

    /// <summary>Gaussian process on the number of genes that differ, each weighted by its ridge effect: choices interact. The best on few evaluations.</summary>
    GaussianProcess,

    /// <summary>An ensemble of small multi-layer perceptrons on the masked one-hot genes; for many evaluations.</summary>
    MlpEnsemble,
}
