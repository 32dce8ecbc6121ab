using HwNas.Core.Graphs;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using HwNas.Supernet.Training.Recipes;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Scalar = TorchSharp.Scalar;

namespace HwNas.Supernet.Training;

/// <summary>What one step reports.</summary>
/// <param name="LargestLoss">Cross-entropy of the largest subnet against the labels.</param>
/// <param name="SmallestLoss">Cross-entropy of the smallest subnet against the largest one's soft labels.</param>
/// <param name="RandomLoss">The mean of the random ones; NaN without any.</param>
public readonly record struct StepLosses(double LargestLoss, double SmallestLoss, double RandomLoss);

/// <summary>One optimizer step by the sandwich rule with in-place distillation (BigNAS section 3.1).</summary>
public sealed class SandwichStep : IDisposable
{
    private readonly ElasticSupernet _supernet;
    private readonly TrainingOptions _options;
    private readonly Recipe _recipe;
    private readonly Func<Tensor, Tensor>? _teacher;
    private readonly Scalar _ownShare, _teacherShare;

    // Each subnet of the sandwich has gradients of its own until they are summed, always in the same order: so the step does
    // not depend on who is done first.
    private readonly List<SlicedWeights> _slicesOfOthers = [];

    /// <summary>Creates the step and its optimizer.</summary>
    /// <param name="supernet">What learns.</param>
    /// <param name="options">How.</param>
    /// <param name="teacher">The soft labels [n, classes] that a fixed teacher gives images, if there is one.</param>
    public SandwichStep(ElasticSupernet supernet, TrainingOptions options, Func<Tensor, Tensor>? teacher = null)
    {
        ArgumentNullException.ThrowIfNull(supernet);
        ArgumentNullException.ThrowIfNull(options);
        (_supernet, _options, _recipe, _teacher) = (supernet, options, options.Recipe, teacher);
        (_ownShare, _teacherShare) = (1 - _recipe.TeacherShare, _recipe.TeacherShare);

        // Only the largest subnet is regularised (BigNAS section 3.1): what it does not have, such as shortcuts or other
        // operations of a cell, does not decay, nor do batch norm and biases.
        var decayed = SubnetWeights.Names(supernet.Space.PlanOf(supernet.Space.Largest))
            .Where(weight => weight.Spec.Shape.Length > 1)
            .Select(weight => weight.Name)
            .ToHashSet();
        Optimizer = Optimizer.Of(supernet.Weights, decayed.Contains, _recipe);
    }

    /// <summary>The optimizer, whose state belongs into checkpoints.</summary>
    internal Optimizer Optimizer { get; }

    /// <summary>Sums the gradients of all subnets of the sandwich and steps once.</summary>
    /// <param name="images">Normalised images [n, channels, side, side].</param>
    /// <param name="labels">Labels [n].</param>
    /// <param name="largest">The largest subnet.</param>
    /// <param name="others">The smallest subnet, then the random ones.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="seed">Decides what dropout and drop-connect drop.</param>
    public StepLosses Run(
        Tensor images, Tensor labels, NetworkPlan largest, IReadOnlyList<NetworkPlan> others, double learningRate, int seed)
    {
        ArgumentNullException.ThrowIfNull(others);
        using var scope = NewDisposeScope();
        var batch = BatchMixing.Mix(images, labels, _recipe.Augmentation, new Random(seed));
        while (_slicesOfOthers.Count < others.Count)
            _slicesOfOthers.Add(new SlicedWeights(_supernet.Weights));
        Optimizer.ZeroGradients();

        // The largest subnet learns from the labels, and from its teacher where it has one.
        var (largestLoss, softLabels) = ForwardLargest(batch, largest, seed);

        // The smallest and the random ones learn from the largest one's soft labels only, which are there before its own
        // backward pass: that goes beside theirs. The smallest comes last, for it is the shortest.
        Func<Tensor> distil(int index) =>
            () => BackwardOther(batch, softLabels, others[index], _slicesOfOthers[index]);
        var lost = SideBySide.Run(
            _supernet.Device.Threads(_options.Threads),
            [() => Backward(largestLoss), .. Enumerable.Range(1, others.Count).Select(i => distil(i % others.Count))]);
        softLabels.Dispose();

        foreach (var slices in _slicesOfOthers.Take(others.Count))
            Optimizer.AddGradients(slices.Gradients());
        Optimizer.Step(learningRate);

        // Read last: until here a GPU need not be waited for.
        var losses = Array.ConvertAll(lost, ValueOf);
        return new StepLosses(
            losses[0], others.Count > 0 ? losses[^1] : double.NaN,
            losses[1..].SkipLast(1).DefaultIfEmpty(double.NaN).Average());
    }

