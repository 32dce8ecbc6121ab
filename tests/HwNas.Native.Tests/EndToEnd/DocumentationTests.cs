using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>The documentation is true: its commands run, and every verb has its page.</summary>
[Collection(ShortQuickstart.Collection)]
public sealed class DocumentationTests(ShortQuickstart quickstart)
{
    // The README is walked through in WalkTests, and the whole quickstart with it.
    public static TheoryData<string> Pages => [.. PagePaths().Select(page => Path.GetRelativePath(Repository.Root, page))
        .Where(page => page != "README.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_of_a_page_runs_in_order_after_a_quickstart(string page)
    {
        using var folder = quickstart.Copy("runs/quickstart");
        PretrainedCopy.In(folder);
        var commands = DocumentedCommand.Of(Path.Combine(Repository.Root, page), excluded: ["./hwnas quickstart"]);
        Assert.NotEmpty(commands);
        foreach (var command in commands)
            await command.Run(folder.Path);
    }

    [Fact]
    public void Every_verb_has_its_page_and_every_page_its_verb()
    {
        var pages = PagePaths().Select(page => Path.GetFileNameWithoutExtension(page)).Where(name => name != "README");
        Assert.Equal(Verbs().Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_help_of_every_verb_shows_examples()
    {
        foreach (var verb in Verbs())
        {
            var help = Tool.RunWell(quickstart.Folder, verb, "--help").Output;
            Assert.Contains("Examples:", help, StringComparison.Ordinal);
            Assert.Contains($"  hwnas {verb}", help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        foreach (var page in PagePaths())
        {
            var links =
                File.ReadAllText(page).Split("](").Skip(1).Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)]);
            foreach (var link in links.Where(link => link.EndsWith(".md", StringComparison.Ordinal)))
                Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)), $"{page} links to {link}");
        }
    }

    // The lines below "Commands:" begin with two blanks and the verb; further lines of a description lie deeper.
    private List<string> Verbs()
    {
        var lines = Tool.RunWell(quickstart.Folder, "--help").Output.Split('\n');
        var verbs = lines.SkipWhile(line => line.TrimEnd() != "Commands:").Skip(1)
            .TakeWhile(line => line.Length == 0 || line[0] == ' ')
            .Where(line => line.Length > 2 && line[..2] == "  " && line[2] != ' ')
            .Select(line => line.Trim().Split(' ')[0])
            .ToList();
        Assert.Contains("quickstart", verbs);
        return verbs;
    }

    private static IEnumerable<string> PagePaths() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Append(Path.Combine(Repository.Root, "README.md"))
            .Append(Path.Combine(Repository.Root, "pretrained", "README.md"))
            .Order(StringComparer.Ordinal);
}
