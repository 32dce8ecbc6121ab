using System.Text.Json.Nodes;
using HwNas.Core.Search;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>The list of runs, and the comparison of a run's searches.</summary>
[Collection(ShortQuickstart.Collection)]
public sealed class RunsTests(ShortQuickstart quickstart)
{
    [Fact]
    public void A_run_is_listed_with_its_searches_in_a_table_that_fits()
    {
        var listed = Tool.RunInTerminal(quickstart.Folder, 60, "runs");
        Assert.True(listed.ExitCode == 0, listed.ToString());
        Assert.Contains("runs/quickstart  fashion-mnist on fashion-mnist, 150 steps", listed.Output, StringComparison.Ordinal);
        Assert.Contains("(a wider terminal also shows:", listed.Output, StringComparison.Ordinal);
        Assert.All(TerminalText.Lines(listed.Output), line => Assert.InRange(line.Length, 0, 60));
        Assert.Equal(
            Tool.RunWell(quickstart.Folder, "runs").Output, Tool.RunWell(quickstart.Folder, "runs", "quickstart").Output);
    }

    [Fact]
    public void A_hypervolume_is_the_share_of_the_box_that_the_searches_came_upon()
    {
        var search = RunSummary.Of(new RunFolder(quickstart.File(""))).Searches.Single();
        var front = FrontFile.Read(quickstart.FileOfSearch("front.json"));
        var device = front.Profiles.Single().Name;
        double Us(FrontSubnet subnet) => subnet.LatencyUs[device].MedianUs;
        var (slowest, fastest) = (front.Subnets.Max(Us), front.Subnets.Min(Us));
        var (least, most) = (front.Subnets.Min(s => s.Top1Percent), front.Subnets.Max(s => s.Top1Percent));

        // A strip for each member, from its latency to that of the next slower one.
        var members = front.Front().OrderBy(Us).ToList();
        var area = members.Zip(members.Skip(1).Select(Us).Append(slowest), (s, next) => (s.Top1Percent - least) * (next - Us(s)))
            .Sum();
        Assert.Equal(100 * area / ((slowest - fastest) * (most - least)), search.HypervolumePercent!.Value, precision: 6);
        Assert.Equal((24, members.Count, most), (search.Evaluated, search.FrontSize, search.BestTop1Percent));
    }

    [Fact]
    public void What_cannot_be_read_is_a_warning_and_hides_nothing_else()
    {
        using var folder = quickstart.Copy("runs/quickstart");
        Directory.CreateDirectory(folder.File("runs/broken"));
        File.WriteAllText(folder.File("runs/broken/training.json"), "{");
        Directory.CreateDirectory(folder.File("runs/quickstart/searches/torn"));
        File.WriteAllText(folder.File("runs/quickstart/searches/torn/front.json"), "{");

        var listed = Tool.RunWell(folder.Path, "runs");
        Assert.Contains("warning: 'runs/broken/training.json' is not valid JSON", listed.Output, StringComparison.Ordinal);
        Assert.Contains("searches/torn/front.json' is not valid JSON", listed.Output, StringComparison.Ordinal);
        var runs = JsonNode.Parse(Tool.RunWell(folder.Path, "runs", "--json").Output)!.AsArray();
        Assert.Equal("front", (string)Assert.Single(runs[1]!["searches"]!.AsArray())!["name"]!);
    }

    [Fact]
    public void A_run_that_is_not_there_is_wrong_input()
    {
        var result = Tool.Run(quickstart.Folder, "runs", "nope");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("There is no run 'nope'", result.Error, StringComparison.Ordinal);
    }
}
