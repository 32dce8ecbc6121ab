using HwNas.Core.Graphs;
using HwNas.Core.Spaces;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;
using static global::TorchSharp.torch;
using static HwNas.Native.Tests.Supernet.ReferenceNetworks;

namespace HwNas.Native.Tests.Supernet;

/// <summary>
/// In every built-in space: the losses of a sandwich step, the gradients that it sums and the weights that it leaves are
/// those of BigNAS section 3.1 written in plain C# on the interpreter in double precision. The largest subnet learns from
/// smoothed labels with dropout, the others from its soft labels without, and the weights of the largest alone decay.
/// </summary>
public sealed class SandwichReferenceTests
{
    private const int Seed = 4;
    private const double LearningRate = 0.05;

    private static readonly Recipe Learning = new() { Dropout = 0.3, LabelSmoothing = 0.2, WeightDecay = 0.1 };

    public static TheoryData<string> BuiltIn => [.. BuiltInSpaces.Names];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Losses_and_classifier_and_the_weights_after_two_steps_are_those_of_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var step = new OneStep(Small(name));

        var losses = step.Run(learningRate: 0);
        var reference = step.Reference();
        Assert.Equal(reference.Subnets[0].Loss(), losses.LargestLoss, 2e-3);
        Assert.Equal(reference.Subnets[1].Loss(), losses.SmallestLoss, 2e-3);
        var gradients = step.Gradients();
        var (weight, bias) = reference.ClassifierGradients();
        AssertClose(weight, Floats(gradients[step.Classifier.WeightName("weight")]), 3e-3, "classifier");
        AssertClose(bias, Floats(gradients[step.Classifier.WeightName("bias")]), 3e-3, "bias");

