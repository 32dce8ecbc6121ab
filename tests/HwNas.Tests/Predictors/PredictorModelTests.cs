using HwNas.Core.Predictors;
using HwNas.Core.Spaces;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Predictors;

public sealed class PredictorModelTests
{
    private static readonly GenomeFeatures Features = new(SmallSpaces.PerBlock.Genomes);

    [Fact]
    public void Features_are_one_hot_and_masked_where_inactive()
    {
        var genomes = SmallSpaces.PerBlock.Genomes;

        Assert.Equal(genomes.Genes.Sum(gene => gene.Choices.Length), Features.Count);
        foreach (var genome in genomes.Enumerate())
        {
            var ones = Features.OnesOf(Features.StatesOf(genome));
            var active = Enumerable.Range(0, genome.Length).Where(gene => genomes.IsActive(genome.Choices, gene)).ToList();
            Assert.Equal(active.Select(gene => genomes.Genes.Take(gene).Sum(g => g.Choices.Length) + genome[gene]), ones);
        }
    }

    [Fact]
    public void Ridge_recovers_an_additive_function()
    {
        var (states, values) = Samples(300, AdditiveOf, seed: 1);

        var ridge = RidgeModel.Fit(Features, states[..200], values[..200]);

        Assert.All(Enumerable.Range(200, 100), i => Assert.Equal(values[i], ridge.Mean(states[i]), 0.01));
        Assert.True(ridge.LeaveOneOutRmse < 0.01);
    }

    [Fact]
    public void Leave_one_out_error_of_ridge_is_that_of_leaving_each_out()
    {
        var (states, values) = Samples(
            25,
            genome => AdditiveOf(genome) + Math.Sin(genome.Choices.ToArray().Aggregate(1, (hash, choice) => (hash * 7) + choice)),
            seed: 2);
        var all = RidgeModel.Fit(Features, states, values);

        var errors = Enumerable.Range(0, states.Length)
            .Select(left => NaiveRidge(Without(states, left), Without(values, left), all.Penalty, states[left]) - values[left]);

        Assert.Equal(Math.Sqrt(errors.Average(error => error * error)), all.LeaveOneOutRmse, 1e-6);
    }

    [Fact]
    public void A_Gaussian_process_beats_ridge_where_choices_interact()
    {
        var (states, values) = Samples(300, InteractingOf, seed: 3);

        var ridge = RidgeModel.Fit(Features, states[..200], values[..200]);
        var process = Process(states[..200], values[..200]);

        Assert.True(ErrorOf(s => process.Mean(s), states[200..], values[200..])
            < 0.5 * ErrorOf(ridge.Mean, states[200..], values[200..]));
    }

    [Fact]
    public void Most_measurements_lie_within_two_deviations()
    {
        const double noise = 0.5;
        var random = new Random(8);
        var (states, values) = Samples(
            400, genome => AdditiveOf(genome) + MathNet.Numerics.Distributions.Normal.Sample(random, 0, noise), seed: 6);
        var process = Process(states[..150], values[..150]);

        var within = Enumerable.Range(150, 250).Average(i =>
        {
            var (mean, deviation) = process.Predict(states[i]);
            Assert.Equal(process.Mean(states[i]), mean, 1e-9);
            return Math.Abs(values[i] - mean) <= 2 * Math.Sqrt((deviation * deviation) + (noise * noise)) ? 1 : 0;
        });

        // 95 % of normal values lie within two deviations.
        Assert.InRange(within, 0.88, 1);
    }

    private static GenomeProcess Process(byte[][] states, double[] values) =>
        new(GenomeProcess.Learn(GenomeKernel.Prior(Features.Genes), states, values, steps: 60), states, values);

    private static (byte[][] States, double[] Values) Samples(int count, Func<Genome, double> valueOf, int seed)
    {
        var random = new Random(seed);
        var genomes = Enumerable.Range(0, count).Select(_ => SmallSpaces.PerBlock.Genomes.Sample(random)).ToList();
        return ([.. genomes.Select(Features.StatesOf)], [.. genomes.Select(valueOf)]);
    }

    private static double AdditiveOf(Genome genome)
    {
        var architecture = SmallSpaces.PerBlock.Decode(genome);
        return 90 + (architecture.Resolution / 8.0) + architecture.Stages.Sum(
            stage => (0.1 * stage.Width) + stage.Kernels.Sum(k => 0.3 * k) - stage.Expansions.Sum(e => 0.2 * e));
    }

    private static double InteractingOf(Genome genome)
    {
        var architecture = SmallSpaces.PerBlock.Decode(genome);
        return AdditiveOf(genome) + ((architecture.Resolution - 14.5) * (architecture.Stages[1].Width - 10))
            + ((architecture.HeadWidth - 28) * (architecture.Stages[1].Depth - 2) / 2.0);
    }

    private static double ErrorOf(Func<byte[], double> predict, byte[][] states, double[] values) =>
        Math.Sqrt(states.Zip(values, (s, v) => Math.Pow(predict(s) - v, 2)).Average());

    private static T[] Without<T>(T[] items, int index) => [.. items[..index], .. items[(index + 1)..]];

    // Ridge by the normal equations with an unpenalized intercept.
    private static double NaiveRidge(byte[][] states, double[] values, double penalty, byte[] query)
    {
        var build = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build;
        var x = build.Dense(
            states.Length, Features.Count + 1, (i, j) => j == 0 || Features.OnesOf(states[i]).Contains(j - 1) ? 1 : 0);
        var penalties = build.DenseDiagonal(Features.Count + 1, Features.Count + 1, j => j == 0 ? 0 : penalty);
        var weights = (x.TransposeThisAndMultiply(x) + penalties)
            .Solve(x.TransposeThisAndMultiply(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(values)));
        return weights[0] + Features.OnesOf(query).Sum(one => weights[one + 1]);
    }
}
