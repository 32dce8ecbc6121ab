using static TorchSharp.torch;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Data;

/// <summary>
/// A batch of which each image is made of two: its loss is <see cref="Weight"/> times that of its own label, and the rest
/// of that of the other one.
/// </summary>
/// <param name="Images">The images [n, channels, height, width].</param>
/// <param name="Labels">Their own labels [n].</param>
/// <param name="OtherLabels">The labels of what is mixed in [n].</param>
/// <param name="Weight">The share of their own, 0 to 1; 1 where nothing is mixed.</param>
public sealed record MixedBatch(Tensor Images, Tensor Labels, Tensor OtherLabels, double Weight);

/// <summary>
/// Mixup (Zhang et al. 2018, arXiv 1710.09412) and CutMix (Yun et al. 2019, arXiv 1905.04899) of a finished batch. Each
/// image meets the one at the same place from the other end; the batch has one weight.
/// </summary>
public static class BatchMixing
{
    /// <summary>Mixes a batch as an augmentation says, or gives it back as it is. The batch itself stays.</summary>
    /// <param name="images">The images [n, channels, height, width].</param>
    /// <param name="labels">Their labels [n].</param>
    /// <param name="augmentation">Which of both, and α.</param>
    /// <param name="random">Decides the weight, the rectangle, and which of both.</param>
    public static MixedBatch Mix(Tensor images, Tensor labels, Augmentation augmentation, Random random)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentNullException.ThrowIfNull(random);
        var (mixup, cutMix) = (augmentation.MixupAlpha > 0, augmentation.CutMixAlpha > 0);
        if (!mixup && !cutMix)
            return new MixedBatch(images, labels, labels, Weight: 1);
        return mixup && !(cutMix && random.Next(2) == 0)
            ? Mixup(images, labels, Beta(augmentation.MixupAlpha, random))
            : CutMix(images, labels, Beta(augmentation.CutMixAlpha, random), random);
    }

    private static MixedBatch Mixup(Tensor images, Tensor labels, double weight)
    {
        // Scalars are kept until they were used (docs/decisions/0015-own-sgd.md).
        using Scalar share = weight, rest = 1 - weight;
        using var other = images.flip(0);
        using var ofOther = other.mul_(rest);
        return new MixedBatch(images.mul(share).add_(ofOther), labels, labels.flip(0), weight);
    }

    // The sides of the rectangle are the image's times the root of what is mixed in; what lies outside of the image is lost.
    private static MixedBatch CutMix(Tensor images, Tensor labels, double weight, Random random)
    {
        var (height, width) = ((int)images.shape[2], (int)images.shape[3]);
        var side = Math.Sqrt(1 - weight);
        var (top, bottom) = Cut(height);
        var (left, right) = Cut(width);
        var mixed = images.clone();
        if (bottom > top && right > left)
        {
            using var other = images.flip(0);
            using var source = other.narrow(2, top, bottom - top).narrow(3, left, right - left);
            using var target = mixed.narrow(2, top, bottom - top).narrow(3, left, right - left);
            target.copy_(source);
        }

        var area = (double)(bottom - top) * (right - left) / ((double)height * width);
        return new MixedBatch(mixed, labels, labels.flip(0), 1 - area);

        (int From, int To) Cut(int length)
        {
            var (centre, half) = (random.Next(length), (int)(length * side / 2));
            return (Math.Max(0, centre - half), Math.Min(length, centre + half));
        }
    }

    // Beta(α, α) for α up to 1 (Jöhnk 1964).
    private static double Beta(double alpha, Random random)
    {
        while (true)
        {
            var first = Math.Pow(random.NextDouble(), 1 / alpha);
            var second = Math.Pow(random.NextDouble(), 1 / alpha);
            if (first + second is > 0 and <= 1)
                return first / (first + second);
        }
    }
}