        AssertSecondStep(step, gradients);
    }

    [Fact]
    public void The_summed_gradients_are_the_slope_of_the_summed_losses()
    {
        using var scope = NewDisposeScope();
        using var step = new OneStep(Small("fashion-mnist"));
        step.Run(learningRate: 0);
        var gradients = step.Gradients();
        using var generator = new Generator(5);
        var direction = step.Supernet.Parameters.ToDictionary(
            parameter => parameter.Key, parameter => zeros_like(parameter.Value).detach().uniform_(-0.5, 0.5, generator));

        var slope = gradients.Sum(
            gradient => Values(gradient.Value).Zip(Values(direction[gradient.Key]), (a, b) => a * b).Sum());

        const double Distance = 1e-6;
        var reference = step.Reference();
        var difference = (reference.Loss(direction, Distance) - reference.Loss(direction, -Distance)) / (2 * Distance);
        Assert.Equal(difference, slope, 0.01 * Math.Abs(difference));
    }

    // Nesterov momentum after a first step that had the gradients but no learning rate: v = g + λw, v ← μv + g + λw,
    // w ← w − η(g + λw + μv), where λ is 0 but for convolutions and linear layers that the largest subnet has.
    private static void AssertSecondStep(OneStep step, Dictionary<string, Tensor> first)
    {
        var before = step.Supernet.Parameters.ToDictionary(parameter => parameter.Key, parameter => Values(parameter.Value));
        step.Run(LearningRate);
        var second = step.Gradients();
        var decayed = step.Largest.Blocks.SelectMany(block => block.Nodes)
            .Where(node => node.Operation is Convolution or Linear)
            .Select(node => node.WeightName("weight"))
            .ToHashSet();
        Assert.All(decayed, name => Assert.Contains(name, first.Keys));
        foreach (var (name, parameter) in step.Supernet.Parameters)
        {
            var decay = decayed.Contains(name) ? Learning.WeightDecay : 0;
            var expected = before[name];
            if (first.TryGetValue(name, out var tensor))
            {
                var (g1, g2) = (Values(tensor), Values(second[name]));
                for (var i = 0; i < expected.Length; i++)
                {
                    var (old, now) = (g1[i] + (decay * expected[i]), g2[i] + (decay * expected[i]));
                    expected[i] -= LearningRate * (now + (Learning.Momentum * ((Learning.Momentum * old) + now)));
                }
            }

            AssertClose(expected, Floats(parameter), 1e-5, name);
        }
    }

    private static float[] Floats(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    /// <summary>
    /// Steps on the same images and subnets; without a learning rate the weights stay, so that the reference can read them.
    /// </summary>
    private sealed class OneStep : IDisposable
    {
        private readonly ISearchSpace _space;
        private readonly SandwichStep _step;
        private readonly Tensor _images;
        private readonly NetworkPlan[] _others;

        public OneStep(ISearchSpace space)
        {
            _space = space;
            Largest = space.PlanOf(space.Largest);
            _others = [space.PlanOf(space.Smallest), space.PlanOf(space.Genomes.Sample(new Random(7)))];
            Supernet = ReferenceNetworks.Random(space);
            _step = new SandwichStep(Supernet, Some.Options(steps: 2) with { Recipe = Learning });
            _images = SomeImages(space);

            // A classifier that is sure of something: soft labels that differ from the guess and from the labels.
            using var noGradient = no_grad();
            using var generator = new Generator(13);
            var weight = Supernet.Parameters[Classifier.WeightName("weight")];
            weight.normal_(0, 3 / Math.Sqrt(weight.shape[1]), generator);
        }

        public ElasticSupernet Supernet { get; }

        public NetworkPlan Largest { get; }

        public Node Classifier => Largest.Blocks[^1].Nodes[^1];

        public StepLosses Run(double learningRate) =>
            _step.Run(_images, SomeLabels(_space), Largest, _others, learningRate, Seed);

        public Dictionary<string, Tensor> Gradients() => Supernet.Parameters.Where(parameter => parameter.Value.grad is not null)
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value.grad!.clone());

        public Sandwich Reference() => new(Supernet, _images, Largest, _others);

        public void Dispose()
        {
            _step.Dispose();
            Supernet.Dispose();
        }
    }

    /// <summary>The losses of a step, in plain C#.</summary>
    private sealed class Sandwich
    {
        public Sandwich(ElasticSupernet supernet, Tensor images, NetworkPlan largest, NetworkPlan[] others)
        {
            var classifier = (Linear)largest.Blocks[^1].Nodes[^1].Operation;
            var keeps = Values(Dropping.Kept([Images, classifier.InChannels], Learning.Dropout, Seed));
            Assert.Equal([0, 1 / (1 - Learning.Dropout)], keeps.Distinct().Order().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
            Assert.Equal(1, keeps.Average(), 0.2);

            var classes = largest.Classes;
            var labels = Enumerable.Range(0, Images).Select(image => Enumerable.Range(0, classes)
                .Select(c => (Learning.LabelSmoothing / classes) + (c == image % classes ? 1 - Learning.LabelSmoothing : 0))
                .ToArray());
            var first = new Subnet(supernet, images, largest, [.. labels], [.. keeps.Chunk(keeps.Length / Images)]);
            var softLabels = first.Logits().Select(Softmax).ToArray();
            Subnets = [first, .. others.Select(plan => new Subnet(supernet, images, plan, softLabels, null))];
        }

        public Subnet[] Subnets { get; }

        public double Loss(Dictionary<string, Tensor> direction, double distance) =>
            Subnets.Sum(subnet => subnet.Loss(direction, distance));

        // A linear layer's gradient: the softmax less the target, times what it read.
        public (double[] Weight, double[] Bias) ClassifierGradients()
        {
            var most = Subnets.Max(subnet => subnet.Features[0].Length);
            var (weight, bias) = (new double[Subnets[0].Plan.Classes * most], new double[Subnets[0].Plan.Classes]);
            foreach (var subnet in Subnets)
            {
                foreach (var (image, logits) in subnet.Logits().Index())
                {
                    foreach (var (c, probability) in Softmax(logits).Index())
                    {
                        var slope = (probability - subnet.Targets[image][c]) / Images;
                        bias[c] += slope;
                        foreach (var (f, feature) in subnet.Features[image].Index())
                            weight[(c * most) + f] += slope * feature;
                    }
                }
            }

            return (weight, bias);
        }
    }

    /// <summary>A subnet of the sandwich: what it reads, what it should say.</summary>
    private sealed class Subnet(
        ElasticSupernet supernet, Tensor images, NetworkPlan plan, double[][] targets, double[][]? keeps)
    {
        private readonly Linear _linear = (Linear)plan.Blocks[^1].Nodes[^1].Operation;

        public NetworkPlan Plan => plan;

        public double[][] Targets => targets;

        /// <summary>What the classifier reads of each image.</summary>
        public double[][] Features { get; } = FeaturesOf(supernet, images, plan, keeps, [], 0);

        public double[][] Logits() => LogitsOf(Features, [], 0);

        public double Loss() => Loss(Logits());

        /// <summary>The loss where all weights are moved along a direction.</summary>
        public double Loss(Dictionary<string, Tensor> direction, double distance)
        {
            var own = SubnetWeights.Names(plan).Where(weight => weight.Spec.IsLearned)
                .ToDictionary(weight => weight.Name, weight => Values(Own(direction[weight.Name], plan, weight.Name)));
            return Loss(LogitsOf(FeaturesOf(supernet, images, plan, keeps, own, distance), own, distance));
        }

        private double Loss(double[][] logits) =>
            -logits.Zip(targets, (l, t) => Softmax(l).Zip(t, (p, target) => target * Math.Log(p)).Sum()).Average();

        private double[][] LogitsOf(double[][] features, Dictionary<string, double[]> direction, double distance)
        {
            var node = plan.Blocks[^1].Nodes[^1];
            var (weight, bias) = (Moved("weight"), Moved("bias"));
            return [.. features.Select(x => bias
                .Select((b, c) => b + x.Select((value, f) => value * weight[(c * _linear.InChannels) + f]).Sum()).ToArray())];

            double[] Moved(string part)
            {
                using var noGradient = no_grad();
                var slices = supernet.Weights.Slice(node);
                var values = Values(part == "bias" ? slices.Bias! : slices.Weight);
                return direction.TryGetValue(node.WeightName(part), out var along)
                    ? [.. values.Zip(along, (value, d) => value + (distance * d))]
                    : values;
            }
        }

        // The network without its last node, and dropout.
        private static double[][] FeaturesOf(
            ElasticSupernet supernet, Tensor images, NetworkPlan plan, double[][]? keeps,
            Dictionary<string, double[]> direction, double distance)
        {
            var last = plan.Blocks[^1];
            var trunk = new NetworkPlan(
                plan.Id, plan.Input,
                last.Nodes.Length == 1
                    ? plan.Blocks[..^1]
                    : [.. plan.Blocks[..^1], new Block(last.Name, last.LatencyKey, last.Inputs, last.Nodes[..^1])],
                last.Nodes.Length == 1 ? plan.Wiring[..^1] : plan.Wiring);
            var known = SubnetWeights.Names(trunk).Select(weight => weight.Name).ToHashSet();
            var features = Reference(
                trunk, supernet, images, direction.Where(d => known.Contains(d.Key)).ToDictionary(d => d.Key, d => d.Value),
                distance);
            return keeps is null ? features : [.. features.Zip(keeps, (x, keep) => x.Zip(keep, (a, b) => a * b).ToArray())];
        }
    }

    private static double[] Softmax(double[] logits)
    {
        var exponentials = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }
}
