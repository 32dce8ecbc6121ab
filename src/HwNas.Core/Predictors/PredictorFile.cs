using System.Collections.Immutable;
using HwNas.Core.Files;

namespace HwNas.Core.Predictors;

/// <summary>Inputs of a predictor that tell the choice of one gene: the one of the choice is 1, the others are 0.</summary>
/// <param name="Gene">Name of the gene, such as <c>mb1.0.kernel</c>.</param>
/// <param name="Choices">The values that the inputs stand for, in their order; all are 0 where the gene is switched off.</param>
public sealed record PredictorInput(string Gene, ImmutableArray<int> Choices);

/// <summary>A fully connected layer; a ReLU follows each but the last one.</summary>
/// <param name="Weights">A row for each output, with a weight for each input.</param>
/// <param name="Biases">One for each output.</param>
public sealed record PredictorLayer(ImmutableArray<ImmutableArray<double>> Weights, ImmutableArray<double> Biases);

/// <summary>
/// A predictor of accuracy that was made elsewhere, as a file: a network on one-hot inputs, or a linear function where it has
/// one layer.
/// </summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Inputs">The inputs in their order, by gene.</param>
/// <param name="Layers">The layers; the last one has one output, the accuracy in percent.</param>
public sealed record PredictorFile(
    string Schema, string Source, ImmutableArray<PredictorInput> Inputs, ImmutableArray<PredictorLayer> Layers)
{
    /// <summary>The schema of these files.</summary>
    public const string CurrentSchema = "hwnas/predictor/1";

    // What a bound and a second of search can still do something with; once-for-all's has 4 layers of 400.
    private const int MostLayers = 16, MostUnits = 8192;

    private const double GreatestNumber = 1e6;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is missing, damaged, or its sizes, names or numbers are wrong; the message lists all
    /// that is.</exception>
    public static PredictorFile Read(string path) => Parse(StrictJson.ReadText(path), path);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="origin">Names it in errors.</param>
    /// <exception cref="InputException">Its sizes, names or numbers are wrong; the message lists all that is.</exception>
    public static PredictorFile Parse(string json, string origin)
    {
        var file = StrictJson.Parse<PredictorFile>(json, CurrentSchema, origin);
        var problems = file.Problems().Take(10).ToList();
        return problems.Count == 0
            ? file
            : throw new InputException(
                $"'{origin}' is no valid predictor:\n  {string.Join("\n  ", problems.Select(VisibleText.OneLine))}");
    }

    private IEnumerable<string> Problems()
    {
        if (Inputs.IsDefaultOrEmpty || Inputs.Any(input => input is null || input.Gene is null || input.Choices.IsDefaultOrEmpty))
            return ["inputs: at least one gene with at least one choice each is needed"];
        if (Layers.IsDefault || Layers.Length is 0 or > MostLayers)
            return [$"layers: 1 to {MostLayers} are possible"];
        var twice = Inputs.GroupBy(input => input.Gene, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => $"inputs: the gene '{group.Key}' is there twice")
            .Concat(Inputs.Where(input => input.Choices.Distinct().Count() < input.Choices.Length)
                .Select(input => $"inputs: a choice of '{input.Gene}' is there twice"));
        return twice.Concat(Layers.SelectMany((layer, index) => ProblemsOf(layer, $"layers[{index}]", InputsOf(index))))
            .Concat(Layers[^1] is { Biases: { IsDefault: false, Length: not 1 } } ? ["the last layer needs one output"] : []);
    }

    private int InputsOf(int layer) => layer == 0
        ? Inputs.Sum(input => input.Choices.Length)
        : Layers[layer - 1] is { Biases: { IsDefault: false } biases } ? biases.Length : 0;

    private static IEnumerable<string> ProblemsOf(PredictorLayer? layer, string name, int inputs)
    {
        if (layer is null || layer.Biases.IsDefault || layer.Biases.Length is 0 or > MostUnits)
            yield return $"{name}: 1 to {MostUnits} biases are needed, one for each output";
        else if (layer.Weights.IsDefault || layer.Weights.Length != layer.Biases.Length)
            yield return $"{name}: {layer.Biases.Length} rows of weights are needed, one for each bias";
        else if (layer.Weights.Any(row => row.IsDefault || row.Length != inputs))
            yield return $"{name}: each row needs {inputs} weights, one for each choice of the inputs or unit before";
        else if (!layer.Weights.Append(layer.Biases).All(row => row.All(number => Math.Abs(number) <= GreatestNumber)))
            yield return $"{name}: a weight or bias is not between -{GreatestNumber:R} and {GreatestNumber:R}";
    }
}