    /// <summary>The loss of a subnet on the labels, without a step.</summary>
    internal double LossOf(Tensor images, Tensor labels, NetworkPlan plan)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return LossOnLabels(_supernet.Forward(ImageBatches.Resize(images, plan.Input.Height), plan), labels).item<float>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        _ownShare.Dispose();
        _teacherShare.Dispose();
        foreach (var slices in _slicesOfOthers)
            slices.Dispose();
    }

    private (Tensor Loss, Tensor SoftLabels) ForwardLargest(MixedBatch batch, NetworkPlan plan, int seed)
    {
        using var scope = NewDisposeScope();
        var dropping = new Dropping(_recipe.Dropout, _recipe.DropConnect, plan, seed);
        var logits = Logits(batch, plan, _supernet.Weights.Slice, dropping);
        var softLabels = F.softmax(logits.detach(), 1).MoveToOuterDisposeScope();
        var loss = LossOnLabels(logits, batch);
        if (_teacher is not null)
            loss = loss.mul(_ownShare).add(Distillation.CrossEntropy(logits, _teacher(batch.Images)), _teacherShare);
        return (loss.MoveToOuterDisposeScope(), softLabels);
    }

    private Tensor BackwardOther(MixedBatch batch, Tensor softLabels, NetworkPlan plan, SlicedWeights slices)
    {
        Tensor loss;
        slices.Begin();
        using (NewDisposeScope())
        {
            var logits = Logits(batch, plan, slices.Of);
            loss = _recipe.Distillation == DistillationKind.None
                ? LossOnLabels(logits, batch)
                : Distillation.Loss(logits, softLabels, _recipe.Distillation);
            loss.MoveToOuterDisposeScope();
        }

        return Backward(loss);
    }

    // Losses are of single precision whatever the network computes with.
    private Tensor Logits(
        MixedBatch batch, NetworkPlan plan, Func<Node, (Tensor Weight, Tensor? Bias)> slices, Dropping? dropping = null)
    {
        var images = ImageBatches.Resize(batch.Images, plan.Input.Height);
        return _supernet.Device.IsBf16
            ? ElasticSupernet.Forward(images.to(ScalarType.BFloat16), plan, slices, dropping).to(ScalarType.Float32)
            : ElasticSupernet.Forward(images, plan, slices, dropping);
    }

    // Of a mixed batch, the loss is mixed as the images are.
    private Tensor LossOnLabels(Tensor logits, MixedBatch batch)
    {
        var loss = LossOnLabels(logits, batch.Labels);
        if (batch.Weight == 1)
            return loss;
        using Scalar own = batch.Weight, other = 1 - batch.Weight;
        return loss.mul(own).add(LossOnLabels(logits, batch.OtherLabels), other);
    }

    private Tensor LossOnLabels(Tensor logits, Tensor labels) =>
        F.cross_entropy(logits, labels, label_smoothing: _recipe.LabelSmoothing);

    // The graph keeps what backward needs; the forward's scope is closed by now. The loss leaves its thread's scopes, without
    // the graph.
    private static Tensor Backward(Tensor loss)
    {
        loss.backward();
        var value = loss.detach().DetachFromDisposeScope();
        loss.Dispose();
        return value;
    }

    private static double ValueOf(Tensor loss)
    {
        using (loss)
            return loss.item<float>();
    }
}
