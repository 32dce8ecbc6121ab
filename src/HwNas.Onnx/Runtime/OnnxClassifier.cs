using HwNas.Core;

namespace HwNas.Onnx.Runtime;

/// <summary>Classifies images with a model, a batch at a time.</summary>
public static class OnnxClassifier
{
    /// <summary>The logits of many images.</summary>
    /// <param name="session">The model; its batch is the number of images run at once.</param>
    /// <param name="images">Images one after the other, as the model takes them: normalised, each channels × rows × columns, or
    /// a number for each byte.</param>
    /// <returns>[images × classes], row-major.</returns>
    /// <exception cref="InputException">The values are no whole number of images of the model's input shape.</exception>
    public static float[] Logits(OnnxSession session, ReadOnlySpan<float> images)
    {
        ArgumentNullException.ThrowIfNull(session);
        var imageSize = session.InputLength / session.Batch;
        var classes = session.Output.Length / session.Batch;
        if (images.Length % imageSize != 0)
        {
            throw new InputException(
                $"{images.Length} values are no whole number of images of shape "
                + $"[{string.Join(", ", session.InputShape.AsSpan()[1..].ToArray())}], "
                + $"which the model '{session.Origin}' takes.");
        }

        var count = images.Length / imageSize;
        var logits = new float[count * classes];
        for (var first = 0; first < count; first += session.Batch)
        {
            var size = Math.Min(session.Batch, count - first);
            session.Feed(images.Slice(first * imageSize, size * imageSize));
            // The rest of a last, smaller batch stays as it was; its logits are not read.
            session.Run();
            session.Output[..(size * classes)].CopyTo(logits.AsSpan(first * classes));
        }

        return logits;
    }

    /// <summary>The class of each image: where its logits are largest.</summary>
    /// <param name="logits">[images × classes], row-major.</param>
    /// <param name="classes">Number of classes.</param>
    public static int[] Classes(ReadOnlySpan<float> logits, int classes)
    {
        var result = new int[logits.Length / classes];
        for (var image = 0; image < result.Length; image++)
        {
            var best = image * classes;
            for (var i = best + 1; i < (image + 1) * classes; i++)
            {
                if (logits[i] > logits[best])
                    best = i;
            }

            result[image] = best % classes;
        }

        return result;
    }

    /// <summary>The probabilities that the logits of an image stand for.</summary>
    public static float[] Softmax(float[] logits)
    {
        var most = logits.Max();
        double[] powers = [.. logits.Select(logit => Math.Exp(logit - most))];
        var sum = powers.Sum();
        return [.. powers.Select(power => (float)(power / sum))];
    }
}
