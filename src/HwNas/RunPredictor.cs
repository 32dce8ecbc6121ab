using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas;

/// <summary>The accuracy predictor of a run: fitted on the subnets of its front file, anew wherever it is needed.</summary>
internal static class RunPredictor
{
    /// <summary>
    /// Writes a front that was just found, with how well a predictor does on its subnets where they are enough.
    /// </summary>
    public static FrontFile Write(SearchFolder folder, FrontFile front, ISearchSpace space)
    {
        var report = front.Subnets.Length < PredictorReport.FewestSamples
            ? null
            : PredictorReport.CrossValidate(space.Genomes, Samples(front, space), front.Seed);
        StrictJson.WriteFile(folder.Front, front with { Predictor = report });
        return folder.ReadFront();
    }

    /// <summary>Fits the predictor of a front.</summary>
    /// <exception cref="InputException">The subnets are too few.</exception>
    public static (AccuracyPredictor Predictor, PredictorReport Report) Fit(FrontFile front, ISearchSpace space)
    {
        if (front.Predictor is not { } report)
        {
            throw new InputException(
                $"The search evaluated {Plural.Of(front.Subnets.Length, "subnet")}; a predictor needs "
                + $"{PredictorReport.FewestSamples}. Search with more --evaluations.");
        }

        var samples = Samples(front, space);
        return (
            AccuracyPredictor.Fit(space.Genomes, [.. samples.Select(s => s.Genome)], [.. samples.Select(s => s.Top1Percent)]),
            report);
    }

    private static List<MeasuredGenome> Samples(FrontFile front, ISearchSpace space) =>
        [.. front.Subnets.Select(subnet => new MeasuredGenome(space.Parse(subnet.Id), subnet.Top1Percent, subnet.Macs))];
}
