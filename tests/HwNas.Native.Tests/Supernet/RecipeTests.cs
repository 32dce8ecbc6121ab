using HwNas.Core;
using HwNas.Core.Graphs;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Supernet;

/// <summary>Each part of a recipe does what its source says, in plain numbers.</summary>
public sealed class RecipeTests
{
    private static readonly float[][] Logits = [[0.3f, -1.2f, 2f], [1f, 1f, -4f], [-2f, 0.5f, 0.1f]];

    [Fact]
    public void RmsProp_is_that_of_TensorFlow()
    {
        const double Rate = 0.1;
        var recipe = new Recipe
        {
            Optimizer = OptimizerKind.RmsProp, Momentum = 0.8, SquareDecay = 0.7, Epsilon = 1e-2, WeightDecay = 0.1,
        };
        using var supernet = new ElasticSupernet(Some.TinySpace(), seed: 1);
        using var optimizer = Optimizer.Of(supernet.Weights, _ => true, recipe);
        using var scope = NewDisposeScope();
        var weights = Parts(supernet).Select(value => (double)value).ToArray();
        var (squares, velocities) = (Enumerable.Repeat(1.0, weights.Length).ToArray(), new double[weights.Length]);
        var gradients = zeros_like(supernet.Weights.Flat.All);
        for (var step = 1; step <= 3; step++)
        {
            gradients.fill_(0.3 * step);
            optimizer.ZeroGradients();
            optimizer.AddGradients(gradients);
            optimizer.Step(Rate);
            for (var i = 0; i < weights.Length; i++)
            {
                var g = (0.3 * step) + (0.1 * weights[i]);
                squares[i] = (0.7 * squares[i]) + (0.3 * g * g);
                velocities[i] = (0.8 * velocities[i]) + (Rate * g / Math.Sqrt(squares[i] + 1e-2));
                weights[i] -= velocities[i];
            }
        }

        Assert.All(weights.Zip(Parts(supernet)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(0, 0, 0.5, 0.5)]
    [InlineData(0.2, 0, 0.2, 0.2)]
    [InlineData(0, 1, 0.5, double.NaN)]
    public void Gradients_are_cut_by_value_and_scaled_by_norm(double value, double norm, double gradient, double expected)
    {
        var recipe = new Recipe { ClipValue = value, ClipNorm = norm, Momentum = 0, WeightDecay = 0 };
        using var supernet = new ElasticSupernet(Some.TinySpace(), seed: 1);
        using var optimizer = Optimizer.Of(supernet.Weights, _ => true, recipe);
        using var scope = NewDisposeScope();
        var before = Flat(supernet);
        using var gradients = supernet.Weights.Flat.Zeros();
        foreach (var part in gradients.Parts)
            part.fill_(gradient);
        optimizer.AddGradients(gradients.All);
        optimizer.Step(learningRate: 1);

        var steps = before.Zip(Flat(supernet), (a, b) => (double)(a - b)).ToArray();
        if (double.IsNaN(expected))
            expected = norm / Math.Sqrt(Parts(supernet).Length);
        Assert.All(steps.Where(step => step != 0), step => Assert.Equal(expected, step, 1e-5));
        Assert.Equal(Parts(supernet).Length, steps.Count(step => step != 0));
    }

    [Fact]
    public void The_alpha_divergence_has_the_gradient_of_the_larger_of_its_two_divergences()
    {
        using var scope = NewDisposeScope();
        float[][] soft = [[0.2f, 0.1f, 0.7f], [0.98f, 0.01f, 0.01f], [0.9f, 0.05f, 0.05f]];
        var logits = tensor(Logits.SelectMany(row => row).ToArray(), [3, 3]).requires_grad_();
        Distillation.Loss(
            logits, tensor(soft.SelectMany(row => row).ToArray(), [3, 3]), DistillationKind.AdaptiveAlpha).backward();
        var gradient = logits.grad!.data<float>().ToArray();

        // Which of the two is larger, by their definition; then the derivative of E_q[r log q] with r held, by hand.
        var chosen = new List<bool>();
        for (var image = 0; image < 3; image++)
        {
            var q = Softmax(Logits[image]);
            var p = soft[image];
            var reverse = q.Zip(p, (a, b) => a * Math.Min(5, a / b)).Sum() is var mean ? (mean - 1) / 2 : 0;
            var forward = p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();
            chosen.Add(reverse > forward);
            var weight = q.Zip(p, (a, b) => reverse > forward ? a * Math.Min(5, a / b) : -b).ToArray();
            for (var c = 0; c < 3; c++)
                Assert.Equal((weight[c] - (q[c] * weight.Sum())) / 3, gradient[(3 * image) + c], 1e-5);
        }

        Assert.Contains(true, chosen);
        Assert.Contains(false, chosen);
    }

    [Fact]
    public void The_average_of_the_weights_follows_them_and_stands_in_for_them_while_it_is_asked_to()
    {
        using var supernet = new ElasticSupernet(Some.TinySpace(), seed: 1);
        using var average = new WeightAverage(supernet.Weights, 0.5);
        using var scope = NewDisposeScope();
        var first = Flat(supernet);
        using (no_grad())
            supernet.Weights.Flat.All.fill_(1);
        var now = Flat(supernet);

        // (1 + 0) / (10 + 0) is the decay of the first update, then (1 + 20) / 30 > 1 / 2.
        average.Update(steps: 0);
        Assert.All(first.Zip(average.Values.All.data<float>().ToArray()), pair =>
            Assert.Equal((0.1 * pair.First) + 0.9, pair.Second, 1e-5));
        average.Update(steps: 20);
        var seen = average.InPlace(() => Flat(supernet));
        Assert.All(first.Zip(seen), pair => Assert.Equal((0.05 * pair.First) + 0.95, pair.Second, 1e-5));
        Assert.Equal(now, Flat(supernet));
    }

    [Fact]
    public void What_is_saved_of_an_averaged_training_is_evaluated_by_the_average_and_continued_by_the_weights()
    {
        using var folder = new TemporaryFolder();
        var (space, images) = (Some.TinySpace(), Some.Images(64));
        var options = Some.Options(steps: 6) with { Recipe = new() { AverageDecay = 0.9, WarmupSteps = 2 } };
        using var trained = new ElasticSupernet(space, options.Seed);
        new SupernetTrainer(options, images, TimeProvider.System, "test").Train(
            trained, null, folder.File("supernet"), folder.File("metrics"), null, CancellationToken.None);

        var checkpoint = SupernetCheckpoint.Read(folder.File("supernet"));
        using var continued = checkpoint.CreateTrained();
        using var evaluated = checkpoint.CreateSupernet();
        Assert.Equal(Flat(trained), Flat(continued));
        Assert.NotEqual(Flat(trained), Flat(evaluated));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Residual_branches_start_at_nothing_only_with_zero_gamma(bool zeroGamma)
    {
        using var supernet = new ElasticSupernet(Some.TinySpace(), seed: 1, zeroGamma);
        using var scope = NewDisposeScope();
        var plan = supernet.Space.PlanOf(supernet.Space.Largest);
        var residual = plan.Blocks.SelectMany(block => block.Nodes
            .Where(node => node.Operation is Add && block.MakerOf(node.Inputs[0])?.Operation is BatchNorm)
            .Select(node => block.MakerOf(node.Inputs[0])!)).ToList();
        Assert.NotEmpty(residual);
        var gammas = residual.Select(norm => supernet.Parameters[norm.WeightName("weight")].abs().sum().item<float>());
        Assert.Equal(!zeroGamma, gammas.Any(sum => sum > 0));
    }

    [Fact]
    public void Drop_connect_leaves_out_whole_branches_more_often_towards_the_end_and_keeps_their_mean()
    {
        using var scope = NewDisposeScope();
        var space = Some.TinySpace();
        var plan = space.PlanOf(space.Largest);
        List<(Block Block, Node Add)> adds =
            [.. plan.Blocks.SelectMany(block => block.Nodes.Where(node => node.Operation is Add).Select(node => (block, node)))];
        var last = adds[^1];
        const int Images = 4000;
        var branch = ones([Images, 2, 1, 1]);

        double[] Dropped(double probability, Block block, Node add)
        {
            var dropping = new Dropping(0, probability, plan, seed: 3);
            var values = dropping.Branch(block, add, branch).data<float>().ToArray();
            Assert.All(values.Chunk(2), image => Assert.Equal(image[0], image[1]));
            return [values.Average(), values.Count(value => value == 0) / (2.0 * Images)];
        }

        var (mean, share) = (Dropped(0.4, last.Block, last.Add)[0], Dropped(0.4, last.Block, last.Add)[1]);
        Assert.Equal(1, mean, 0.05);
        Assert.Equal(0.4, share, 0.03);
        if (adds.Count > 1)
            Assert.True(Dropped(0.4, adds[0].Block, adds[0].Add)[1] < share);
        Assert.Same(branch, new Dropping(0, 0, plan, seed: 3).Branch(last.Block, last.Add, branch));
    }

    [Theory]
    [InlineData(SamplingKind.BestUp)]
    [InlineData(SamplingKind.WorstUp)]
    public void Attentive_sampling_takes_the_best_or_worst_of_subnets_of_about_the_same_size(SamplingKind kind)
    {
        var space = Some.TinySpace();
        var recipe = new Recipe { Sampling = kind, SamplingCandidates = 4 };
        for (var seed = 1; seed <= 10; seed++)
        {
            var losses = new Dictionary<NetworkPlan, double>();
            var chosen = AttentiveSampling.Draw(space, recipe, new Random(seed), plan => losses[plan] = losses.Count * 7 % 5);
            Assert.Equal(4, losses.Count);
            Assert.Equal(kind == SamplingKind.BestUp ? losses.Values.Min() : losses.Values.Max(), losses[chosen]);
        }

        var uniform = AttentiveSampling.Draw(space, new Recipe(), new Random(1), _ => throw new InvalidOperationException());
        Assert.Equal(space.IdOf(space.Genomes.Sample(new Random(1))), uniform.Id);
    }

    [Theory]
    [InlineData(DistillationKind.None)]
    [InlineData(DistillationKind.AdaptiveAlpha)]
    public void Another_distillation_gives_other_gradients_to_the_smallest(DistillationKind kind)
    {
        using var scope = NewDisposeScope();
        var (images, labels) = ImageBatches.Load(Some.Images(16), Enumerable.Range(0, 16).ToArray());
        Assert.NotEqual(Losses(new Recipe()).SmallestLoss, Losses(new Recipe { Distillation = kind }).SmallestLoss);

        StepLosses Losses(Recipe recipe)
        {
            var space = Some.TinySpace();
            using var supernet = new ElasticSupernet(space, seed: 1);
            using var step = new SandwichStep(supernet, Some.Options(steps: 2) with { Recipe = recipe });
            step.Run(images, labels, space.PlanOf(space.Largest), [space.PlanOf(space.Smallest)], 0.2, seed: 1);
            return step.Run(images, labels, space.PlanOf(space.Largest), [space.PlanOf(space.Smallest)], 0.2, seed: 1);
        }
    }

    [Fact]
    public void A_teacher_shares_the_loss_of_the_largest()
    {
        using var scope = NewDisposeScope();
        var space = Some.TinySpace();
        var (images, labels) = ImageBatches.Load(Some.Images(16), Enumerable.Range(0, 16).ToArray());
        var uniform = full([16, 10], 0.1f);

        double Loss(double share, bool taught)
        {
            using var supernet = new ElasticSupernet(space, seed: 1);
            using (no_grad())
                supernet.Parameters["head.classifier.weight"].mul_(300);
            var options = Some.Options(steps: 2) with { Recipe = new() { TeacherShare = share } };
            using var step = new SandwichStep(supernet, options, taught ? _ => uniform.alias() : null);
            return step.Run(images, labels, space.PlanOf(space.Largest), [], 0.1, seed: 1).LargestLoss;
        }

        var (own, all, half) = (Loss(0.5, taught: false), Loss(1, taught: true), Loss(0.5, taught: true));
        Assert.Equal(own, Loss(0, taught: true), 1e-5);
        Assert.NotEqual(own, all);
        Assert.Equal((own + all) / 2, half, 1e-4);
    }

    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(0, 1)]
    public void A_mixed_batch_is_learned_by_both_labels_in_their_shares(double mixup, double cutMix)
    {
        using var scope = NewDisposeScope();
        var space = Some.TinySpace();
        var (images, labels) = ImageBatches.Load(Some.Images(16), Enumerable.Range(0, 16).ToArray(), new Augmentation(), seed: 1);
        var recipe = new Recipe { Augmentation = new() { MixupAlpha = mixup, CutMixAlpha = cutMix } };
        const int Seed = 3;
        var mixed = BatchMixing.Mix(images, labels, recipe.Augmentation, new Random(Seed));
        Assert.InRange(mixed.Weight, 0.01, 0.99);

        double Loss(Recipe learned, Tensor x, Tensor y)
        {
            using var supernet = new ElasticSupernet(space, seed: 1);
            using (no_grad())
                supernet.Parameters["head.classifier.weight"].mul_(300);
            using var step = new SandwichStep(supernet, Some.Options(steps: 2) with { Recipe = learned });
            return step.Run(x, y, space.PlanOf(space.Largest), [], 0.1, Seed).LargestLoss;
        }

        var own = Loss(new Recipe(), mixed.Images, mixed.Labels);
        var other = Loss(new Recipe(), mixed.Images, mixed.OtherLabels);
        Assert.Equal((mixed.Weight * own) + ((1 - mixed.Weight) * other), Loss(recipe, images, labels), 1e-4);
    }

    [Fact]
    public void Presets_are_valid_and_files_and_settings_say_what_differs()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in RecipePresets.Names)
        {
            var preset = RecipeFile.Load(name);
            Assert.Equal(preset, preset.Checked(name));
            File.WriteAllText(folder.File("recipe.json"), RecipeFile.ToJson(preset));
            Assert.Equal(preset, RecipeFile.Load(folder.File("recipe.json")));
            Assert.Equal(preset, RecipeFile.Settings(preset).Aggregate(new Recipe(), RecipeFile.Set));
        }

        File.WriteAllText(folder.File("mine.json"), """{"schema":"hwnas/recipe/1","based_on":"bignas","dropout":0.3}""");
        Assert.Equal(RecipePresets.Find("bignas")! with { Dropout = 0.3 }, RecipeFile.Load(folder.File("mine.json")));
    }

