namespace HwNas.Supernet.Evaluation;

/// <summary>How subnets are calibrated and judged.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Training images in a calibration batch; statistics depend on it, so it is that of training. Default 64.</summary>
    public int CalibrationBatch { get; init; } = 64;

    /// <summary>Calibration batches (AttentiveNAS uses 64 of 256 images for ImageNet). Default 24.</summary>
    public int CalibrationBatches { get; init; } = 24;

    /// <summary>Images that go through the network at once; has no influence on the result. Default 250.</summary>
    public int EvaluationBatch { get; init; } = 250;

    /// <summary>At most so many images of the split are used. Default: all.</summary>
    public int MaxImages { get; init; } = int.MaxValue;

    /// <summary>Threads that take batches side by side; they have no influence on the result. Default 2.</summary>
    public int Threads { get; init; } = 2;
}
