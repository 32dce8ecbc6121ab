namespace TorchSharp.Interop;

/// <summary>Every ATen operator that the API calls.</summary>
internal static class Operators
{
    // Making tensors
    internal static readonly Operator Empty = new("empty", "memory_format");
    internal static readonly Operator EmptyStrided = new("empty_strided");
    internal static readonly Operator EmptyLike = new("empty_like");
    internal static readonly Operator Zeros = new("zeros");
    internal static readonly Operator ZerosLike = new("zeros_like");
    internal static readonly Operator Ones = new("ones");
    internal static readonly Operator OnesLike = new("ones_like");
    internal static readonly Operator Full = new("full");
    internal static readonly Operator Arange = new("arange", "start_step");
    internal static readonly Operator Rand = new("rand", "generator");
    internal static readonly Operator Randn = new("randn", "generator");
    internal static readonly Operator Randint = new("randint", "low_generator");
    internal static readonly Operator Randperm = new("randperm", "generator");
    internal static readonly Operator Cat = new("cat");
    internal static readonly Operator Stack = new("stack");
    internal static readonly Operator Where = new("where", "self");
    internal static readonly Operator WhereIndices = new("where");

    // Views and moves
    internal static readonly Operator Alias = new("alias");
    internal static readonly Operator AsStrided = new("as_strided");
    internal static readonly Operator Chunk = new("chunk");
    internal static readonly Operator Clone = new("clone");
    internal static readonly Operator Contiguous = new("contiguous");
    internal static readonly Operator Copy = new("copy_");
    internal static readonly Operator Detach = new("detach");
    internal static readonly Operator DetachInPlace = new("detach_");
    internal static readonly Operator Expand = new("expand");
    internal static readonly Operator Flatten = new("flatten", "using_ints");
    internal static readonly Operator Flip = new("flip");
    internal static readonly Operator Gather = new("gather");
    internal static readonly Operator Index = new("index", "Tensor");
    internal static readonly Operator IndexPut = new("index_put_");
    internal static readonly Operator IndexSelect = new("index_select");
    internal static readonly Operator Item = new("item");
    internal static readonly Operator MaskedFill = new("masked_fill", "Scalar");
    internal static readonly Operator Narrow = new("narrow");
    internal static readonly Operator Permute = new("permute");
    internal static readonly Operator Reshape = new("reshape");
    internal static readonly Operator Roll = new("roll");
    internal static readonly Operator Scatter = new("scatter_", "src");
    internal static readonly Operator Select = new("select", "int");
    internal static readonly Operator SetSource = new("set_", "source_Tensor");
    internal static readonly Operator Slice = new("slice", "Tensor");
    internal static readonly Operator Split = new("split", "Tensor");
    internal static readonly Operator SplitSizes = new("split_with_sizes");
    internal static readonly Operator Squeeze = new("squeeze");
    internal static readonly Operator SqueezeDim = new("squeeze", "dim");
    internal static readonly Operator T = new("t");
    internal static readonly Operator ToDevice = new("to", "device");
    internal static readonly Operator ToType = new("to", "dtype");
    internal static readonly Operator Transpose = new("transpose", "int");
    internal static readonly Operator Unsqueeze = new("unsqueeze");
    internal static readonly Operator View = new("view");

    // Arithmetic
    internal static readonly Operator Abs = new("abs");
    internal static readonly Operator Add = new("add", "Tensor");
    internal static readonly Operator AddInPlace = new("add_", "Tensor");
    internal static readonly Operator AddScalar = new("add", "Scalar");
    internal static readonly Operator AddScalarInPlace = new("add_", "Scalar");
    internal static readonly Operator Addcdiv = new("addcdiv_");
    internal static readonly Operator Addcmul = new("addcmul_");
    internal static readonly Operator Clamp = new("clamp");
    internal static readonly Operator ClampInPlace = new("clamp_");
    internal static readonly Operator Div = new("div", "Tensor");
    internal static readonly Operator DivInPlace = new("div_", "Tensor");
    internal static readonly Operator DivScalar = new("div", "Scalar");
    internal static readonly Operator DivScalarInPlace = new("div_", "Scalar");
    internal static readonly Operator Exp = new("exp");
    internal static readonly Operator Lerp = new("lerp_", "Tensor");
    internal static readonly Operator Log = new("log");
    internal static readonly Operator Matmul = new("matmul");
    internal static readonly Operator Mm = new("mm");
    internal static readonly Operator Mul = new("mul", "Tensor");
    internal static readonly Operator MulInPlace = new("mul_", "Tensor");
    internal static readonly Operator MulScalar = new("mul", "Scalar");
    internal static readonly Operator MulScalarInPlace = new("mul_", "Scalar");
    internal static readonly Operator Neg = new("neg");
    internal static readonly Operator Pow = new("pow", "Tensor_Scalar");
    internal static readonly Operator PowTensor = new("pow", "Tensor_Tensor");
    internal static readonly Operator Rsub = new("rsub", "Scalar");
    internal static readonly Operator Reciprocal = new("reciprocal");
    internal static readonly Operator Sqrt = new("sqrt");
    internal static readonly Operator SqrtInPlace = new("sqrt_");
    internal static readonly Operator Sub = new("sub", "Tensor");
    internal static readonly Operator SubInPlace = new("sub_", "Tensor");
    internal static readonly Operator SubScalar = new("sub", "Scalar");
    internal static readonly Operator SubScalarInPlace = new("sub_", "Scalar");

