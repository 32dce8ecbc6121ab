using HwNas.Core.Search;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>The C# of the README, which the compiler reads here; the first sample runs the same.</summary>
public sealed class ReadmeSnippet
{
    internal static async Task RunAsync()
    {
        var run = new NasRun("runs/fashion");
        run.Train(new TrainRequest(DataSets.Open(DataSets.DefaultSpec)));
        var profile = await run.ProfileAsync();
        run.Search(new SearchRequest { Profiles = [profile] });
        var best = run.Best(new SubnetGoals { Budgets = [Budget.OfLatencyUs(profile.Device.Id, 100)] });
        var cards = await run.VerifyAsync(run.Export([best.Subnets[0].Measured()]), profile);
        GC.KeepAlive(cards);
    }

    [Fact]
    public void All_C_sharp_of_the_pages_is_what_is_compiled_here()
    {
        var here = Lines(File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "HwNas.Native.Tests", "EndToEnd", "ReadmeSnippet.cs")));
        var pages = Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.md"));
        var snippets = pages.SelectMany(page => File.ReadAllText(page).Split("```csharp\n")[1..])
            .Select(block => Lines(block[..block.IndexOf("```", StringComparison.Ordinal)]))
            .ToList();
        Assert.NotEmpty(snippets);
        Assert.All(snippets, snippet => Assert.Contains(snippet, here, StringComparison.Ordinal));
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim())).Trim();
}
