using HwNas.Core.Data;
using HwNas.Core.Graphs;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Torch;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Evaluation;

/// <summary>
/// A subnet cut out of the supernet, with batch-norm statistics of its own: the only thing that evaluates. The
/// statistics are recomputed on training images as a cumulative average over batches (BigNAS, "batch norm
/// calibration"); batch norm is then folded into the convolutions, as in the exported model.
/// </summary>
public sealed class CalibratedSubnet : IDisposable
{
    private readonly Dictionary<string, (Tensor Weight, Tensor? Bias)> _folded = [];

    private readonly NetworkPlan _foldedPlan;

    private readonly TorchDevice _device;

    internal CalibratedSubnet(SubnetWeights weights, TorchDevice device)
    {
        (Weights, _device) = (weights, device);
        var folded = BatchNormFolding.Fold(weights);
        _foldedPlan = folded.Plan;
        foreach (var node in _foldedPlan.Blocks.SelectMany(block => block.Nodes).Where(node => node.Operation.Params > 0))
        {
            var bias = node.Operation.Weights.Length > 1 ? Array("bias") : null;
            _folded.Add(node.Path, (Array("weight"), bias));

            Tensor Array(string part)
            {
                var (shape, values) = folded[node.WeightName(part)];
                return device.Take(tensor(values, [.. shape.Select(side => (long)side)])).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>The network.</summary>
    public NetworkPlan Plan => Weights.Plan;

    /// <summary>Its weights and statistics, as the ONNX writer takes them.</summary>
    public SubnetWeights Weights { get; }

    /// <summary>Cuts a subnet out and calibrates it.</summary>
    /// <param name="supernet">The trained supernet.</param>
    /// <param name="plan">The subnet.</param>
    /// <param name="calibration">Training images, in batches of the size that was trained with, where the supernet lies.</param>
    /// <param name="threads">Threads that calibrate, each on batches of its own; they have no influence on the result.</param>
    public static CalibratedSubnet Create(ElasticSupernet supernet, NetworkPlan plan, ImageBatches calibration, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(supernet);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(calibration);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var statistics = Calibrate(supernet, plan, calibration, threads);
        return new CalibratedSubnet(Extract(supernet, plan, statistics), supernet.Device);
    }

    /// <summary>Logits [n, classes].</summary>
    /// <param name="images">Channels-last images [n, channels, resolution, resolution], at the plan's resolution.</param>
    public Tensor Forward(Tensor images) => ForwardPass.Run(_foldedPlan, images, RunFolded);

    /// <summary>Logits of the first images of a set, [images × classes], row-major.</summary>
    public float[] Logits(LabelledImages images, int count)
    {
        using var noGradient = no_grad();
        var batches = new ImageBatches(images, 250, count, _device);
        var logits = new List<float>(count * Plan.Classes);
        for (var batch = 0; batch < batches.Batches; batch++)
        {
            using var scope = NewDisposeScope();
            logits.AddRange(Forward(batches.Batch(batch, Plan.Input.Height).Images).data<float>().ToArray());
        }

        return [.. logits];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (weight, bias) in _folded.Values)
        {
            weight.Dispose();
            bias?.Dispose();
        }

        _folded.Clear();
    }

    // A batch's statistics depend on that batch alone, so that batches go side by side; their mean is the cumulative average.
    private static Dictionary<string, Statistics> Calibrate(
        ElasticSupernet supernet, NetworkPlan plan, ImageBatches calibration, int threads)
    {
        var slices = NodesWithWeights(plan).ToDictionary(node => node.Path, supernet.Weights.Slice);
        var batches = SideBySide.Run(
            threads,
            [.. Enumerable.Range(0, calibration.Batches)
                .Select(batch => (Func<Dictionary<string, Statistics>>)(() => StatisticsOf(slices, plan, calibration, batch)))]);
        return batches[0].Keys.ToDictionary(
            name => name,
            name => new Statistics(MeanOf(batches, batch => batch[name].Mean), MeanOf(batches, batch => batch[name].Variance)));
    }

    private static float[] MeanOf(Dictionary<string, Statistics>[] batches, Func<Dictionary<string, Statistics>, float[]> values)
    {
        var sum = new double[values(batches[0]).Length];
        foreach (var batch in batches)
        {
            foreach (var (i, value) in values(batch).Index())
                sum[i] += value;
        }

        return [.. sum.Select(value => (float)(value / batches.Length))];
    }

    private static Dictionary<string, Statistics> StatisticsOf(
        Dictionary<string, (Tensor Weight, Tensor? Bias)> slices, NetworkPlan plan, ImageBatches calibration, int batch)
    {
        var statistics = new Dictionary<string, Statistics>();
        using var scope = NewDisposeScope();
        ForwardPass.Run(plan, calibration.Batch(batch, plan.Input.Height).Images, (x, node) =>
        {
            var (weight, bias) = slices[node.Path];
            if (node.Operation is not BatchNorm norm)
                return ForwardPass.Apply(x, node.Operation, weight, bias);

            // With momentum 1 the running statistics are those of this batch.
            var (mean, variance) = (zeros(norm.Channels, device: x.device), ones(norm.Channels, device: x.device));
            var y = F.batch_norm(x, mean, variance, weight, bias!, training: true, momentum: 1, BatchNorm.Epsilon);
            statistics.Add(node.Path, new Statistics(mean.data<float>().ToArray(), variance.data<float>().ToArray()));
            return y;
        });
        return statistics;
    }

    private static IEnumerable<Node> NodesWithWeights(NetworkPlan plan) =>
        plan.Blocks.SelectMany(block => block.Nodes).Where(node => node.Operation.Params > 0);

    private static SubnetWeights Extract(ElasticSupernet supernet, NetworkPlan plan, Dictionary<string, Statistics> statistics)
    {
        var arrays = new Dictionary<string, WeightArray>();
        foreach (var node in NodesWithWeights(plan))
        {
            var (weight, bias) = supernet.Weights.Slice(node);
            Add(node.WeightName("weight"), weight);
            if (bias is not null)
                Add(node.WeightName("bias"), bias);
            if (node.Operation is not BatchNorm norm)
                continue;
            arrays.Add(node.WeightName("mean"), new WeightArray([norm.Channels], statistics[node.Path].Mean));
            arrays.Add(node.WeightName("variance"), new WeightArray([norm.Channels], statistics[node.Path].Variance));
        }

        return new SubnetWeights(plan, arrays);

        void Add(string name, Tensor tensor)
        {
            var contiguous = tensor.contiguous();
            arrays.Add(
                name, new WeightArray([.. contiguous.shape.Select(side => (int)side)], contiguous.data<float>().ToArray()));
        }
    }

    private Tensor RunFolded(Tensor x, Node node)
    {
        var (weight, bias) = _folded[node.Path];
        return ForwardPass.Apply(x, node.Operation, weight, bias);
    }

    private sealed record Statistics(float[] Mean, float[] Variance);
}