    // Filling in place
    internal static readonly Operator Bernoulli = new("bernoulli_", "float");
    internal static readonly Operator Fill = new("fill_", "Scalar");
    internal static readonly Operator Normal = new("normal_");
    internal static readonly Operator Uniform = new("uniform_");
    internal static readonly Operator Zero = new("zero_");

    // Comparisons and reductions
    internal static readonly Operator All = new("all");
    internal static readonly Operator Allclose = new("allclose");
    internal static readonly Operator Any = new("any");
    internal static readonly Operator Argmax = new("argmax");
    internal static readonly Operator Eq = new("eq", "Tensor");
    internal static readonly Operator EqScalar = new("eq", "Scalar");
    internal static readonly Operator Equal = new("equal");
    internal static readonly Operator Gt = new("gt", "Tensor");
    internal static readonly Operator GtScalar = new("gt", "Scalar");
    internal static readonly Operator Isfinite = new("isfinite");
    internal static readonly Operator Isnan = new("isnan");
    internal static readonly Operator Lt = new("lt", "Tensor");
    internal static readonly Operator LtScalar = new("lt", "Scalar");
    internal static readonly Operator Max = new("max");
    internal static readonly Operator MaxDim = new("max", "dim");
    internal static readonly Operator Maximum = new("maximum");
    internal static readonly Operator Mean = new("mean");
    internal static readonly Operator MeanDim = new("mean", "dim");
    internal static readonly Operator Min = new("min");
    internal static readonly Operator Ne = new("ne", "Tensor");
    internal static readonly Operator NeScalar = new("ne", "Scalar");
    internal static readonly Operator Norm = new("norm", "Scalar");
    internal static readonly Operator Sum = new("sum");
    internal static readonly Operator SumDim = new("sum", "dim_IntList");
    internal static readonly Operator Topk = new("topk");
    internal static readonly Operator Var = new("var");
    internal static readonly Operator VarDim = new("var", "dim");
    internal static readonly Operator VarMean = new("var_mean");
    internal static readonly Operator VarMeanDim = new("var_mean", "dim");

    // Layers
    internal static readonly Operator AdaptiveAvgPool2d = new("adaptive_avg_pool2d");
    internal static readonly Operator AvgPool2d = new("avg_pool2d");
    internal static readonly Operator BatchNorm = new("batch_norm");
    internal static readonly Operator Conv2d = new("conv2d");
    internal static readonly Operator Dropout = new("dropout");
    internal static readonly Operator DropoutInPlace = new("dropout_");
    internal static readonly Operator Hardsigmoid = new("hardsigmoid");
    internal static readonly Operator HardsigmoidInPlace = new("hardsigmoid_");
    internal static readonly Operator Hardswish = new("hardswish");
    internal static readonly Operator HardswishInPlace = new("hardswish_");
    internal static readonly Operator Linear = new("linear");
    internal static readonly Operator MaxPool2d = new("max_pool2d");
    internal static readonly Operator OneHot = new("one_hot");
    internal static readonly Operator Pad = new("constant_pad_nd");
    internal static readonly Operator ReflectionPad2d = new("reflection_pad2d");
    internal static readonly Operator ReplicationPad2d = new("replication_pad2d");
    internal static readonly Operator Relu = new("relu");
    internal static readonly Operator ReluInPlace = new("relu_");
    internal static readonly Operator Relu6 = new("relu6");
    internal static readonly Operator Relu6InPlace = new("relu6_");
    internal static readonly Operator Sigmoid = new("sigmoid");
    internal static readonly Operator SigmoidInPlace = new("sigmoid_");
    internal static readonly Operator Silu = new("silu");
    internal static readonly Operator SiluInPlace = new("silu_");
    internal static readonly Operator UpsampleBicubic = new("upsample_bicubic2d", "vec");
    internal static readonly Operator UpsampleBicubicSmooth = new("_upsample_bicubic2d_aa", "vec");
    internal static readonly Operator UpsampleBilinear = new("upsample_bilinear2d", "vec");
    internal static readonly Operator UpsampleBilinearSmooth = new("_upsample_bilinear2d_aa", "vec");
    internal static readonly Operator UpsampleNearest = new("upsample_nearest2d", "vec");

    // Losses
    internal static readonly Operator CrossEntropy = new("cross_entropy_loss");
    internal static readonly Operator KlDiv = new("kl_div");
    internal static readonly Operator LogSoftmax = new("log_softmax", "int");
    internal static readonly Operator MseLoss = new("mse_loss");
    internal static readonly Operator NllLoss = new("nll_loss_nd");
    internal static readonly Operator Softmax = new("softmax", "int");

    // Over lists of gradients
    internal static readonly Operator ForeachMulInPlace = new("_foreach_mul_", "Scalar");
    internal static readonly Operator ForeachNorm = new("_foreach_norm", "Scalar");
}
