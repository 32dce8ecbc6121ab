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
/// statistics are recomputed on training images as a cumulative average over batches (BigNAS section 3.3); batch norm
/// is then folded into the convolutions, as in the exported model.
/// </summary>
public sealed class CalibratedSubnet : IDisposable
{
    private readonly Dictionary<string, (Tensor Weight, Tensor? Bias)> _folded = [];

    private CalibratedSubnet(NetworkPlan plan, SubnetWeights weights)
    {
        Plan = plan;
        Weights = weights;
    }

    /// <summary>The network.</summary>
    public NetworkPlan Plan { get; }

    /// <summary>Its weights and statistics, as the ONNX writer takes them.</summary>
    public SubnetWeights Weights { get; }

    /// <summary>Cuts a subnet out and calibrates it.</summary>
    /// <param name="supernet">The trained supernet.</param>
    /// <param name="plan">The subnet.</param>
    /// <param name="calibration">Training images, in batches of the size that was trained with.</param>
    /// <param name="threads">Threads that calibrate, each on batches of its own; they have no influence on the result.</param>
    public static CalibratedSubnet Create(ElasticSupernet supernet, NetworkPlan plan, ImageBatches calibration, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(supernet);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(calibration);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var statistics = Calibrate(supernet, plan, calibration, threads);
        var arrays = new Dictionary<string, WeightArray>();
        var subnet = new CalibratedSubnet(plan, Extract(supernet, plan, statistics, arrays));
        foreach (var layer in plan.Layers)
        {
            foreach (var conv in layer.Convolutions)
                subnet.Fold($"{layer.Name}.{conv.Role}", supernet.Weights.Weight(layer.Name, conv), conv);
        }

        return subnet;
    }

    /// <summary>Logits [n, classes].</summary>
    /// <param name="images">Channels-last images [n, channels, resolution, resolution], at the plan's resolution.</param>
    public Tensor Forward(Tensor images) => ForwardPass.Run(Plan, images, RunFolded);

    /// <summary>Logits of the first images of a set, [images × classes], row-major.</summary>
    public float[] Logits(LabelledImages images, int count)
    {
        using var noGradient = no_grad();
        var batches = new ImageBatches(images, 250, count);
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
    private static Dictionary<string, Statistics> Calibrate(ElasticSupernet supernet, NetworkPlan plan, ImageBatches calibration, int threads)
    {
        var batches = SideBySide.Run(
            threads, [.. Enumerable.Range(0, calibration.Batches).Select(batch => (Func<Dictionary<string, Statistics>>)(() => StatisticsOf(supernet, plan, calibration, batch)))]);
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

    private static Dictionary<string, Statistics> StatisticsOf(ElasticSupernet supernet, NetworkPlan plan, ImageBatches calibration, int batch)
    {
        var statistics = new Dictionary<string, Statistics>();
        using var scope = NewDisposeScope();
        ForwardPass.Run(plan, calibration.Batch(batch, plan.Input.Height).Images, (x, layer, conv) =>
        {
            var y = supernet.Convolve(x, layer, conv);
            if (conv.BatchNorm)
            {
                // With momentum 1 the running statistics are those of this batch.
                var (mean, variance) = (zeros(conv.OutChannels), ones(conv.OutChannels));
                y = F.batch_norm(
                    y, mean, variance, supernet.Weights.Vector(layer, conv, "bn.weight"),
                    supernet.Weights.Vector(layer, conv, "bn.bias"), training: true, momentum: 1, NetworkPlan.BatchNormEpsilon);
                statistics.Add($"{layer}.{conv.Role}", new Statistics(mean.data<float>().ToArray(), variance.data<float>().ToArray()));
            }

            return Activations.Apply(y, conv.Activation, inplace: true);
        });
        return statistics;
    }

    private static SubnetWeights Extract(
        ElasticSupernet supernet, NetworkPlan plan, Dictionary<string, Statistics> statistics, Dictionary<string, WeightArray> arrays)
    {
        foreach (var layer in plan.Layers)
        {
            foreach (var conv in layer.Convolutions)
            {
                var name = $"{layer.Name}.{conv.Role}";
                Add($"{name}.weight", supernet.Weights.Weight(layer.Name, conv));
                if (conv.Bias)
                    Add($"{name}.bias", supernet.Weights.Vector(layer.Name, conv, "bias"));
                if (!conv.BatchNorm)
                    continue;
                Add($"{name}.bn.weight", supernet.Weights.Vector(layer.Name, conv, "bn.weight"));
                Add($"{name}.bn.bias", supernet.Weights.Vector(layer.Name, conv, "bn.bias"));
                arrays.Add($"{name}.bn.mean", new WeightArray([conv.OutChannels], statistics[name].Mean));
                arrays.Add($"{name}.bn.variance", new WeightArray([conv.OutChannels], statistics[name].Variance));
            }
        }

        return new SubnetWeights(plan, arrays);

        void Add(string name, Tensor tensor)
        {
            using var contiguous = tensor.contiguous();
            arrays.Add(name, new WeightArray([.. contiguous.shape.Select(side => (int)side)], contiguous.data<float>().ToArray()));
        }
    }

    private void Fold(string name, Tensor weight, ConvSpec conv)
    {
        Tensor? bias = conv.Bias ? tensor(Weights[$"{name}.bias"].Values) : null;
        if (conv.BatchNorm)
        {
            var (gamma, beta) = (Weights[$"{name}.bn.weight"].Values, Weights[$"{name}.bn.bias"].Values);
            var (mean, variance) = (Weights[$"{name}.bn.mean"].Values, Weights[$"{name}.bn.variance"].Values);
            var scale = gamma.Select((g, i) => (float)(g / Math.Sqrt(variance[i] + NetworkPlan.BatchNormEpsilon))).ToArray();
            weight = weight * tensor(scale).reshape(-1, 1, 1, 1);
            bias = tensor(beta.Select((b, i) => b - (mean[i] * scale[i])).ToArray());
        }

        var ownWeight = conv.BatchNorm ? weight : weight.clone();
        ownWeight.DetachFromDisposeScope();
        bias?.DetachFromDisposeScope();
        _folded.Add(name, (ownWeight, bias));
    }

    private Tensor RunFolded(Tensor x, string layer, ConvSpec conv)
    {
        var (weight, bias) = _folded[$"{layer}.{conv.Role}"];
        var y = conv.Role == "classifier"
            ? F.linear(x, weight, bias)
            : F.conv2d(x, weight, bias, [conv.Stride, conv.Stride], [conv.Kernel / 2, conv.Kernel / 2], [1, 1], conv.Groups);
        return Activations.Apply(y, conv.Activation, inplace: true);
    }

    private sealed record Statistics(float[] Mean, float[] Variance);
}
