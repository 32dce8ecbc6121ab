using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that is trained; takes the handle of the tensor that it is made of.</summary>
public sealed class Parameter : Tensor
{
    public Parameter(Tensor data, bool requires_grad = true)
        : base(data) =>
        Native.Check(Native.hw_tensor_set_requires_grad(Handle, requires_grad ? 1 : 0));
}
