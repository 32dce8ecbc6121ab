using System.Reflection;
using HwNas.Native.Tests.Support;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>
/// The part of TorchSharp 0.106 that the product calls. Whoever adds a line has looked up that the real package has
/// that member, so that the product compiles with HwNasPackages=nuget too.
/// </summary>
public sealed class ApiInUseTests
{
    private static readonly string[] InUse =
    [
        "Parameter..ctor",
        "SGD.Dispose",
        "SGD.ParamGroup..ctor",
        "SGD.get_ParamGroups",
        "SGD.load_state_dict",
        "SGD.save_state_dict",
        "SGD.step",
        "SGD.zero_grad",
        "Scalar.op_Implicit",
        "TensorAccessor.ToArray",
        "torch.Generator..ctor",
        "torch.NewDisposeScope",
        "torch.Tensor.DetachFromDisposeScope",
        "torch.Tensor.Dispose",
        "torch.Tensor.MoveToOuterDisposeScope",
        "torch.Tensor.argmax",
        "torch.Tensor.backward",
        "torch.Tensor.clone",
        "torch.Tensor.contiguous",
        "torch.Tensor.copy_",
        "torch.Tensor.data",
        "torch.Tensor.detach",
        "torch.Tensor.eq",
        "torch.Tensor.flatten",
        "torch.Tensor.get_bytes",
        "torch.Tensor.get_device",
        "torch.Tensor.get_dtype",
        "torch.Tensor.get_shape",
        "torch.Tensor.item",
        "torch.Tensor.matmul",
        "torch.Tensor.mul",
        "torch.Tensor.narrow",
        "torch.Tensor.normal_",
        "torch.Tensor.op_Addition",
        "torch.Tensor.op_Multiply",
        "torch.Tensor.reshape",
        "torch.Tensor.sum",
        "torch.Tensor.t",
        "torch.empty",
        "torch.empty_strided",
        "torch.manual_seed",
        "torch.nn.functional.adaptive_avg_pool2d",
        "torch.nn.functional.avg_pool2d",
        "torch.nn.functional.batch_norm",
        "torch.nn.functional.conv2d",
        "torch.nn.functional.cross_entropy",
        "torch.nn.functional.dropout",
        "torch.nn.functional.hardsigmoid",
        "torch.nn.functional.hardswish",
        "torch.nn.functional.linear",
        "torch.nn.functional.log_softmax",
        "torch.nn.functional.relu",
        "torch.nn.functional.sigmoid",
        "torch.nn.functional.silu",
        "torch.nn.functional.softmax",
        "torch.no_grad",
        "torch.ones",
        "torch.optim.ILearningRateController.set_LearningRate",
        "torch.optim.SGD",
        "torch.set_num_threads",
        "torch.tensor",
        "torch.zeros",
    ];

    // What comes with a type that the product uses (readers of what it writes), and what tests look at.
    private static readonly string[] AroundIt =
    [
        "DisposeScope.Dispose",
        "SGD.ParamGroup.get_LearningRate",
        "SGD.ParamGroup.set_LearningRate",
        "torch.Generator.Dispose",
        "torch.Tensor.get_TotalCount",
        "torch.Tensor.get_grad",
        "torch.optim.ILearningRateController.get_LearningRate",
    ];

    [Fact]
    public void The_product_uses_no_more_of_TorchSharp_than_is_listed_here() =>
        Assert.Equal(InUse, AssemblyUse.Members("TorchSharp", "HwNas.Supernet.dll", "hwnas.dll"));

    [Fact]
    public void The_stand_in_has_no_more_than_the_product_uses()
    {
        var members = typeof(Tensor).Assembly.GetExportedTypes().Where(type => !type.IsEnum).SelectMany(type => type
            .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .OfType<MethodBase>()
            .Select(method => $"{type.FullName!.Split('.')[^1].Split('`')[0].Replace('+', '.')}.{method.Name}"));
        Assert.Equal(AroundIt, members.Except(InUse).Order(StringComparer.Ordinal));
    }
}
