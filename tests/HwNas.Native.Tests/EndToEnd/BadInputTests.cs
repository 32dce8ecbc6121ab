using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>Wrong input: exit code 2, and a message that says what, where and how to mend it.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("serach", "search")]
    [InlineData("quikstart", "quickstart")]
    public void An_unknown_verb_names_the_nearest(string verb, string nearest)
    {
        var result = Run(verb);
        Assert.Contains(verb, result.Error, StringComparison.Ordinal);
        Assert.Contains(nearest, result.Error + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_option_names_the_nearest()
    {
        var result = Run("train", "--steps", "1", "--seeed", "2");
        Assert.Contains("--seed", result.Error + result.Output, StringComparison.Ordinal);
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
