using HwNas.Core;

namespace HwNas.Onnx.Foreign;

/// <summary>A model of strangers that is run on images.</summary>
public sealed class ForeignClassifier : IDisposable
{
    private readonly ForeignProcess _child;

    internal ForeignClassifier(ForeignProcess child)
    {
        _child = child;
        try
        {
            (InputLength, OutputLength, TakesPixels) = Frames.Parse<ForeignShape>(child.Read(FrameKind.Shape));
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Values of one batch of inputs.</summary>
    public int InputLength { get; }

    /// <summary>Whether the inputs are bytes of pixels, and no floats.</summary>
    public bool TakesPixels { get; }

    /// <summary>Values of one batch of outputs.</summary>
    public int OutputLength { get; }

    /// <summary>The logits of images, as <see cref="Runtime.OnnxClassifier"/> gives them.</summary>
    /// <exception cref="InputException">The model does not end, takes too much memory, or cannot be run.</exception>
    public float[] Logits(float[] images)
    {
        _child.Write(images);
        return Frames.Floats(_child.Read(FrameKind.Values));
    }

    /// <inheritdoc/>
    public void Dispose() => _child.Dispose();
}
