using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Predictors;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Predictors;

public sealed class NetworkPredictorTests
{
    private static readonly MbConvSpace Space = SmallSpaces.PerBlock;

    [Fact]
    public void Predictions_are_those_of_the_network_written_down_plainly()
    {
        var random = new Random(3);
        foreach (var widths in new int[][] { [1], [5, 1], [7, 6, 5, 1] })
        {
            var file = Any(Space, random, widths);
            var predictor = NetworkPredictor.For(file, Space);
            var units = predictor.FirstUnits(Space.Smallest.Choices);
            var before = Space.Smallest;
            for (var i = 0; i < 50; i++)
            {
                var genome = Space.Genomes.Sample(random);
                predictor.Move(units, before.Choices, genome.Choices);
                before = genome;

                var expected = Plainly(file, genome);
                Assert.Equal(expected, predictor.Predict(genome), 4);
                Assert.Equal(expected, predictor.Output(units), 4);
            }
        }
    }

    [Fact]
    public void The_tangent_touches_the_prediction_and_has_its_slopes()
    {
        var random = new Random(4);
        var predictor = NetworkPredictor.For(Any(Space, random, 9, 8, 1), Space);
        var features = new GenomeFeatures(Space.Genomes);
        for (var i = 0; i < 20; i++)
        {
            var genome = Space.Genomes.Sample(random);
            double[] units = predictor.FirstUnits(genome.Choices), step = [.. units];
            var tangent = predictor.Tangent(units);
            double At(Genome g) => tangent.Offset + features.OnesOf(features.StatesOf(g)).Sum(one => tangent.Effects[one]);

            // Along the way to another genome, near this one.
            var other = Space.Genomes.Sample(random);
            predictor.Move(step, genome.Choices, other.Choices);
            double[] near = [.. units.Zip(step, (from, to) => from + ((to - from) / 64))];

            Assert.Equal(predictor.Predict(genome), At(genome), 4);
            Assert.InRange(predictor.Output(near) - predictor.Output(units) - ((At(other) - At(genome)) / 64), -0.02, 0.02);
        }
    }

    [Fact]
    public void A_file_reads_back_what_was_written()
    {
        var file = Any(Space, new Random(5), 4, 1);
        var read = PredictorFile.Parse(StrictJson.Serialize(file), "predictor");
        foreach (var genome in Space.Genomes.Enumerate().Take(20))
            Assert.Equal(Plainly(file, genome), NetworkPredictor.For(read, Space).Predict(genome), 4);
    }

    [Fact]
    public void All_that_is_wrong_with_a_file_is_said()
    {
        var good = Any(Space, new Random(6), 3, 1);
        (PredictorFile File, string Problem)[] wrong =
        [
            (good with { Inputs = [.. good.Inputs, good.Inputs[0]] }, "is there twice"),
            (good with { Inputs = [.. good.Inputs[1..], good.Inputs[0] with { Choices = [13, 13] }] }, "is there twice"),
            (good with { Inputs = good.Inputs[1..] }, "weights, one for each choice"),
            (good with { Inputs = [] }, "at least one gene"),
            (good with { Layers = [] }, "1 to 16 are possible"),
            (good with { Layers = good.Layers[..1] }, "the last layer needs one output"),
            (good with { Layers = [good.Layers[0] with { Biases = [1, 2] }, good.Layers[1]] }, "2 rows of weights"),
            (good with { Layers = [good.Layers[0] with { Biases = [1, 2, 1e7] }, good.Layers[1]] }, "is not between"),
        ];
        foreach (var (file, problem) in wrong)
        {
            var error = Assert.Throws<InputException>(() => PredictorFile.Parse(StrictJson.Serialize(file), "p.json"));
            Assert.Contains("'p.json' is no valid predictor", error.Message);
            Assert.Contains(problem, error.Message);
        }
    }

    [Fact]
    public void A_file_of_another_space_is_refused()
    {
        var file = Any(Space, new Random(7), 3, 1);
        Assert.Contains(
            "has no gene 'x'", Refusal(file with { Inputs = [file.Inputs[0] with { Gene = "x" }, .. file.Inputs[1..]] }));
        Assert.Contains(
            "does not know the choice 16 of 'resolution'",
            Refusal(file with { Inputs = [file.Inputs[0] with { Choices = [13, 17] }, .. file.Inputs[1..]] }));

        static string Refusal(PredictorFile file) =>
            Assert.Throws<InputException>(() => NetworkPredictor.For(file, Space)).Message;
    }

    [Fact]
    public void At_one_resolution_its_input_is_always_on()
    {
        var file = Any(Space, new Random(8), 3, 1);
        var narrow = Space.At([16]);
        foreach (var genome in narrow.Genomes.Enumerate().Take(30))
        {
            Assert.Equal(
                NetworkPredictor.For(file, Space).Predict(Space.Parse(narrow.IdOf(genome))),
                NetworkPredictor.For(file, narrow).Predict(genome), 4);
        }
    }

    /// <summary>A predictor of a space with random weights, in layers of these widths.</summary>
    internal static PredictorFile Any(ISearchSpace space, Random random, params int[] widths)
    {
        ImmutableArray<PredictorInput> inputs =
        [
            .. space.Genomes.Genes.Where(gene => gene.Kind != GeneKind.Depth)
                .Select(gene => new PredictorInput(gene.Name, gene.Choices)),
        ];
        var count = inputs.Sum(input => input.Choices.Length);
        return new PredictorFile(
            PredictorFile.CurrentSchema, "a test", inputs,
            [.. widths.Select((width, layer) => Layer(layer == 0 ? count : widths[layer - 1], width))]);

        PredictorLayer Layer(int from, int to) => new(
            [.. Enumerable.Range(0, to).Select(_ => Enumerable.Range(0, from).Select(_ => Number()).ToImmutableArray())],
            [.. Enumerable.Range(0, to).Select(_ => Number())]);

        double Number() => (2 * random.NextDouble()) - 0.8;
    }

    private static double Plainly(PredictorFile file, Genome genome)
    {
        var genes = Space.Genomes.Genes;
        double[] values =
        [
            .. file.Inputs.SelectMany(input =>
            {
                var gene = genes.IndexOf(genes.First(gene => gene.Name == input.Gene));
                var isActive = Space.Genomes.IsActive(genome.Choices, gene);
                return input.Choices.Select(choice => isActive && genes[gene].Choices[genome[gene]] == choice ? 1.0 : 0);
            }),
        ];
        foreach (var (index, layer) in file.Layers.Index())
        {
            values =
            [
                .. layer.Weights.Zip(layer.Biases, (row, bias) =>
                    row.Zip(values, (weight, value) => weight * (index > 0 ? Math.Max(0, value) : value)).Sum() + bias),
            ];
        }

        return values[0];
    }
}
