using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces.MbConv;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Optimizer = HwNas.Supernet.Training.Optimizer;

namespace HwNas.Benchmarks;

/// <summary>How often a step's parts are timed.</summary>
/// <param name="Subnets">Random subnets beside the largest and the smallest.</param>
/// <param name="Rounds">Rounds over all parts; of each part the fastest counts.</param>
/// <param name="MatrixSide">Side of the square matrices whose product is the peak.</param>
/// <param name="WholeSteps">Whole steps in each round.</param>
internal sealed record StepProfileScale(int Subnets, int Rounds, int MatrixSide, int WholeSteps)
{
    public static StepProfileScale Full { get; } = new(6, 15, 1024, 6);

    /// <summary>So short that a test can run it; its figures say nothing.</summary>
    public static StepProfileScale Short { get; } = new(2, 1, 64, 1);
}

/// <summary>
/// Where the time of a sandwich step goes, with one thread: each node of each of its networks runs alone, forward and
/// backward, on the shapes and with the weights that it has there, and so do the loss, the resizing and the optimizer. What
/// whole steps take beyond the sum of them is autograd's and .NET's.
/// </summary>
internal sealed class StepProfile(StepProfileScale scale, TextWriter output, TimeProvider time)
{
    private static readonly TrainingOptions Options = TrainingSpeed.Options with { Threads = 1 };

    private readonly MbConvSpace _space = MbConvSpace.Load("fashion-mnist");
    private readonly SortedDictionary<string, Part> _parts = new(StringComparer.Ordinal);

    /// <summary>Measures and writes a report in Markdown.</summary>
    public void Run(string command, string path)
    {
        var started = time.GetUtcNow();
        set_num_threads(1);
        using var supernet = new ElasticSupernet(_space, seed: 1);
        using var scope = NewDisposeScope();
        var random = new Random(1);
        var randoms = Enumerable.Range(0, scale.Subnets).Select(_ => _space.Genomes.Sample(random)).ToArray();

        // In a step the random ones count as often as the recipe says, whatever number of them is timed here.
        (NetworkPlan Plan, double Share)[] networks =
        [
            (_space.PlanOf(_space.Largest), 1), (_space.PlanOf(_space.Smallest), 1),
            .. randoms.Select(genome => (_space.PlanOf(genome), (double)Options.Recipe.RandomSubnets / scale.Subnets)),
        ];
        var (peak, whole) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var round = 0; round < scale.Rounds; round++)
        {
            foreach (var (plan, share) in networks)
                TimeNetwork(plan, share, supernet);
            TimeOptimizer(supernet);
            peak = Math.Min(peak, TimeOf(() => MatrixProduct(scale.MatrixSide)));
            whole = Math.Min(whole, WholeStep());
            foreach (var part in _parts.Values)
                part.EndRound();
            output.WriteLine($"round {round + 1} of {scale.Rounds}");
        }

