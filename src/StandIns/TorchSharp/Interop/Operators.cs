namespace TorchSharp.Interop;

/// <summary>Every ATen operator that the API calls.</summary>
internal static class Operators
{
    // Making tensors
    internal static readonly Operator Empty = new("empty", "memory_format");
    internal static readonly Operator EmptyStrided = new("empty_strided");
    internal static readonly Operator Zeros = new("zeros");
    internal static readonly Operator Ones = new("ones");

    // Views and copies
    internal static readonly Operator Clone = new("clone");
    internal static readonly Operator Contiguous = new("contiguous");
    internal static readonly Operator Copy = new("copy_");
    internal static readonly Operator Detach = new("detach");
    internal static readonly Operator Flatten = new("flatten", "using_ints");
    internal static readonly Operator Narrow = new("narrow");
    internal static readonly Operator Reshape = new("reshape");
    internal static readonly Operator T = new("t");
    internal static readonly Operator ToDevice = new("to", "device");

    // Arithmetic, comparisons, reductions
    internal static readonly Operator Add = new("add", "Tensor");
    internal static readonly Operator Argmax = new("argmax");
    internal static readonly Operator Eq = new("eq", "Tensor");
    internal static readonly Operator Matmul = new("matmul");
    internal static readonly Operator Mul = new("mul", "Tensor");
    internal static readonly Operator MulScalar = new("mul", "Scalar");
    internal static readonly Operator Normal = new("normal_");
    internal static readonly Operator Sum = new("sum");
    internal static readonly Operator Zero = new("zero_");

    // Layers and losses
    internal static readonly Operator AdaptiveAvgPool2d = new("adaptive_avg_pool2d");
    internal static readonly Operator AvgPool2d = new("avg_pool2d");
    internal static readonly Operator BatchNorm = new("batch_norm");
    internal static readonly Operator Conv2d = new("conv2d");
    internal static readonly Operator CrossEntropy = new("cross_entropy_loss");
    internal static readonly Operator Dropout = new("dropout");
    internal static readonly Operator Hardsigmoid = new("hardsigmoid");
    internal static readonly Operator HardsigmoidInPlace = new("hardsigmoid_");
    internal static readonly Operator Hardswish = new("hardswish");
    internal static readonly Operator HardswishInPlace = new("hardswish_");
    internal static readonly Operator Linear = new("linear");
    internal static readonly Operator LogSoftmax = new("log_softmax", "int");
    internal static readonly Operator Relu = new("relu");
    internal static readonly Operator ReluInPlace = new("relu_");
    internal static readonly Operator Sigmoid = new("sigmoid");
    internal static readonly Operator Silu = new("silu");
    internal static readonly Operator SiluInPlace = new("silu_");
    internal static readonly Operator Softmax = new("softmax", "int");
}
