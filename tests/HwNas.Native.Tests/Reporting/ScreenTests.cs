using HwNas.Cli.Reporting;

namespace HwNas.Native.Tests.Reporting;

public sealed class ScreenTests
{
    [Fact]
    public void A_file_gets_lines_as_they_are()
    {
        var text = new string('x', 500) + " y\n";
        Assert.Equal(text, Screen.File.Fold(text));
    }

    [Fact]
    public void Long_lines_break_between_words_and_go_on_right_of_their_label() => Assert.Equal(
        """
        device      one two three
                    four
          plain words that break
            go on deeper
        short

        """,
        new Screen(26).Fold("device      one two three four\n  plain words that break go on deeper\nshort\n"));

    [Fact]
    public void A_number_keeps_its_unit() =>
        Assert.Equal("error  of about\n       12.5 %, or\n       30 µs", new Screen(18).Fold("error  of about 12.5 %, or 30 µs"));

    [Theory]
    [InlineData(24)]
    [InlineData(60)]
    public void An_id_that_is_longer_than_the_terminal_breaks_after_its_separators_and_loses_nothing(int columns)
    {
        const string Id = "r288-c24-w24d2k5e1-w32d5k5e6-w40d6k5e6-w72d6k5e6-w128d8k5e6-w216d8k5e6-w224d2k5e6-h1984";
        var lines = new Screen(columns).Fold($"best: {Id}").Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 1, columns));
        Assert.All(lines[..^1], line => Assert.True(line[^1] is '-' or ':', line));
        Assert.Equal($"best:{Id}", string.Concat(lines.Select(line => line.Trim())).Replace(" ", "", StringComparison.Ordinal));
    }
}
