using System.Text.Json;
using HwNas.Core;

namespace HwNas.Tests;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("\e]0;title\a", "\\u001b]0;title\\u0007")]
    [InlineData("a\r\nb\tc", "a\\r\\nb\\tc")]
    [InlineData("\u009b31m\u0085", "\\u009b31m\\u0085")]
    [InlineData("abc\u202Egnp.exe\u2066", "abc\\u202egnp.exe\\u2066")]
    [InlineData("5 µs — ✓", "5 µs — ✓")]
    public void A_text_from_outside_stays_on_its_line(string text, string shown) =>
        Assert.Equal(shown, VisibleText.OneLine(text));

    [Fact]
    public void Lines_and_the_tools_own_sequences_stay() =>
        Assert.Equal("\e[1mname\e[0m\n\\u001b[2K\\r\tx\n", VisibleText.Lines("\e[1mname\e[0m\n\e[2K\r\tx\n", "\e[1m", "\e[0m"));

    [Fact]
    public void A_message_is_one_whatever_line_breaks_come_into_it() => Assert.Equal(
        "hwnas: 'a\n  hwnas: all is well' is none:\n  name: wrong\n  Mend it.",
        VisibleText.Message("hwnas", "'a\r\nhwnas: all is well' is none:\n  name: wrong\nMend it."));

    [Fact]
    public void Json_that_is_made_visible_means_the_same()
    {
        var name = "a\u009b\u202E\u007fb";
        var json = JsonSerializer.Serialize(name, Core.Files.StrictJson.LineOptions);
        Assert.Equal(name, JsonSerializer.Deserialize<string>(VisibleText.Lines(json)));
    }
}
