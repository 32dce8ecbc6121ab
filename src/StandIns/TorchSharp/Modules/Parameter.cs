using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that is trained; takes the handle of the tensor that it is made of.</summary>
public sealed class Parameter : Tensor
{
    public Parameter(Tensor data, bool requires_grad = true)
        : base(data)
    {
        this.requires_grad = requires_grad;
    }
}
