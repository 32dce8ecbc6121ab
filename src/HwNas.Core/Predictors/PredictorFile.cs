using System.Text.Json.Serialization;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Core.Predictors;

/// <summary>
/// A predictor that was fitted on the evaluations of a search, with how well it does (<c>predictor.json</c>): what
/// answers for further budgets without fitting again.
/// </summary>
public sealed record PredictorFile
{
    /// <summary>The schema of predictor files.</summary>
    public const string CurrentSchema = "hwnas/predictor/1";

    /// <summary>Fewest evaluations that give a predictor with held-out figures.</summary>
    public const int FewestSamples = PredictorReport.FewestSamples;

    /// <summary>Always <see cref="CurrentSchema"/>.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The version that wrote it.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>Name and hash of the file whose evaluations it was fitted on.</summary>
    public required InputReference Evaluations { get; init; }

    /// <summary>How well it does on networks that it never saw.</summary>
    public required PredictorReport Report { get; init; }

    [JsonInclude]
    internal PredictorMean Mean { get; init; } = new LinearMean(0, []);

    /// <summary>Hash over the canonical form; set when written.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Fits a predictor, the family chosen by cross-validation, and measures it.</summary>
    /// <param name="space">The genes.</param>
    /// <param name="samples">The evaluated networks; at least <see cref="FewestSamples"/>.</param>
    /// <param name="evaluations">Where they come from.</param>
    /// <param name="toolVersion">The version that fits.</param>
    /// <param name="seed">Equal seeds give equal predictors.</param>
    /// <exception cref="ArgumentException">There are too few networks.</exception>
    public static PredictorFile Fit(GenomeSpace space, IReadOnlyList<MeasuredGenome> samples, InputReference evaluations, string toolVersion, int seed)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Count, FewestSamples);
        var predictor = AccuracyPredictor.Fit(space, [.. samples.Select(s => s.Genome)], [.. samples.Select(s => s.Top1Percent)], seed);
        return new PredictorFile
        {
            ToolVersion = toolVersion,
            Evaluations = evaluations,
            Report = PredictorReport.CrossValidate(space, samples, seed, predictor.Kind),
            Mean = predictor.ToMean(),
        };
    }

    /// <summary>Reads a predictor.</summary>
    /// <exception cref="InputException">The file is missing, damaged, or of another schema.</exception>
    public static PredictorFile Read(string path)
    {
        var file = StrictJson.ReadFile<PredictorFile>(path, CurrentSchema);
        return file.Hash.Length > 0 ? file : throw new InputException($"'{path}' carries no hash; it was edited. Delete it; it is fitted anew.");
    }

    /// <summary>The function from genomes of the space to predicted accuracies in percent; the same as that of the fitted model.</summary>
    /// <exception cref="InputException">The predictor is of another space.</exception>
    public Func<Genome, double> For(GenomeSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        var features = new GenomeFeatures(space);
        var mean = Mean.Compile(features);
        return genome => mean(features.StatesOf(genome));
    }
}
