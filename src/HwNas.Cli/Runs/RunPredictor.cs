using HwNas.Core.Files;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.Spaces;

namespace HwNas.Cli.Runs;

/// <summary>The accuracy predictor of a run: fitted on the subnets that the search evaluated, and kept.</summary>
internal static class RunPredictor
{
    /// <summary>Fits a predictor on a front that was just found, and writes both; with too few subnets the front alone.</summary>
    public static FrontFile WriteWithFront(RunFolder folder, FrontFile front, ISearchSpace space)
    {
        var fitted = Fit(front, space);
        StrictJson.WriteFile(folder.Front, front with { Predictor = fitted?.Report });
        var written = FrontFile.Read(folder.Front);
        if (fitted is null)
            File.Delete(folder.Predictor);
        else
            StrictJson.WriteFile(folder.Predictor, fitted with { Evaluations = Reference(written) });
        return written;
    }

    /// <summary>The predictor of a front; fitted, and kept, where the file is missing or of another front. Null where the subnets are too few.</summary>
    public static PredictorFile? LoadOrFit(RunFolder folder, FrontFile front, ISearchSpace space)
    {
        if (File.Exists(folder.Predictor) && PredictorFile.Read(folder.Predictor) is { } kept && kept.Evaluations == Reference(front))
            return kept;
        if (Fit(front, space) is not { } fitted)
            return null;
        StrictJson.WriteFile(folder.Predictor, fitted);
        return fitted;
    }

    private static PredictorFile? Fit(FrontFile front, ISearchSpace space) => front.Subnets.Length < PredictorFile.FewestSamples
        ? null
        : PredictorFile.Fit(
            space.Genomes,
            [.. front.Subnets.Select(subnet => new MeasuredGenome(space.Parse(subnet.Id), subnet.Top1Percent, subnet.Macs))],
            Reference(front), CommandContext.ToolVersion, front.Seed);

    private static InputReference Reference(FrontFile front) => new("front.json", front.Hash);
}