        var peakGflops = 2 * Math.Pow(scale.MatrixSide, 3) / peak / 1e9;
        var report = Report(command, started, whole, peakGflops, networks.Sum(network => network.Share * MacsOf(network.Plan)));
        AtomicFile.WriteText(path, report);
        output.Write(report);
    }

    private void TimeNetwork(NetworkPlan plan, double share, ElasticSupernet supernet)
    {
        var isFirst = true;
        foreach (var block in plan.Blocks)
        {
            foreach (var node in block.Nodes)
            {
                using var scope = NewDisposeScope();
                var (lone, values) = Alone(block, node, needsGradient: !isFirst);
                isFirst = false;
                var y = empty(0);
                var forward = TimeOf(() => y = ForwardPass.Compute(
                    lone, lone.Nodes[0], values, (x, _) => ElasticSupernet.Run(x, node, supernet.Weights.Slice(node)), null));
                var gradient = empty_like(y).fill_(1e-3);
                var backward = y.requires_grad ? TimeOf(() => y.backward([gradient])) : 0;
                Add(KindOf(node.Operation), share, forward, backward, node.Operation is Convolution or Linear ? node.Macs : 0);
            }
        }

        using var rest = NewDisposeScope();
        var images = Images(plan.Input with { Height = 28, Width = 28 });
        Add("resizing the images", share, TimeOf(() => ImageBatches.Resize(images, plan.Input.Height)), 0, 0);
        var logits = randn(Options.BatchSize, plan.Classes, requires_grad: true);
        var soft = F.softmax(randn(Options.BatchSize, plan.Classes), 1);
        var loss = empty(0);
        var there = TimeOf(() => loss = Distillation.Loss(logits, soft, Options.Recipe.Distillation));
        Add("loss", share, there, TimeOf(() => loss.backward()), 0);
    }

    private void TimeOptimizer(ElasticSupernet supernet)
    {
        using var optimizer = Optimizer.Of(supernet.Weights, _ => true, Options.Recipe);
        using var slices = new SlicedWeights(supernet.Weights);
        var others = 1 + Options.Recipe.RandomSubnets;
        var step = TimeOf(() =>
        {
            optimizer.ZeroGradients();
            for (var i = 0; i < others; i++)
            {
                slices.Begin();
                optimizer.AddGradients(slices.Gradients());
            }

            optimizer.Step(Options.Recipe.LearningRate);
        });
        Add("optimizer and sums of gradients", 1, step, 0, 0);
    }

    private double WholeStep()
    {
        var speed = TrainingSpeed.Measure(
            _space, TrainingSpeed.Subnets(_space, 1 + scale.WholeSteps), Options.Threads, warmupSteps: 1, time);
        return Options.BatchSize / speed.ImagesPerSecond;
    }

    // A node as a block of its own, so that it overwrites nothing that is not its own.
    private static (Block Block, Tensor[] Inputs) Alone(Block block, Node node, bool needsGradient)
    {
        ImmutableArray<FeatureShape> shapes = [.. node.Inputs.Select(block.ShapeOf)];
        var lone = new Node("alone", "node", node.Operation, [.. Enumerable.Range(0, shapes.Length)], node.Output);
        Tensor[] inputs = [.. shapes.Select(Images)];
        foreach (var input in inputs)
            input.requires_grad_(needsGradient);
        return (new Block("alone", "alone", shapes, [lone]), [.. inputs, empty(0)]);
    }

    private static Tensor Images(FeatureShape shape) =>
        ChannelsLast.Copy(randn(Options.BatchSize, shape.Channels, shape.Height, shape.Width));

    private static void MatrixProduct(int side)
    {
        using var scope = NewDisposeScope();
        ones(side, side).mm(ones(side, side));
    }

    private static double MacsOf(NetworkPlan plan) => Options.BatchSize * plan.Blocks.Sum(block => (double)block.Macs);

    private static string KindOf(Operation operation) => operation switch
    {
        Convolution { IsDepthwise: true } convolution => $"depthwise convolutions {convolution.Kernel}x{convolution.Kernel}",
        Convolution convolution => $"convolutions {convolution.Kernel}x{convolution.Kernel}",
        Linear => "classifier",
        BatchNorm => "batch norm",
        Activate => "activations",
        Core.Graphs.Add => "residual additions",
        _ => "other operations",
    };

    private double TimeOf(Action work)
    {
        var started = time.GetTimestamp();
        work();
        return time.GetElapsedTime(started).TotalSeconds;
    }

    private void Add(string kind, double share, double forward, double backward, long macs)
    {
        if (!_parts.TryGetValue(kind, out var part))
            _parts.Add(kind, part = new Part());
        part.Add(share * forward, share * backward, share * Options.BatchSize * macs);
    }

    private string Report(string command, DateTimeOffset started, double whole, double peakGflops, double macs)
    {
        var sum = _parts.Values.Sum(part => part.Forward + part.Backward);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Where the time of a sandwich step goes

            Each operation of the largest, the smallest and the random subnets alone, forward and backward, with one thread.
            Made by `{command}` on {started:yyyy-MM-dd}.

            | part | forward, ms | backward, ms | of the step | of the peak |
            |---|---|---|---|---|
            """);
        foreach (var (kind, part) in _parts.OrderByDescending(pair => pair.Value.Forward + pair.Value.Backward))
        {
            // Backward multiplies twice: for the gradients of inputs and of weights.
            var share = part.Macs > 0 ? $"{3 * 2 * part.Macs / (part.Forward + part.Backward) / 1e9 / peakGflops:P0}" : "";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {kind} | {part.Forward * 1e3:0.00} | {part.Backward * 1e3:0.00} "
                + $"| {(part.Forward + part.Backward) / whole:P0} | {share} |");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"""
            | the rest: autograd, slices, .NET | | {(whole - sum) * 1e3:0.00} | {(whole - sum) / whole:P0} | |
            | the whole step | | {whole * 1e3:0.00} | 100 % | {3 * 2 * macs / whole / 1e9 / peakGflops:P0} |

            The peak is the product of two matrices of side {scale.MatrixSide} in libtorch: {peakGflops:0} GFLOP/s. Of each part
            the fastest of {scale.Rounds} rounds counts. Parts that run alone find their inputs less often in the cache than in
            the network, so that the rest can come out below zero.

            Conditions: {Machine.Conditions()}; space `fashion-mnist`, batch {Options.BatchSize},
            {Options.Recipe.RandomSubnets} random subnets a step, the mean of {scale.Subnets} here.
            """);
        return text.ToString();
    }

    // Sums of a round, of which the fastest round stays.
    private sealed class Part
    {
        private double _forward, _backward, _macs;

        public double Forward { get; private set; } = double.PositiveInfinity;

        public double Backward { get; private set; } = double.PositiveInfinity;

        public double Macs { get; private set; }

        public void Add(double forward, double backward, double macs)
        {
            _forward += forward;
            _backward += backward;
            _macs += macs;
        }

        public void EndRound()
        {
            (Forward, Backward, Macs) = (Math.Min(Forward, _forward), Math.Min(Backward, _backward), _macs);
            (_forward, _backward, _macs) = (0, 0, 0);
        }
    }
}
