using System.Diagnostics.CodeAnalysis;

namespace HwNas.Core.Devices;

/// <summary>How far the runtime may rewrite a graph before it runs it.</summary>
public enum GraphLevel
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Constant folding and removal of nodes that do nothing.</summary>
    Basic,

    /// <summary>Also fused nodes of the provider.</summary>
    Extended,

    /// <summary>Also memory layouts of the processor (NCHWc): what is deployed.</summary>
    All,
}

/// <summary>Number format of weights and activations.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "int8 is what the field calls it.")]
public enum ModelPrecision
{
    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>16-bit floats; inputs and outputs are of 32 bits.</summary>
    Fp16,

    /// <summary>8-bit integers, quantised statically (QDQ: unsigned activations, signed per-channel weights).</summary>
    Int8,
}

/// <summary>
/// The configuration of a runtime. Latencies of different keys are not comparable: each needs a table of its own.
/// </summary>
public sealed record RuntimeKey
{
    /// <summary>The runtime, <c>onnxruntime</c> or <c>onnxruntime-web</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>What executes the nodes, such as <c>cpu</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Graph optimisation level.</summary>
    public required GraphLevel GraphLevel { get; init; }

    /// <summary>Threads that share the work of one node.</summary>
    public required int IntraOpThreads { get; init; }

    /// <summary>Number format.</summary>
    public required ModelPrecision Precision { get; init; }

    /// <summary>Images in one run.</summary>
    public required int Batch { get; init; }

    /// <summary>One line, such as <c>onnxruntime 1.29.0, cpu, graph level all, 1 thread, fp32, batch 1</c>.</summary>
    public override string ToString() =>
        $"{Name} {Version}, {Provider}, graph level {GraphLevel.ToString().ToLowerInvariant()}, "
        + $"{IntraOpThreads} thread{(IntraOpThreads == 1 ? "" : "s")}, {Precision.ToString().ToLowerInvariant()}, batch {Batch}";
}
