using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Evaluation;
using HwNas.Supernet.Torch;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;
using static global::TorchSharp.torch;
using DeviceType = global::TorchSharp.DeviceType;
using F = global::TorchSharp.torch.nn.functional;

namespace HwNas.Native.Tests.Supernet;

/// <summary>
/// What a GPU needs, without one. libtorch's device "meta" has shapes but no values: what is made of its tensors is its own, and
/// reading one throws.
/// </summary>
public sealed class TorchDeviceTests
{
    private static readonly TorchDevice Meta = new(DeviceType.META);

    [Theory]
    [InlineData("gpu", "write cpu, cuda for the first GPU, or cuda:N")]
    [InlineData("cuda:", "cuda:N")]
    [InlineData("cuda:-1", "cuda:N")]
    [InlineData("cuda: 1", "cuda:N")]
    [InlineData("CPU", "cuda:N")]
    [InlineData("cuda", "has no CUDA. For --device cuda, name the folder of one that has with --libtorch")]
    [InlineData("cuda:3", "has no CUDA")]
    public void What_is_no_device_here_is_refused_with_what_helps(string text, string says) =>
        Assert.Contains(
            says, Assert.Throws<InputException>(() => TorchDevice.Of(text)).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void The_cpu_has_no_bfloat16() =>
        Assert.Contains("--device cuda", Assert.Throws<InputException>(() => TorchDevice.Of("cpu", bf16: true)).Message);

    [Theory]
    [InlineData("train")]
    [InlineData("finetune")]
    [InlineData("search")]
    [InlineData("best")]
    [InlineData("export")]
    [InlineData("verify")]
    [InlineData("quickstart")]
    [InlineData("auto")]
    public async Task Every_verb_refuses_a_gpu_that_is_not_there_before_anything_is_read_or_written(string verb)
    {
        using var error = new StringWriter();
        var context = new Cli.CommandContext(TextWriter.Null, error, TimeProvider.System);
        Assert.Equal(2, await Cli.Program.RunAsync([verb, "--device", "cuda:1"], context));
        Assert.StartsWith("hwnas: This libtorch", error.ToString(), StringComparison.Ordinal);
    }

    // The whole step; only when its losses are read, at its end, is there nothing to read.
    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.RmsProp)]
    public void A_step_makes_no_tensor_on_another_device_than_the_supernets(OptimizerKind optimizer)
    {
        var space = new SpaceWithoutConvolutions();
        var options = Some.Options(steps: 5) with
        {
            Recipe = new() { Optimizer = optimizer, Dropout = 0.2, ClipValue = 1, TeacherShare = 0.5 },
        };
        using var scope = NewDisposeScope();
        using var supernet = new ElasticSupernet(space, options.Seed, device: Meta);
        Assert.All(supernet.Parameters.Values, parameter => Assert.True(parameter.is_meta));
        using var sandwich = new SandwichStep(
            supernet, options, images => zeros([images.shape[0], space.Classes], device: images.device));
        using var average = new WeightAverage(supernet.Weights, 0.9);
        var (images, labels) = (zeros([4, 2, 9, 10], device: Meta.Device), zeros([4], ScalarType.Int64, Meta.Device));
        var (largest, smallest) = (space.PlanOf(space.Largest), space.PlanOf(space.Smallest));

        AssertReads(() => sandwich.Run(images, labels, largest, [smallest, largest], 0.1, seed: 1));
        AssertReads(() => sandwich.LossOf(images, labels, smallest));
        average.Update(1);
        average.InPlace(() => 0);
        Assert.True(average.Values.All.is_meta);
    }

    [Fact]
    public void A_subnet_and_what_it_judges_lie_on_the_device_of_the_supernet()
    {
        var space = new SpaceWithoutConvolutions();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var supernet = new ElasticSupernet(space, 1, device: Meta);
        var plan = space.PlanOf(space.Largest);
        var images = new LabelledImages("grey", new ImageShape(2, 9, 10), [.. new int[8]], new byte[8 * 2 * 9 * 10])
            .With(new Normalisation([0.5, 0.5], [0.5, 0.5]));
        var batch = new ImageBatches(images, 4, 8, Meta).Batch(1, plan.Input.Height);
        Assert.True(batch.Images.is_meta && batch.Labels.is_meta);

        using var subnet = new CalibratedSubnet(
            new SubnetWeights(plan, SubnetWeights.Names(plan).ToDictionary(
                weight => weight.Name, weight => new WeightArray(weight.Spec.Shape, new float[weight.Spec.Elements]))),
            Meta);
        Assert.True(subnet.Forward(batch.Images).is_meta);
        AssertReads(() => subnet.Logits(images, 4));
        AssertReads(() => CalibratedSubnet.Create(supernet, plan, new ImageBatches(images, 4, 8, Meta)));
    }

    [Fact]
    public void Elementwise_operations_refuse_a_tensor_of_another_device()
    {
        using var scope = NewDisposeScope();
        Assert.ThrowsAny<Exception>(() => zeros([2, 8], device: Meta.Device).mul(zeros([2, 8])));
    }

    // oneDNN's faults are the CPU's: elsewhere its library's convolution comes first, which "meta" has none of.
    [Fact]
    public void Convolutions_of_other_devices_are_the_librarys()
    {
        using var scope = NewDisposeScope();
        var x = zeros([32, 8, 6, 6], device: Meta.Device);
        foreach (var convolution in new Convolution[]
        {
            new(8, 40, 1), new(8, 8, 1, Stride: 2), new(8, 8, 3, Dilation: 2, Groups: 8), new(8, 8, 5, Groups: 8),
        })
        {
            Assert.False(CheckedConvolution.IsFor(x));
            var weight = zeros(
                [convolution.OutChannels, convolution.ChannelsPerGroup, convolution.Kernel, convolution.Kernel],
                device: Meta.Device);
            var error = Assert.ThrowsAny<Exception>(() => CheckedConvolution.Run(x, convolution, weight, bias: null));
            Assert.StartsWith("convolution_overrideable", error.Message, StringComparison.Ordinal);
        }
    }

    // A GPU gets the library's convolutions as they are. With few images all of them are right on the CPU as well.
    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("cifar-32")]
    public void The_librarys_own_operations_give_the_values_and_gradients_of_those_of_the_cpu(string name)
    {
        var space = SearchSpace.Load(name);
        using var scope = NewDisposeScope();
        using var supernet = new ElasticSupernet(space, seed: 3, zeroGamma: false);
        foreach (var genome in new[] { space.Largest, space.Smallest, space.Genomes.Sample(new Random(2)) })
        {
            var plan = space.PlanOf(genome);
            using var generator = new Generator(5);
            var images = ChannelsLast.Copy(
                empty([4, space.InputChannels, plan.Input.Height, plan.Input.Height]).normal_(0, 1, generator));
            var own = Pulled(supernet.Forward(images, plan));
            var plain = Pulled(ForwardPass.Run(plan, images, (x, node) => Plain(supernet, x, node)));
            foreach (var (part, expected) in plain)
            {
                var worst = (own[part] - expected).abs().max().item<float>();
                var scale = Math.Max(1e-3, expected.abs().max().item<float>());
                Assert.True(worst <= 2e-3 * scale, $"{part} of {plan.Id}: off by {worst}, of {scale}");
            }
        }

        Dictionary<string, Tensor> Pulled(Tensor logits)
        {
            foreach (var parameter in supernet.Parameters.Values)
                parameter.grad = null;
            F.cross_entropy(logits, tensor(new long[] { 0, 1, 2, 3 })).backward();
            return supernet.Parameters.Where(parameter => parameter.Value.grad is not null)
                .ToDictionary(parameter => parameter.Key, parameter => parameter.Value.grad!.clone())
                .Append(KeyValuePair.Create("logits", logits.detach()))
                .ToDictionary();
        }
    }

    // Eight bits of precision: the values are near, the gradients reach all weights, and those stay as they are.
    [Fact]
    public void Bfloat16_learns_nearly_the_same()
    {
        var space = Some.TinySpace();
        var options = Some.Options(steps: 10);
        var rounded = new TorchDevice(DeviceType.CPU, isBf16: true);
        Assert.Equal(Losses(TorchDevice.Cpu), Losses(rounded), (a, b) => Math.Abs(a - b) < 0.05);

        double[] Losses(TorchDevice device)
        {
            using var supernet = new ElasticSupernet(space, seed: 1, device: device);
            using var sandwich = new SandwichStep(supernet, options);
            var losses = new List<double>();
            for (var step = 0; step < 6; step++)
            {
                using var scope = NewDisposeScope();
                var (images, labels) = ImageBatches.Load(Some.Images(16), Enumerable.Range(0, 16).ToArray());
                var lost = sandwich.Run(
                    images, labels, space.PlanOf(space.Largest), [space.PlanOf(space.Smallest)], 0.05, step);
                losses.AddRange(lost.LargestLoss, lost.SmallestLoss);
            }

            Assert.All(supernet.Parameters.Values, parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
            return [.. losses];
        }
    }

    private static Tensor Plain(ElasticSupernet supernet, Tensor x, Node node)
    {
        var (weight, bias) = supernet.Weights.Slice(node);
        return node.Operation switch
        {
            BatchNorm => F.batch_norm(x, null!, null!, weight, bias!, training: true, eps: BatchNorm.Epsilon),
            Convolution convolution => CheckedConvolution.Plain(x, convolution, weight, bias),
            _ => F.linear(x, weight, bias),
        };
    }

    private static void AssertReads(Action act) =>
        Assert.StartsWith(
            "Cannot copy out of meta tensor", Assert.ThrowsAny<Exception>(act).Message, StringComparison.Ordinal);

    /// <summary>
    /// A small and a large network of what "meta" has kernels for, which is neither convolutions nor batch norm: the large one
    /// reads larger images, and its classifier twice the features.
    /// </summary>
    private sealed class SpaceWithoutConvolutions : ISearchSpace
    {
        private const int Channels = 2;

        public string Name => "meta";

        public string Hash => Name;

        public string Source => Name;

        public int InputChannels => Channels;

        public int Classes => 10;

        public ImmutableArray<int> Resolutions => [8, 12];

        public GenomeSpace Genomes { get; } = new([new Gene(GeneKind.Width, 0, -1, "width", [1, 2])]);

        public Genome Smallest => Genomes.Create([0]);

        public Genome Largest => Genomes.Create([1]);

        public ImmutableArray<CostTerm> CostTerms => [];

        public IEnumerable<Block> BlocksAt(int resolution) => PlanOf(Genomes.Create([(byte)(resolution == 8 ? 0 : 1)])).Blocks;

        public NetworkPlan PlanOf(Genome genome)
        {
            var side = Resolutions[genome[0]];
            var block = new BlockBuilder("stage0.block0", new FeatureShape(Channels, side, side));
            var pooled = block.Add("average", new Pooling(PoolingKind.Average, 3, 2, 1), 0);
            var greatest = block.Add("greatest", new Pooling(PoolingKind.Max, 3, 2, 1), 0);
            var gate = block.Add("gate", new Activate(Activation.Sigmoid), block.Add("squeeze", new GlobalPooling(), pooled));
            var gated = block.Add("gated", new Multiply(), pooled, gate);
            var sum = block.Add("sum", new Add(), gated, greatest);
            var swish = block.Add("swish", new Activate(Activation.Swish), sum);
            if (genome[0] == 1)
                block.Add("both", new Concatenate(), swish, pooled);
            var head = new BlockBuilder("head", block.Build("").Output);
            var features = head.Add("pool", new GlobalPooling(), 0);
            head.Add("classifier", new Linear(head.ShapeOf(features).Channels, Classes), features);
            return NetworkPlan.Chain(IdOf(genome), [block.Build(""), head.Build("")]);
        }

        public string IdOf(Genome genome) => $"w{genome[0] + 1}";

        public Genome Parse(string text, string origin = "") => Genomes.Enumerate().First(genome => IdOf(genome) == text);

        public string ToJson(Genome genome) => IdOf(genome);

        public string ToJson() => Name;
    }
}
