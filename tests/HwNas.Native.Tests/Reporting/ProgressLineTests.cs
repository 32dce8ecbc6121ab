using HwNas.Cli.Reporting;
using HwNas.Native.Tests.Support;
using Spectre.Console;

namespace HwNas.Native.Tests.Reporting;

public sealed class ProgressLineTests : IDisposable
{
    private const string Clear = "\r\e[2K";

    private readonly HandClock _clock = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose() => _error.Dispose();

    private static ProgressRow Row(int columns) => new(columns, ColorSystemSupport.NoColors);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_command_draws_its_bar_where_messages_are_read_on_a_terminal(bool isTerminal)
    {
        using var error = new StringWriter();
        var context = new Cli.CommandContext(TextWriter.Null, error, TimeProvider.System)
        {
            ErrorScreen = isTerminal ? new Screen(60, CanRedraw: true) : Screen.File,
        };
        using (var line = ProgressLine.ForConsole(context, "search"))
            line.Report(1, 2);
        Assert.Equal(isTerminal, error.ToString().Contains('━', StringComparison.Ordinal));
    }

    [Fact]
    public void A_terminal_shows_one_line_redrawn_in_place_with_bar_percent_time_left_and_note()
    {
        using var line = new ProgressLine(_error, _clock, "train", Row(100));

        line.Report(0, 200, "loss 2.30");
        _clock.Advance(seconds: 30);
        line.Report(50, 200, "loss 0.90");
        _clock.Advance(seconds: 90);
        line.Report(200, 200, "loss 0.40");
        line.Complete("89.1 %");

        var drawn = _error.ToString().Split(Clear);
        Assert.Equal(
            [
                "",
                "train                              0 %  loss 2.30",
                "train  ━━━━━━                     25 %  1:30 left  loss 0.90",
                "train  ━━━━━━━━━━━━━━━━━━━━━━━━  100 %  loss 0.40",
                "train  done in 2:00  89.1 %" + Environment.NewLine,
            ],
            drawn);
    }

    [Fact]
    public void A_terminal_is_not_redrawn_more_than_ten_times_a_second()
    {
        using var line = new ProgressLine(_error, _clock, "x", Row(80));
        for (var i = 0; i <= 1000; i++)
        {
            line.Report(i, 1000);
            _clock.Advance(seconds: 0.001);
        }

        Assert.InRange(_error.ToString().Split(Clear).Length - 1, 10, 11);
    }

    [Fact]
    public void A_log_gets_a_line_every_few_seconds_without_control_characters()
    {
        using var line = new ProgressLine(_error, _clock, "search", row: null);
        for (var i = 0; i <= 120; i++)
        {
            line.Report(i, 120);
            _clock.Advance(seconds: 0.1);
        }

        line.Complete();

        var lines = _error.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(["search   41 %  0:07 left", "search   83 %  0:02 left", "search  done in 0:12"], lines);
    }

    [Fact]
    public void Short_work_prints_its_end_only()
    {
        using var line = new ProgressLine(_error, _clock, "export", row: null);
        line.Report(0, 2);
        line.Report(2, 2);
        _clock.Advance(seconds: 0.4);
        line.Complete();
        Assert.Equal("export  done in 0:00\n", _error.ToString());
    }

    [Fact]
    public void The_rate_of_a_resumed_run_counts_from_where_it_went_on()
    {
        using var line = new ProgressLine(_error, _clock, "train", Row(100));
        _clock.Advance(seconds: 500);
        line.Report(900, 1000);
        _clock.Advance(seconds: 10);
        line.Report(950, 1000);
        Assert.EndsWith("95 %  0:10 left", _error.ToString());
    }

    [Fact]
    public void A_line_never_grows_wider_than_the_terminal()
    {
        using var line = new ProgressLine(_error, _clock, "train", Row(40));
        line.Report(1, 2, new string('x', 300));
        Assert.Equal(39, _error.ToString()[Clear.Length..].Length);
    }

