using System.Text.RegularExpressions;
using HwNas.Cli.Reporting;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.Reporting;

public sealed class RunsTextTests
{
    private static readonly RunSummary Run = new(
        "runs/a", "fashion-mnist", "fashion-mnist", 400, 400, 951.6, 64, 1, [], new CheckedAccuracy(87.3, 82, 500),
        DateTimeOffset.UnixEpoch, [], []);

    [Fact]
    public void Several_trainings_stand_beside_each_other_with_what_their_recipes_differ_in()
    {
        var text = RunsText.Of(
            [Run, Run with { Path = "runs/b", Steps = 20, Accuracy = null, Seed = 2, Recipe = ["dropout=0.1", "clip_norm=5"] }],
            new Screen(Columns: 80), TimeZoneInfo.Utc);
        var lines = text.Split('\n');
        Assert.Matches(@"^run +steps +batch +seed +images/s +largest % +smallest % +recipe$", lines[0]);
        Assert.Contains(lines, line => Regex.IsMatch(line, @"\b400 +64 +1 +952 +87\.3 +82\.0$"));
        Assert.Contains(lines, line => Regex.IsMatch(line, @"\b20 of 400 +64 +2 +952 +dropout=0\.1,"));
        Assert.Contains("clip_norm=5", text, StringComparison.Ordinal);
        Assert.Contains("runs/a  fashion-mnist on fashion-mnist, 400 steps", text, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void One_alone_is_compared_with_none() =>
        Assert.StartsWith("runs/a  fashion-mnist", RunsText.Of([Run], Screen.File, TimeZoneInfo.Utc), StringComparison.Ordinal);
}
