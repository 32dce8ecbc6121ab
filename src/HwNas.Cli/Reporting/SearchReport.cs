using System.Globalization;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Onnx.Export;

namespace HwNas.Cli.Reporting;

/// <summary>The pictures and the report of a search, made of the files in its folder.</summary>
internal static class SearchReport
{
    /// <summary>Draws the front and the course, and writes the report.</summary>
    /// <param name="run">The run, with its search.</param>
    /// <param name="now">When that is.</param>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> Write(NasRun run, DateTimeOffset now)
    {
        var search = run.Searched();
        var front = search.ReadFront();
        List<string> files = [search.PlotPng, search.PlotSvg];
        foreach (var file in files)
            ParetoPlot.Save(FrontRows.Picture(front), file);
        if (File.Exists(search.Metrics))
        {
            var course = SearchMetrics.Read(search.Metrics);
            foreach (var file in (string[])[search.HypervolumePng, search.HypervolumeSvg])
            {
                HypervolumePlot.Save(course, file, search.Name);
                files.Add(file);
            }
        }

        Report(front, run.SearchedProfiles(), Rows(search, front), now).Save(search.Report);
        return [.. files, search.Report];
    }

    /// <summary>The front, with what verification measured of exported models on the device of the search.</summary>
    public static IReadOnlyList<FrontRow> Rows(SearchFolder search, FrontFile front)
    {
        var device = front.Profiles.Select(profile => profile.Name).FirstOrDefault();
        return [.. FrontRows.Sorted(front).Select(subnet =>
        {
            var model = search.Model(subnet.Id);
            var card = ModelCard.PathFor(model);
            var found = File.Exists(card)
                ? ModelCard.Read(card).Verifications.LastOrDefault(verified => device is null || verified.Device == device)
                : null;
            return FrontRows.Of(front, subnet) with
            {
                Model = File.Exists(model) ? Path.GetRelativePath(search.Path, model) : null,
                MeasuredUs = found?.MeasuredUs,
                KeepsPrediction = found?.KeepsPrediction,
                TestAccuracyPercent = found?.TestTop1Percent,
            };
        })];
    }

    private static HtmlReport Report(
        FrontFile front, IReadOnlyList<DeviceProfile> profiles, IReadOnlyList<FrontRow> rows, DateTimeOffset now) => new(
        $"HwNas: {front.Space.Name}, search {front.Name}"
            + (profiles.Count > 0 ? $", on {string.Join(", ", profiles.Select(profile => profile.Device.Id))}" : ""),
        [
            ("Made", string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm} UTC by HwNas {ToolVersion.Text}")),
            .. profiles.SelectMany(profile => (IEnumerable<(string, string)>)
            [
                ("Device", $"{profile.Device.Id}: {profile.Device.CpuModel}"),
                ("Runtime", profile.Runtime.ToString()),
                ("Latency table", $"{profile.Entries.Length} layers; {ProfileText.Trust(profile)}"),
            ]),
            .. front.Budgets.Select(budget => ("Budget", FrontRows.Limit(front, budget))),
            ("Subnets evaluated", front.Subnets.Length.ToString(CultureInfo.InvariantCulture)),
            ("Seed", front.Seed.ToString(CultureInfo.InvariantCulture)),
            .. Outside(rows) is { } outside ? [("Measured", outside)] : Array.Empty<(string, string)>(),
        ],
        FrontRows.Picture(front), rows);

    // Whether the profile's promise was kept stands beside it.
    private static string? Outside(IReadOnlyList<FrontRow> rows)
    {
        var (kept, outside) = (rows.Count(row => row.KeepsPrediction is true), rows.Count(row => row.KeepsPrediction is false));
        return kept + outside == 0 ? null
            : outside == 0 ? $"all {kept} within their predicted intervals"
            : $"{outside} of {kept + outside} outside their predicted intervals: the machine was busy, or ran at another speed "
                + "than when it was profiled";
    }
}
