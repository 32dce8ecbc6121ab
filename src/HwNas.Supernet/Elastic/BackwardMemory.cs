using static TorchSharp.torch;

namespace HwNas.Supernet.Elastic;

/// <summary>
/// Frees what TorchSharp's autograd functions leave to dispose scopes that end with the whole step, or to the garbage
/// collector: the gradient that a backward pass is given, and those that it returns. A step whose memory is not used
/// again works in cold memory.
/// </summary>
internal static class BackwardMemory
{
    [ThreadStatic]
    private static List<Tensor>? _returned;

    /// <summary>The last act of a backward pass: what it returns.</summary>
    /// <param name="outputGradient">What it was given; disposed of here.</param>
    /// <param name="inputGradients">What it returns, null where an input is no tensor.</param>
    public static List<Tensor> Return(Tensor outputGradient, List<Tensor> inputGradients)
    {
        outputGradient.Dispose();

        // The caller reads the handles after the return, so that they can go only when the next ones come.
        foreach (var gradient in _returned ?? [])
            gradient?.Dispose();
        foreach (var gradient in inputGradients)
            gradient?.DetachFromDisposeScope();
        return _returned = inputGradients;
    }
}
