using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Training.Recipes;

/// <summary>What a subnet loses against the soft labels of a better one.</summary>
internal static class Distillation
{
    // AlphaNet section 4: "alpha_- = -1, alpha_+ = 1, beta = 5".
    private static readonly Scalar MostRatio = 5, Half = 0.5, One = 1, Tiny = 1e-30;

    /// <summary>The mean over the images, whose gradient is that of the divergence.</summary>
    /// <param name="logits">Of the subnet that learns [n, classes].</param>
    /// <param name="softLabels">Probabilities that it learns from [n, classes], without gradients.</param>
    /// <param name="kind">The divergence.</param>
    public static Tensor Loss(Tensor logits, Tensor softLabels, DistillationKind kind) =>
        kind == DistillationKind.AdaptiveAlpha ? AdaptiveAlpha(logits, softLabels) : CrossEntropy(logits, softLabels);

    /// <summary>The Kullback-Leibler divergence but for a constant, the soft labels' own entropy.</summary>
    public static Tensor CrossEntropy(Tensor logits, Tensor softLabels) =>
        (F.log_softmax(logits, 1) * softLabels).sum(1).mean().neg();

    // AlphaNet, equations 3 to 6. Of two divergences the larger one, for each image: alpha = 1, which is the Kullback-Leibler
    // divergence and punishes what the subnet thinks too little likely, and alpha = -1, (E_q[q / p] - 1) / 2, which punishes
    // what it thinks too likely. With r = (p / q)^alpha, cut at 5, the gradient is -E_q[r grad log q] / alpha: that of
    // sum(q r log q) with q and r as constants.
    private static Tensor AdaptiveAlpha(Tensor logits, Tensor softLabels)
    {
        var logProbability = F.log_softmax(logits, 1);
        Tensor weights;
        using (no_grad())
        {
            var own = logProbability.detach();
            var ofSoft = softLabels.clamp_min(Tiny).log();
            var probability = own.exp();
            var cut = probability * (own - ofSoft).exp().clamp_max(MostRatio);
            var tooLikely = cut.sum(1).sub(One).mul(Half);
            var tooUnlikely = (softLabels * (ofSoft - own)).sum(1);
            weights = where(tooLikely.gt(tooUnlikely).unsqueeze(1), cut, softLabels.neg());
        }

        return (weights * logProbability).sum(1).mean();
    }
}
