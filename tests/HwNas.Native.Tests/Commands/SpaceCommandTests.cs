using System.Text.Json.Nodes;
using HwNas.Cli;
using HwNas.Cli.Commands;
using HwNas.Core;
using HwNas.Core.Spaces;

namespace HwNas.Native.Tests.Commands;

public sealed class SpaceCommandTests
{
    private const string BigNasSmall =
        """{"resolution":192,"widths":[32,16,24,40,80,112,192,320,1280],"depths":[1,2,2,2,2,3,1],"kernels":"""
        + """[3,3,5,3,5,5,3],"expansions":[1,6,6,6,6,6,6]}""";

    private static string SmallestBigNas()
    {
        var space = SearchSpace.Load("bignas");
        return space.IdOf(space.Smallest);
    }

    [Fact]
    public void List_names_every_built_in_space()
    {
        var listed = JsonNode.Parse(Run("", "list", "--json"))!.AsArray().Select(entry => (string)entry!["name"]!);

        Assert.Equal(BuiltInSpaces.Names, listed);
        Assert.All(BuiltInSpaces.Names, name => Assert.Contains(name, Run("", "list"), StringComparison.Ordinal));
    }

    [Fact]
    public void Show_prints_the_table_with_count_and_extremes()
    {
        var text = Run("", "show", "attentive-nas");

        Assert.Matches(@"mb5 +112, 120, 128 +3, 4, 5, 6, 7, 8 +3, 5 +4, 5, 6 +1 +yes +Swish", text);
        Assert.Contains("4.40e11", text, StringComparison.Ordinal);
        Assert.Contains("203 M MACs, 8.95 M parameters", text, StringComparison.Ordinal);
        Assert.Contains("1.94 G MACs, 23.4 M parameters", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_show_prints_as_JSON_checks_as_a_file()
    {
        using var file = new TemporaryFile(Run("", "show", "cifar-32", "--json"));

        Assert.Contains("valid", Run("", "check", file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_lists_all_problems_of_a_file()
    {
        var json = Run("", "show", "bignas", "--json")
            .Replace("\"classes\": 1000", "\"classes\": 1", StringComparison.Ordinal)
            .Replace("\"name\": \"mb7\"", "\"name\": \"mb6\", \"colour\": 1", StringComparison.Ordinal);
        using var file = new TemporaryFile(json);

        var error = Assert.Throws<InputException>(() => Run("", "check", file.Path));

        foreach (var part in new[] { file.Path, "classes: 1 ", "stages[6].colour: unknown", "stages[6].name: 'mb6' is taken" })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Count_is_exact()
    {
        Assert.Equal("440301256704", Run("", "count", "attentive-nas").Trim());
        Assert.Equal("440301256704", (string?)JsonNode.Parse(Run("", "count", "attentive-nas", "--json"))!["networks"]);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("check")]
    [InlineData("count")]
    [InlineData("sample", "--count", "1")]
    [InlineData("cost", "--architectures", "-")]
    public void Every_command_takes_the_space_in_the_same_two_ways(string command, params string[] options)
    {
        var named = Run(SmallestBigNas(), [command, "bignas", .. options]);
        Assert.NotEmpty(named);
        Assert.Equal(named, Run(SmallestBigNas(), [command, .. options, "--space", "bignas"]));
        Assert.Contains(
            $"hwnas space {command}", Assert.Throws<InputException>(() => Run("", [command, .. options])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "twice",
            Assert.Throws<InputException>(() => Run("", [command, "bignas", "--space", "bignas", .. options])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Cost_reads_JSON_over_several_lines_and_once_for_alls_configurations()
    {
        const string Ofa = """
            {
              "wid": null,
              "ks": [5, 7, 5, 5, 3, 3, 3, 7, 5, 5, 3, 7, 7, 3, 3, 3, 5, 5, 5, 5],
              "e": [4, 3, 4, 4, 4, 6, 3, 4, 4, 3, 4, 3, 3, 6, 6, 6, 4, 3, 4, 4],
              "d": [2, 3, 2, 4, 3],
              "r": [224]
            }
            """;
        var input = $"{Ofa}\n{Ofa.ReplaceLineEndings(" ")}\n";
        var lines = Lines(Run(input, "cost", "ofa-mobilenetv3", "--architectures", "-", "--json"));

        // As DyNAS-T published it.
        Assert.Equal([255502624, 255502624], lines.Select(line => (long)JsonNode.Parse(line)!["macs"]!));
    }

    [Fact]
    public void Cost_says_on_which_line_a_network_begins()
    {
        const string Input = "{\n\"resolution\": 1\n}\n\n{\n";
        var error = Assert.Throws<InputException>(() => Run(Input, "cost", "bignas", "--architectures", "-"));
        Assert.Contains("'standard input' line 1: no architecture", error.Message, StringComparison.Ordinal);
        Assert.Contains("'standard input' line 5: not valid JSON", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cost_prints_one_line_for_each_architecture_of_standard_input()
    {
        var lines = Lines(
            Run($"{BigNasSmall}\n\n\"{SmallestBigNas()}\"\n", "cost", "bignas", "--architectures", "-", "--json"));

        Assert.Equal(2, lines.Length);
        var small = JsonNode.Parse(lines[0])!.AsObject();
        Assert.Equal(["id", "macs", "params", "peak_activation_bytes", "model_bytes"], small.Select(pair => pair.Key));
        Assert.Equal(241.95, Math.Round((long)small["macs"]! / 1e6, 2));
        Assert.Equal(4.486, Math.Round((long)small["params"]! / 1e6, 3));
        Assert.Equal(4 * (long)small["params"]!, (long)small["model_bytes"]!);
    }

    [Fact]
    public void Cost_names_the_file_and_line_of_every_wrong_architecture_and_prints_nothing()
    {
        using var file = new TemporaryFile(
            $"{BigNasSmall}\n{BigNasSmall.Replace("192,", "193,", StringComparison.Ordinal)}\nnonsense\n");
        using var output = new StringWriter();

        var error = Assert.Throws<InputException>(
            () => Run(output, "", "cost", "bignas", "--architectures", file.Path));

        Assert.Contains($"'{file.Path}' line 2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("resolution: 193", error.Message, StringComparison.Ordinal);
        Assert.Contains("widths[6]: 193", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{file.Path}' line 3: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("", output.ToString());
    }

    [Theory]
    [InlineData("--json")]
    [InlineData(null)]
    public void Samples_can_be_costed_and_repeat_with_their_seed(string? json)
    {
        string[] sample =
        [
            "sample", "ofa-mobilenetv3", "--count", "7", "--seed", "3",
            .. json is null ? Array.Empty<string>() : [json],
        ];
        var samples = Run("", sample);

        Assert.Equal(samples, Run("", sample));
        var costs = Lines(Run(samples, "cost", "ofa-mobilenetv3", "--architectures", "-", "--json"));
        Assert.Equal(7, costs.Distinct().Count());
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void More_networks_than_a_table_is_laid_out_for_stand_in_several()
    {
        const int Networks = 5_003;
        var lines = Lines(Run(Run("", "sample", "fashion-mnist", "--count", $"{Networks}"),
            "cost", "fashion-mnist", "--architectures", "-"));
        Assert.Equal(2, lines.Count(line => line.StartsWith("network", StringComparison.Ordinal)));
        Assert.Equal(Networks, lines.Count(line => line.StartsWith('r')));
    }

    private static string Run(string input, params string[] args)
    {
        using var output = new StringWriter();
        Run(output, input, args);
        return output.ToString();
    }

    private static void Run(StringWriter output, string input, params string[] args)
    {
        using var errors = new StringWriter();
        var parsed = SpaceCommand.Create(new CommandContext(output, errors, TimeProvider.System), new StringReader(input))
            .Parse(args);
        Assert.Empty(parsed.Errors);
        Assert.Equal(ExitCodes.Done, parsed.Invoke(new() { EnableDefaultExceptionHandler = false }));
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
