namespace HwNas.Core.Graphs;

/// <summary>Element-wise activation functions.</summary>
public enum Activation
{
    /// <summary>x</summary>
    None,

    /// <summary>max(0, x)</summary>
    Relu,

    /// <summary>x · sigmoid(x), also called SiLU</summary>
    Swish,

    /// <summary>x · min(1, max(0, x/6 + 1/2))</summary>
    HardSwish,

    /// <summary>1 / (1 + exp(−x))</summary>
    Sigmoid,

    /// <summary>min(1, max(0, x/6 + 1/2))</summary>
    HardSigmoid,
}
