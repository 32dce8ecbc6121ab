using System.Text.Json.Nodes;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Onnx.Kits;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>The searches of a run have names and lie side by side; where none is named it is the newest.</summary>
[Collection(ShortQuickstart.Collection)]
public sealed class SearchNameTests(ShortQuickstart quickstart)
{
    private const string Run = "runs/quickstart", Searches = Run + "/searches/";

    private static readonly string[] Search = ["search", "--macs", "2M", "--strategy", "random", "--evaluations", "2"];

    [Fact]
    public void A_search_replaces_no_other_and_what_is_made_of_it_says_whose_it_is()
    {
        using var folder = quickstart.Copy(Run);
        var first = File.ReadAllBytes(folder.File(Searches + "front/front.json"));

        var searched = Tool.RunWell(folder.Path, Search);
        Assert.Contains($"Run '{Run}', the newest in 'runs/'", searched.Error, StringComparison.Ordinal);
        Assert.Equal("macs-2M", FrontFile.Read(folder.File(Searches + "macs-2M/front.json")).Name);
        Assert.Equal(first, File.ReadAllBytes(folder.File(Searches + "front/front.json")));

        var other = Tool.Run(folder.Path, [.. Search, "--seed", "2", "--name", "macs-2M"]);
        Assert.True(other.ExitCode == 2, other.ToString());
        Assert.Contains("is another search: its seed: '1', of this search: '2'", other.Error, StringComparison.Ordinal);
        Assert.Contains(
            "'macs-2M' is another search; this one is called 'macs-2M-2'",
            Tool.RunWell(folder.Path, [.. Search, "--seed", "2"]).Error, StringComparison.Ordinal);

        var plotted = Tool.RunWell(folder.Path, "plot");
        Assert.Contains($"Search 'macs-2M-2', the newest of 3 in '{Run}'", plotted.Error, StringComparison.Ordinal);
        var files = plotted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(files, file => Assert.StartsWith(Searches + "macs-2M-2/", file, StringComparison.Ordinal));
        Assert.Contains("macs-2M-2", File.ReadAllText(folder.File(files.Single(file => file.EndsWith("report.html")))));

        Assert.Contains(
            "Of the search 'macs-2M-2' there is no answer yet: ask 'hwnas best' first",
            Tool.Run(folder.Path, "export", "--subnet", "best").Error, StringComparison.Ordinal);
        Tool.RunWell(folder.Path, "export", "--name", "macs-2M", "--out", "model.onnx");
        Assert.Equal("macs-2M", ModelCard.Read(folder.File("model.json")).Search!.Name);
    }

    [Fact]
    public void The_same_search_again_takes_its_own_place_and_what_showed_the_old_front_goes()
    {
        using var folder = quickstart.Copy(Run);
        Tool.RunWell(folder.Path, Search);
        var front = FrontFile.Read(folder.File(Searches + "macs-2M/front.json"));
        File.WriteAllText(folder.File(Searches + "macs-2M/report.html"), "old");

        Tool.RunWell(folder.Path, Search);
        Assert.Equal(front.Subnets.Length + 2, FrontFile.Read(folder.File(Searches + "macs-2M/front.json")).Subnets.Length);
        Assert.False(File.Exists(folder.File(Searches + "macs-2M/report.html")));
        Assert.False(Directory.Exists(folder.File(Searches + "macs-2M-2")));
    }

    [Fact]
    public void The_command_that_an_interrupted_search_prints_names_the_run_that_was_taken()
    {
        using var folder = quickstart.Copy(Run);
        using var search = Tool.Start(folder.Path, "search", "--macs", "2M", "--evaluations", "24");
        while (!search.HasExited && !File.Exists(folder.File(Searches + "macs-2M/search.journal")))
            Thread.Sleep(5);
        Tool.Interrupt(search);
        var error = search.StandardError.ReadToEnd();
        search.WaitForExit();
        Assert.Equal(130, search.ExitCode);

        // Another run is the newest by now.
        Directory.CreateDirectory(folder.File("runs/newer"));
        File.WriteAllText(folder.File("runs/newer/training.json"), "");
        PrintedCommand.Run(folder, error);
        Assert.True(File.Exists(folder.File(Searches + "macs-2M/front.json")));
    }

    [Fact]
    public void The_one_search_of_a_run_of_an_earlier_version_is_called_front()
    {
        using var run = quickstart.Copy();
        foreach (var file in Directory.GetFiles(run.File("searches/front")))
            File.Move(file, run.File(Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(run.File("searches/front")))
            Directory.Move(folder, run.File(Path.GetFileName(folder)));
        Directory.Delete(run.File("searches"), recursive: true);
        var front = JsonNode.Parse(File.ReadAllText(run.File("front.json")))!.AsObject();
        front.Remove("name");
        front["schema"] = "hwnas/front/4";
        front["hash"] = ContentHash.OfCanonicalJson(front);
        File.WriteAllText(run.File("front.json"), front.ToJsonString());

        Tool.RunWell(run.Path, "best", "--run", ".", "--name", "front", "--macs", "2M", "--evaluations", "0");
        Assert.Equal("front", BestFile.Read(run.File("best.json")).Front.Name);
    }

    [Theory]
    [InlineData("../front")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_name_that_is_no_plain_name_is_refused_before_anything_is_done(string name)
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run(folder.Path, "search", "--run", "runs/x", "--name", name);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("--name", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("best")]
    [InlineData("verify")]
    public void Without_any_run_it_is_said_how_to_make_one(string verb)
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run(folder.Path, verb);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("There is no run in 'runs/'. Make one with 'hwnas quickstart'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_space_of_the_newest_run_is_what_is_profiled()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("runs/tiny"));
        File.WriteAllText(folder.File("runs/tiny/training.json"), "");
        File.WriteAllText(folder.File("runs/tiny/space.json"), Some.TinySpace().ToJson());

        var kit = Tool.RunWell(folder.Path, "profile", "kit", "-o", "kit.zip");
        Assert.Contains("Space of the run 'runs/tiny', the newest in 'runs/'; --space takes another", kit.Error);
        using var opened = MeasurementKit.Open(folder.File("kit.zip"));
        Assert.Equal("tiny", (string)opened.Bundle.Job.Space!["name"]!);
    }

    [Fact]
    public void A_search_that_was_not_named_and_does_not_exist_is_told_from_those_that_do()
    {
        var result = Tool.Run(quickstart.Folder, "plot", "--name", "macs-1M");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("no finished search 'macs-1M'; it has front", result.Error, StringComparison.Ordinal);
    }
}
