using HwNas.Remote.Browser;

namespace HwNas.Cli.Doctor;

/// <summary>Looks for onnxruntime-web, and for npm, which fetches it when a browser is measured for the first time.</summary>
internal static class BrowserRuntimeProbe
{
    /// <param name="folder">Where it lies once it is fetched.</param>
    /// <param name="npm">The version of npm; null where it is missing.</param>
    public static Finding Check(string folder, string? npm)
    {
        var finding = new Finding(FindingKind.Library, "onnxruntime-web", "profiling in a browser", IsRequired: false);
        if (OnnxRuntimeWeb.VersionIn(folder) is { } version)
            return finding with { IsFound = true, Details = $"{version} in {folder}" };
        return npm is null
            ? finding with { Problem = "not fetched yet, and npm is missing", Remedy = "apt-get install npm" }
            : finding with
            {
                Problem = "not fetched yet",
                Remedy = $"'hwnas profile --browser' fetches it by itself, with npm {npm}",
            };
    }
}
