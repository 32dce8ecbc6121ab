using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>A command that a page shows in a block of <c>sh</c>.</summary>
/// <param name="Text">The line as it stands there.</param>
/// <param name="ExitCode">What the line promises at its end (<c># exit code 3</c>), or 0.</param>
internal sealed record DocumentedCommand(string Text, int ExitCode)
{
    private const string Prefix = "./hwnas ", Promise = "# exit code ";

    // What the tests shorten, by the beginning of the command; the longest that fits counts. The first one has the options of
    // the run that ShortQuickstart made, so that it is found done.
    private static readonly (string Beginning, string[] Options)[] Shortened =
    [
        ("quickstart", ShortQuickstart.Options),
        ("quickstart --out", ["--steps", "20", "--evaluations", "6", "--profile-seconds", "2", "--data", ShortQuickstart.Data]),
        (
            "auto",
            ["--minutes", "0.3", "--steps", "20", "--evaluations", "3", "--data", ShortQuickstart.Data]
        ),
        ("finetune", ["--steps", "20"]),
        ("train", ["--steps", "20", "--data", ShortQuickstart.Data]),
        ("profile", ["--seconds", "2"]),
        ("profile --space fashion-mnist --minutes", ["--minutes", "0.5"]),
        ("profile --browser", ["--seconds", "2", "--port", "0"]),
        ("profile show", []),
        ("profile check", []),
        ("profile compare", []),
        ("profile kit", ["--seconds", "2"]),
        ("profile run", []),
        ("profile import", []),
        ("profile export", []),
        ("search", ["--evaluations", "2"]),
        ("verify", ["--seconds", "1"]),
        ("verify model.onnx", ["--seconds", "1", "--data", ShortQuickstart.Data]),
        ("verify model.onnx --run pretrained/fashion-mnist", ["--seconds", "1"]),
        ("verify model.onnx --browser", ["--seconds", "1", "--port", "0", "--data", ShortQuickstart.Data]),
    ];

    /// <summary>The commands of a page, in order, without those that are <paramref name="excluded"/>.</summary>
    public static IReadOnlyList<DocumentedCommand> Of(string page, IReadOnlyCollection<string> excluded)
    {
        var commands = new List<DocumentedCommand>();
        var fence = "";
        foreach (var line in File.ReadLines(page))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                fence = fence.Length > 0 ? "" : line;
            else if (fence == "```sh" && !excluded.Contains(line))
                commands.Add(Parse(line, page));
        }

        return commands;
    }

    /// <summary>Runs it in a folder, shortened, and expects its exit code.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="columns">The width of the terminal; null for pipes.</param>
    public async Task<ToolResult> Run(string folder, int? columns = null)
    {
        var words = Text[Prefix.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var redirect = Array.IndexOf(words, ">");
        string[] arguments = [.. (redirect < 0 ? words : words[..redirect]).SelectMany(word => Expand(folder, word))];
        var result = arguments.Contains("--browser") ? await RunWithBrowser(folder, Shorten(arguments))
            : columns is { } width ? Tool.RunInTerminal(folder, width, Shorten(arguments))
            : Tool.Run(folder, Shorten(arguments));
        Assert.True(result.ExitCode == ExitCode, $"{Text}: {result}");
        if (redirect >= 0)
            File.WriteAllText(Path.Combine(folder, words[redirect + 1]), result.Output);
        return result;
    }

    // Without npm there is no page, which the tool must say. Without a browser nobody opens it: then Ctrl-C ends it.
    private static async Task<ToolResult> RunWithBrowser(string folder, string[] arguments)
    {
        if (BrowserRuntime.Missing is not null)
        {
            var refused = Tool.Run(folder, arguments);
            return refused with
            {
                ExitCode = refused.ExitCode == 2 && refused.Error.Contains("npm is missing", StringComparison.Ordinal) ? 0 : 1,
            };
        }

        using var serving = ServingTool.Start(folder, arguments);
        var page = await serving.Page;
        if (Chromium.Program is null)
        {
            serving.Interrupt();
            return new ToolResult(await serving.Exit() == 130 ? 0 : 1, serving.Output, serving.Error);
        }

        await using var chromium = await Chromium.Start();
        await (await chromium.Open(page)).Measure("phone");
        return new ToolResult(await serving.Exit(), serving.Output, serving.Error);
    }

    private static DocumentedCommand Parse(string line, string page)
    {
        Assert.True(line.StartsWith(Prefix, StringComparison.Ordinal), $"{page}: '{line}' does not start with '{Prefix}'");
        var end = line.IndexOf(Promise, StringComparison.Ordinal);
        return end < 0
            ? new DocumentedCommand(line, 0)
            : new DocumentedCommand(line[..end].TrimEnd(), int.Parse(line[(end + Promise.Length)..]));
    }

    // What a shell does with a*b in the last part of a path.
    private static string[] Expand(string folder, string word)
    {
        if (!word.Contains('*', StringComparison.Ordinal))
            return [word];
        var parent = Path.GetDirectoryName(word)!;
        var files = Directory.GetFiles(Path.Combine(folder, parent), Path.GetFileName(word));
        return [.. files.Order(StringComparer.Ordinal).Select(file => Path.Combine(parent, Path.GetFileName(file)))];
    }

    private static string[] Shorten(string[] arguments)
    {
        var text = string.Join(' ', arguments) + " ";
        var options = Shortened
            .Where(row => text.StartsWith(row.Beginning + " ", StringComparison.Ordinal))
            .OrderBy(row => row.Beginning.Length)
            .LastOrDefault().Options ?? [];
        var shortened = arguments.ToList();
        foreach (var pair in options.Chunk(2))
        {
            var at = shortened.IndexOf(pair[0]);
            if (at < 0)
                shortened.AddRange(pair);
            else
                shortened[at + 1] = pair[1];
        }

        return [.. shortened];
    }
}
