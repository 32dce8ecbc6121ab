using HwNas.Native.Tests.Remote.Browser;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>Texts from outside cannot steer the terminal that shows them.</summary>
public sealed class HostileTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserRuntimeFact]
    public async Task A_stranger_cannot_write_to_the_terminal_through_an_address()
    {
        await BrowserRuntime.Fetch();
        Core.Files.StrictJson.WriteFile(_folder.File("tiny.json"), MeasuringServer.Space.Definition);
        using var serving = ServingTool.Start(_folder.Path, "profile", "--browser", "--space", "tiny.json", "--seconds", "1");
        using var stranger = new PageClient(await serving.Page, "none");
        await stranger.Get("/%1b]0;owned%07%0d%0ahwnas:%20all%20is%20well%c2%9b2J%e2%80%ae");
        await serving.UntilError("refused (127.0.0.1)");
        Assert.Contains(
            "There is no '/\\u001b]0;owned\\u0007\\r\\nhwnas: all is well\\u009b2J\\u202e' here.",
            serving.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', serving.Error);
    }

    [Theory]
    [InlineData("arch,acc\e[2J\u202E,cost\n11,1,2\n12,2,1\n", "\\u001b[2J\\u202e")]
    [InlineData("arch,acc\u009b2J,cost\n11,1,2\n12,2,1\n", "\\u009b2J")]
    public void A_name_in_a_file_shows_what_it_holds(string table, string shown)
    {
        File.WriteAllText(_folder.File("t.csv"), table);
        var result = Tool.Run(
            _folder.Path, "search", "--benchmark", "t.csv", "--genome", "arch", "--maximize", "accuracy", "--minimize", "cost");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(shown, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Error, letter => letter is '\e' or '\u009b' or '\u202E');
    }

    [Fact]
    public void A_line_break_in_a_name_makes_no_message_of_its_own()
    {
        File.WriteAllText(_folder.File("t.csv"), "arch,acc,\"x\nhwnas: all is well\"\n11,1,2\n12,2,1\n");
        var result = Tool.Run(
            _folder.Path, "search", "--benchmark", "t.csv", "--genome", "arch", "--maximize", "accuracy", "--minimize", "acc");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("\n  hwnas: all is well", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n'), line => line.StartsWith("hwnas:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_whose_names_hold_lines_of_their_own_is_refused()
    {
        File.WriteAllText(_folder.File("profile.json"), """{ "schema": "hwnas/x", "name": "a\nhwnas: all is well" }""");
        var result = Tool.Run(_folder.Path, "profile", "show", "profile.json");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("a control character in 'name': 'a\\nhwnas: all is well'", result.Error, StringComparison.Ordinal);
    }
}