    [Theory]
    [InlineData("""{"schema":"hwnas/recipe/1","dropuot":0.3}""", "dropuot")]
    [InlineData("""{"schema":"hwnas/recipe/1","dropout":3}""", "dropout 3 is not at least 0, below 1")]
    [InlineData("""{"schema":"hwnas/recipe/1","based_on":"resnet"}""", "'resnet', which is no preset")]
    [InlineData("""{"schema":"hwnas/recipe/1","based_on":3}""", "'based_on' is no text")]
    [InlineData("""{"schema":"hwnas/space/1"}""", "is no recipe: it has schema 'hwnas/space/1'")]
    [InlineData("""{"dropout":0.3}""", "(none)")]
    [InlineData("""{"schema":"hwnas/recipe/1","optimizer":"adam"}""", "optimizer")]
    [InlineData("""{"schema":"hwnas/recipe/1","dropout":null}""", "dropout")]
    public void A_wrong_file_is_refused(string json, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("recipe.json"), json);
        var error = Assert.Throws<InputException>(() => RecipeFile.Load(folder.File("recipe.json")));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("recipe.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dropuot=1", "KEY is one of random_subnets, ")]
    [InlineData("dropout", "Write KEY=VALUE")]
    [InlineData("dropout=much", "dropout")]
    [InlineData("dropout=", "dropout")]
    [InlineData("optimizer=adam", "optimizer")]
    [InlineData("momentum=1", "momentum 1 is not at least 0, below 1")]
    public void A_wrong_setting_is_refused(string setting, string problem)
    {
        var error = Assert.Throws<InputException>(() => RecipeFile.Set(new Recipe(), setting));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static double[] Softmax(float[] logits)
    {
        var exponentials = logits.Select(logit => Math.Exp(logit)).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }

    private static float[] Flat(ElasticSupernet supernet) => supernet.Weights.Flat.All.data<float>().ToArray();

    // Without what lies between two tensors.
    private static float[] Parts(ElasticSupernet supernet) =>
        [.. supernet.Parameters.Values.SelectMany(parameter => parameter.data<float>().ToArray())];
}
