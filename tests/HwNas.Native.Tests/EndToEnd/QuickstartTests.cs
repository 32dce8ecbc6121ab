using HwNas.Core.Devices;
using HwNas.Core.Graphs;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>The short form of the main job, as a user runs it; its outputs are checked by all tests of the class.</summary>
public sealed class ShortQuickstart : IDisposable
{
    public const string Collection = "short quickstart";

    /// <summary>What makes it short.</summary>
    public static readonly string[] Options =
        ["--steps", "150", "--evaluations", "24", "--profile-seconds", "12", "--data", Data];

    /// <summary>The folder of the images that it was made with, below where it and its copies are.</summary>
    public const string Data = "fashion-mnist";

    private readonly TemporaryFolder _folder = new();

    public ShortQuickstart()
    {
        FewImages.Write(_folder.File(Data));
        Result = Tool.RunWell(_folder.Path, ["quickstart", .. Options]);
    }

    internal ToolResult Result { get; }

    public string Folder => _folder.Path;

    public string File(string name) => Path.Combine(Folder, "runs/quickstart", name);

    /// <summary>A file of its search.</summary>
    public string FileOfSearch(string name) => File(Path.Combine("searches/front", name));

    /// <summary>A folder with a copy of its run folder: in place of it, or in a place of it.</summary>
    internal TemporaryFolder Copy(string place = "")
    {
        var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(File("."), "*", SearchOption.AllDirectories))
        {
            var target = copy.File(Path.Combine(place, Path.GetRelativePath(File("."), file)));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            System.IO.File.Copy(file, target);
        }

        Directory.CreateSymbolicLink(copy.File(Data), _folder.File(Data));
        return copy;
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>One short quickstart serves all test classes that look at its files.</summary>
[CollectionDefinition(ShortQuickstart.Collection)]
public sealed class ShortQuickstartUsers : ICollectionFixture<ShortQuickstart>;

[Collection(ShortQuickstart.Collection)]
public sealed class QuickstartTests(ShortQuickstart quickstart)
{
    [Fact]
    public void Every_file_of_the_data_flow_is_there()
    {
        foreach (var name in new[]
        {
            "supernet.safetensors", "training.json", "metrics.jsonl", "training.png", "training.svg", "profile.json",
            "evaluations.jsonl",
        })
        {
            Assert.True(File.Exists(quickstart.File(name)), name);
        }

        foreach (var name in new[]
        {
            "search.journal", "search.metrics.jsonl", "front.json", "pareto.png", "pareto.svg", "hypervolume.png",
            "hypervolume.svg", "report.html",
        })
        {
            Assert.True(File.Exists(quickstart.FileOfSearch(name)), name);
        }
    }

    [Fact]
    public void The_report_says_what_it_is_of_when_it_was_made_and_whether_the_predictions_held()
    {
        var report = File.ReadAllText(quickstart.File("searches/front/report.html"));
        Assert.Contains("<h1>HwNas: fashion-mnist, search front, on ", report, StringComparison.Ordinal);
        Assert.Matches("<dt>Made</dt><dd>[0-9-]{10} [0-9:]{5} UTC by HwNas [0-9.]+</dd>", report);
        Assert.Matches("<dt>Measured</dt><dd>(all [0-9]+ within|[0-9]+ of [0-9]+ outside) their predicted intervals", report);
        Assert.Contains("<a href=\"models/r2", report, StringComparison.Ordinal);
    }

    [Fact]
    public void The_profile_covers_the_space_and_says_how_far_to_trust_it()
    {
        var profile = DeviceProfile.Read(quickstart.File("profile.json"));
        Assert.Empty(LatencyTable.MissingLayers(profile, MbConvSpace.Load("fashion-mnist")));
        Assert.Equal(10, profile.Validation.LeaveOneOut!.Nets);
        Assert.True(profile.Validation.LeaveOneOut!.KendallTau > 0.5, profile.Validation.LeaveOneOut!.ToString());
    }

    [Fact]
    public void The_front_is_not_dominated_and_better_than_chance()
    {
        var front = FrontFile.Read(quickstart.FileOfSearch("front.json"));
        Assert.Equal(24, front.Subnets.Length);
        var subnets = front.Front().OrderBy(subnet => subnet.LatencyUs.Values.Single().MedianUs).ToList();
        Assert.True(subnets.Count >= 2);
        Assert.All(subnets.Zip(subnets.Skip(1)), pair => Assert.True(pair.First.Top1Percent < pair.Second.Top1Percent));
        Assert.True(subnets[^1].Top1Percent > 60, $"{subnets[^1].Top1Percent} % after 150 steps");
    }

    [Fact]
    public void Every_exported_model_agrees_with_the_supernet_on_a_thousand_test_images()
    {
        var cards = Cards();
        Assert.NotEmpty(cards);
        foreach (var card in cards)
        {
            var found = Assert.Single(card.Verifications);
            Assert.Equal(FewImages.Test, found.TestImages);
            Assert.Equal(1_000, found.Agreement!.Images);
            Assert.True(found.Agreement.SameClassPercent >= 99.9, $"{found.Agreement}");
            Assert.True(found.Agreement.MaxLogitDifference <= 1e-3, $"{found.Agreement}");
            Assert.InRange(found.MeasuredUs, 1, 1e6);
        }
    }

    [Fact]
    public void Cards_hold_the_costs_of_their_plans()
    {
        var space = MbConvSpace.Load("fashion-mnist");
        foreach (var card in Cards())
        {
            var cost = NetworkCost.Of(space.PlanOf(card.Architecture));
            Assert.Equal((cost.Macs, cost.Params), (card.Costs["macs"], card.Costs["params"]));
        }
    }

    [Fact]
    public void The_table_of_the_front_ends_the_output()
    {
        Assert.Contains("Measured µs", quickstart.Result.Output, StringComparison.Ordinal);
        Assert.Contains("pareto.png", quickstart.Result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_below_the_smallest_subnet_exits_with_3_and_the_reachable_range()
    {
        var result = Tool.Run(quickstart.Folder, "search", "--run", "runs/quickstart", "--macs", "1k");
        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Contains("macs", result.Error, StringComparison.Ordinal);
        Assert.Contains("reach", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("profile.json")]
    [InlineData("searches/front/front.json")]
    [InlineData("supernet.safetensors")]
    public void A_truncated_or_edited_file_is_wrong_input(string name)
    {
        using var copy = quickstart.Copy();
        var whole = File.ReadAllBytes(copy.File(name));
        var edited = whole.ToArray();
        var place = edited.Length * 3 / 4;
        edited[place] = (byte)(edited[place] == (byte)'1' ? '2' : '1');
        foreach (var content in new[] { whole[..(whole.Length / 2)], edited })
        {
            File.WriteAllBytes(copy.File(name), content);
            var result = name.EndsWith("front.json", StringComparison.Ordinal)
                ? Tool.Run(quickstart.Folder, "export", "--run", copy.Path)
                : Tool.Run(
                    quickstart.Folder, "search", "--run", copy.Path, "--profile", copy.File("profile.json"), "--evaluations",
                    "2");
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Contains(name, result.Error, StringComparison.Ordinal);
        }
    }

    private List<ModelCard> Cards() =>
        [.. Directory.GetFiles(quickstart.FileOfSearch("models"), "*.json").Select(ModelCard.Read)];
}
