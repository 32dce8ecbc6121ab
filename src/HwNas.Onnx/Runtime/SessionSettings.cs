using HwNas.Core.Devices;

namespace HwNas.Onnx.Runtime;

/// <summary>How a model is loaded and run.</summary>
public sealed record SessionSettings
{
    /// <summary>Graph optimisation level; All is what is deployed.</summary>
    public GraphLevel GraphLevel { get; init; } = GraphLevel.All;

    /// <summary>Threads that share the work of one node, 1 or more; with 1, models run on the calling thread alone.</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>Images in one run, 1 or more.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>The key of this configuration, with the loaded runtime's version.</summary>
    public RuntimeKey ToKey(ModelPrecision precision) => new()
    {
        Name = "onnxruntime",
        Version = OnnxEnvironment.Version,
        Provider = "cpu",
        GraphLevel = GraphLevel,
        IntraOpThreads = IntraOpThreads,
        Precision = precision,
        Batch = Batch,
    };
}
