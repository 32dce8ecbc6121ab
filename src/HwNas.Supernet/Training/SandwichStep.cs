using HwNas.Core.Graphs;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Training;

/// <summary>What one step reports.</summary>
/// <param name="LargestLoss">Cross-entropy of the largest subnet against the labels.</param>
/// <param name="SmallestLoss">Cross-entropy of the smallest subnet against the largest one's soft labels.</param>
public readonly record struct StepLosses(double LargestLoss, double SmallestLoss);

/// <summary>One optimizer step by the sandwich rule with in-place distillation (BigNAS section 3.1).</summary>
public sealed class SandwichStep : IDisposable
{
    private readonly ElasticSupernet _supernet;
    private readonly TrainingOptions _options;
    private readonly NesterovSgd _optimizer;

    // Each subnet of the sandwich has gradients of its own until they are summed, always in the same order: so the step does
    // not depend on who is done first.
    private readonly List<SlicedWeights> _slicesOfOthers = [];

    /// <summary>Creates the step and its optimizer.</summary>
    public SandwichStep(ElasticSupernet supernet, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(supernet);
        ArgumentNullException.ThrowIfNull(options);
        _supernet = supernet;
        _options = options;

        // Only the largest subnet is regularised (BigNAS section 3.1): what it does not have, such as shortcuts or other
        // operations of a cell, does not decay, nor do batch norm and biases.
        var decayed = SubnetWeights.Names(supernet.Space.PlanOf(supernet.Space.Largest))
            .Where(weight => weight.Spec.Shape.Length > 1)
            .Select(weight => weight.Name)
            .ToHashSet();
        _optimizer = new NesterovSgd(supernet.Weights, decayed.Contains, options.Momentum, options.WeightDecay);
    }

    /// <summary>The optimizer, whose state belongs into checkpoints.</summary>
    internal NesterovSgd Optimizer => _optimizer;

    /// <summary>Sums the gradients of all subnets of the sandwich and steps once.</summary>
    /// <param name="images">Normalised images [n, channels, side, side].</param>
    /// <param name="labels">Labels [n].</param>
    /// <param name="largest">The largest subnet.</param>
    /// <param name="others">The smallest subnet, then the random ones.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="seed">Decides what dropout drops.</param>
    public StepLosses Run(
        Tensor images, Tensor labels, NetworkPlan largest, IReadOnlyList<NetworkPlan> others, double learningRate, int seed)
    {
        ArgumentNullException.ThrowIfNull(others);
        while (_slicesOfOthers.Count < others.Count)
            _slicesOfOthers.Add(new SlicedWeights(_supernet.Weights));
        _optimizer.ZeroGradients();

        // The largest subnet learns from the labels.
        var (largestLoss, softLabels) = ForwardLargest(images, labels, largest, seed);

        // The smallest and the random ones learn from the largest one's soft labels only, which are there before its own
        // backward pass: that goes beside theirs. The smallest comes last, for it is the shortest.
        Func<double> distil(int index) => () => BackwardDistilled(images, softLabels, others[index], _slicesOfOthers[index]);
        var losses = SideBySide.Run(
            _options.Threads,
            [() => Backward(largestLoss), .. Enumerable.Range(1, others.Count).Select(i => distil(i % others.Count))]);
        softLabels.Dispose();

        foreach (var slices in _slicesOfOthers.Take(others.Count))
            _optimizer.AddGradients(slices.Gradients());
        _optimizer.Step(learningRate);
        return new StepLosses(losses[0], others.Count > 0 ? losses[^1] : double.NaN);
    }

    /// <summary>The loss of a subnet on the labels, without a step.</summary>
    internal double LossOf(Tensor images, Tensor labels, NetworkPlan plan)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var logits = _supernet.Forward(ImageBatches.Resize(images, plan.Input.Height), plan);
        return F.cross_entropy(logits, labels, label_smoothing: _options.LabelSmoothing).item<float>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (var slices in _slicesOfOthers)
            slices.Dispose();
    }

    private (Tensor Loss, Tensor SoftLabels) ForwardLargest(Tensor images, Tensor labels, NetworkPlan plan, int seed)
    {
        using var scope = NewDisposeScope();
        var logits = _supernet.Forward(ImageBatches.Resize(images, plan.Input.Height), plan, _options.Dropout, seed);
        var softLabels = F.softmax(logits.detach(), 1).MoveToOuterDisposeScope();
        return (F.cross_entropy(logits, labels, label_smoothing: _options.LabelSmoothing).MoveToOuterDisposeScope(), softLabels);
    }

    private static double BackwardDistilled(Tensor images, Tensor softLabels, NetworkPlan plan, SlicedWeights slices)
    {
        Tensor loss;
        slices.Begin();
        using (NewDisposeScope())
        {
            var logits = ElasticSupernet.Forward(ImageBatches.Resize(images, plan.Input.Height), plan, slices.Of);
            loss = (F.log_softmax(logits, 1) * softLabels).sum(1).mean().neg().MoveToOuterDisposeScope();
        }

        return Backward(loss);
    }

    // The graph keeps what backward needs; the forward's scope is closed by now.
    private static double Backward(Tensor loss)
    {
        loss.backward();
        var value = loss.item<float>();
        loss.Dispose();
        return value;
    }
}