    [Theory]
    [InlineData("evaluation 40 of 80, front 7", 22, "evaluation 40 of 80…")]
    [InlineData("r20-c16-w16d1k3e2-w16d1k3e2.onnx", 20, "r20-c16-w16d1k3e2-…")]
    [InlineData("runs/fashion/models/r20.onnx", 20, "runs/fashion/…")]
    [InlineData("loss 1.11 / 1.05, 382 images/s", 23, "loss 1.11 / 1.05, 382…")]
    [InlineData("abcdefghijklmnop", 8, "abcdefg…")]
    [InlineData("whole", 5, "whole")]
    public void A_note_ends_between_words_or_parts_of_an_id(string note, int columns, string shown) =>
        Assert.Equal(shown, ProgressRow.Cut(note, columns));

    [Theory]
    [InlineData(100, "search  ━━━━━━━━━━━━               50 %  1:00 left  evaluation 40 of 80, front of 12 subnets")]
    [InlineData(80, "search  ━━━━━         50 %  1:00 left  evaluation 40 of 80, front of 12 subnets")]
    [InlineData(60, "search  ━━━━━        50 %  1:00 left  evaluation 40 of 80…")]
    [InlineData(24, "search   50 %  1:00 left")]
    [InlineData(20, "search   50 %  1:00 left")]
    public void A_narrow_terminal_loses_bar_first_and_then_words_of_the_note_never_half_a_word(int columns, string expected)
    {
        using var line = new ProgressLine(_error, _clock, "search", Row(columns));
        line.Report(0, 80);
        _clock.Advance(seconds: 60);
        line.Report(40, 80, "evaluation 40 of 80, front of 12 subnets");
        Assert.Equal(expected, _error.ToString().Split(Clear)[^1]);
    }

    [Fact]
    public void Colours_are_used_where_the_terminal_has_them_and_not_otherwise()
    {
        Assert.Contains(
            "\e[38;5;", new ProgressRow(80, ColorSystemSupport.EightBit).Of("x", 0.5, "", "note"), StringComparison.Ordinal);
        Assert.DoesNotContain("\e", Row(80).Of("x", 0.5, "", "note"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_left_follows_the_last_minutes_not_the_slow_beginning()
    {
        var left = new TimeLeft(_clock);
        left.After(0, 10_000);
        // Ten minutes in which another program took the processor: one a second; then ten a second.
        for (var second = 1; second <= 600; second++)
        {
            _clock.Advance(seconds: 1);
            left.After(second, 10_000);
        }

        TimeSpan? last = null;
        for (var second = 1; second <= 180; second++)
        {
            _clock.Advance(seconds: 1);
            last = left.After(600 + 10 * second, 10_000);
        }

        Assert.Equal(760, last!.Value.TotalSeconds, tolerance: 1);
    }

    [Fact]
    public void Disposing_ends_the_open_line_and_what_follows_is_ignored()
    {
        var line = new ProgressLine(_error, _clock, "train", Row(80));
        line.Report(1, 2);
        line.Dispose();
        line.Dispose();
        line.Report(2, 2);
        line.Complete();
        Assert.Single(_error.ToString().Split(Clear)[1..]);
        Assert.EndsWith("50 %\n", _error.ToString());
    }

    [Fact]
    public void An_unknown_total_gives_no_percent_beyond_zero_and_no_time()
    {
        using var line = new ProgressLine(_error, _clock, "x", Row(80));
        line.Report(5, 0);
        Assert.EndsWith("  0 %", _error.ToString());
    }

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(59.4, "0:59")]
    [InlineData(59.6, "1:00")]
    [InlineData(754, "12:34")]
    [InlineData(3723, "1:02:03")]
    [InlineData(90000, "25:00:00")]
    public void Durations_read_as_minutes_or_hours(double seconds, string text) =>
        Assert.Equal(text, ProgressLine.Duration(TimeSpan.FromSeconds(seconds)));
}
