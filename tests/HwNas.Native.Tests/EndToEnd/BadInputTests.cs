using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>Wrong input: exit code 2, and a message that says what, where and how to mend it.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("hwnas: 'hwnas' knows no 'serach'. Did you mean 'hwnas search'?\nSee 'hwnas --help'.\n", "serach")]
    [InlineData(
        "hwnas: 'hwnas' knows no 'quikstart'. Did you mean 'hwnas quickstart'?\nSee 'hwnas --help'.\n", "quikstart", "--steps",
        "3")]
    [InlineData("hwnas: 'hwnas' knows no 'photograph'.\nSee 'hwnas --help'.\n", "photograph")]
    [InlineData(
        "hwnas: 'hwnas space' knows no 'lst'. Did you mean 'hwnas space list'?\nSee 'hwnas space --help'.\n", "space", "lst")]
    [InlineData(
        "hwnas: 'hwnas train' knows no '--seeed'. Did you mean '--seed'?\nSee 'hwnas train --help'.\n", "train", "--steps", "1",
        "--seeed", "2")]
    [InlineData(
        "hwnas: 'hwnas train' knows no '--seeed'. Did you mean '--seed'?\n       'hwnas train' knows no '--libtroch'. "
        + "Did you mean '--libtorch'?\nSee 'hwnas train --help'.\n",
        "train", "--seeed=2", "--libtroch", "x")]
    [InlineData("hwnas: 'hwnas runs' knows no '--run'.\nSee 'hwnas runs --help'.\n", "runs", "--run", "quickstart")]
    [InlineData(
        "hwnas: 'hwnas verify' knows no '--dta'. Did you mean '--data'?\nSee 'hwnas verify --help'.\n", "verify", "a.onnx",
        "--dta", "photos")]
    [InlineData(
        "hwnas: 'hwnas space' needs one of list, show, check, cost, sample, count.\nSee 'hwnas space --help'.\n", "space")]
    public void A_typing_error_is_answered_by_the_nearest_word_and_where_help_is(string message, params string[] arguments)
    {
        var result = Run(arguments);
        Assert.Equal(message, result.Error);
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData("--steps", "many")]
    [InlineData("--steps", "0")]
    [InlineData("--batch", "1")]
    [InlineData("--learning-rate", "-1")]
    [InlineData("--space", "no-such-space")]
    public void A_wrong_value_is_named(string option, string value)
    {
        var result = Run("train", option, value, "--out", "run");
        Assert.Contains(value, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Jetson_Nano", "profile")]
    [InlineData("../../etc/x", "profile")]
    [InlineData("Jetson_Nano", "profile", "run", "kit.zip")]
    [InlineData("Jetson_Nano", "agent")]
    public void An_id_that_is_none_of_a_device_is_refused_before_anything_is_done(string id, params string[] verb)
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run(folder.Path, [.. verb, "--device", id]);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"--device '{id}': the id of a device must be", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_model_that_is_not_there_is_missed_by_its_own_name()
    {
        var result = Run("verify", "nope.onnx");
        Assert.Contains("'nope.onnx' does not exist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_data_set_names_the_package()
    {
        var result = Run("train", "--data", "/nowhere", "--out", "run");
        Assert.Contains("dataset-fashion-mnist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_shows_every_verb_and_exits_with_0()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.RunWell(folder.Path, "--help");
        foreach (var verb in new[] { "quickstart", "train", "profile", "search", "export", "plot", "verify", "space", "doctor" })
            Assert.Contains(verb, result.Output, StringComparison.Ordinal);
    }

    private static ToolResult Run(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run(folder.Path, arguments);
        Assert.True(result.ExitCode == 2, result.ToString());
        return result;
    }
}
