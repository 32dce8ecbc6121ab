namespace HwNas.Core.Predictors;

/// <summary>A fitted model; genomes come as the states of <see cref="GenomeFeatures"/>.</summary>
internal abstract class PredictorModel
{
    public abstract double Mean(byte[] states);

    public abstract Prediction Predict(byte[] states);

    /// <summary>What predicts the mean, as data.</summary>
    public abstract PredictorMean ToMean();
}
