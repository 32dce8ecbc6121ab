using HwNas.Cli.Commands;
using HwNas.Cli.Reporting;
using HwNas.Core.Devices;
using HwNas.Core.Spaces;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Reporting;

/// <summary>The tables of the verbs at the widths that terminals have: nothing wraps, no id is lost.</summary>
public sealed class TextTableTests
{
    private const string LongId = "r28-c16-w16d2k3e3-w32d2k5e4-w48d2k5e3-w64d3k5e4-h128";

    private static readonly TextTable Table = new(
        [new("name", IsText: true) { IsName = true }, new("first"), new("second") { DropOrder = 1 }],
        [["a", "1", "22.5"], ["b", "10", "3"]]) { Emphasized = [false, true] };

    public static TheoryData<int> Widths => [60, 80, 100, 200];

    [Fact]
    public void A_file_gets_the_whole_table() => Assert.Equal(
        """
        name  first  second
        ────  ─────  ──────
        a         1    22.5
        b        10       3

        """, Table.ToText(Screen.File));

    [Fact]
    public void A_narrow_terminal_is_told_which_columns_are_missing() => Assert.Equal(
        """
        name  first
        ────  ─────
        a         1
        b        10
        (a wider
          terminal
          also
          shows:
          second)

        """, Table.ToText(new Screen(12)));

    [Fact]
    public void Long_names_stand_on_lines_of_their_own() => Assert.Equal(
        """
        name
          first  second
          ─────  ──────
        a-long-name-of-
        a-row
              1    22.5
        b
             10       3

        """,
        new TextTable(
            [new("name", IsText: true) { IsName = true }, new("first"), new("second")],
            [["a-long-name-of-a-row", "1", "22.5"], ["b", "10", "3"]])
            .ToText(new Screen(16)));

    [Fact]
    public void Lists_fold_between_their_entries() => Assert.Equal(
        """
        name  choices
        ────  ─────────
        a     112, 120,
              128
        b     3

        """,
        new TextTable(
            [new("name", IsText: true), new("choices", IsText: true) { Folds = true }], [["a", "112, 120, 128"], ["b", "3"]])
            .ToText(new Screen(15)));

    [Fact]
    public void Colours_are_for_terminals_that_want_them()
    {
        Assert.Contains(
            "\e[1mb        10       3\e[0m\n", Table.ToText(new Screen(80, CanRedraw: true, HasColors: true)),
            StringComparison.Ordinal);
        Assert.DoesNotContain('\e', Table.ToText(new Screen(80, CanRedraw: true)));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_front_fits_and_shows_every_id(int columns)
    {
        FrontRow[] rows =
        [
            SomeRow.Of(LongId, 91.18, 77.9, 80.1, 5_200_000, 168_000) with
            {
                PredictedIntervalUs = new Interval(72.2, 83.6),
                TestAccuracyPercent = 90.5,
                PredictedAccuracyPercent = 90.9,
                IsChosen = true,
            },
            SomeRow.Of("r20-c16-w16d1k3e2-w16d1k3e2-w32d1k3e2-w48d1k3e2-h64", 88.1, 13.7, 14, 375_000, 15_000),
        ];
        var text = Fitting(new FrontTable(rows).ToText(new Screen(columns)), columns);
        Assert.All(rows, row => Assert.Contains(row.Name, text, StringComparison.Ordinal));
        Assert.Contains("91.18", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Spaces_fit(int columns)
    {
        var screen = new Screen(columns);
        Assert.All(
            BuiltInSpaces.Names,
            name => Assert.Contains(name, Fitting(Shown(screen, "list"), columns), StringComparison.Ordinal));
        foreach (var name in BuiltInSpaces.Names)
        {
            var space = SearchSpace.Load(name);
            var text = Fitting(Shown(screen, "show", name), columns);
            Assert.Contains(
                space.IdOf(space.Largest), string.Concat(text.Split('\n').Select(line => line.Trim())), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Profiles_fit(int columns)
    {
        var profile = DeviceProfile.Read(Path.Combine(Repository.Root, "device-profiles", "epyc.json"));
        Fitting(ProfileText.Of(profile, new Screen(columns)), columns);
        Fitting(ProfileText.OfComparison(profile, profile, new Screen(columns)), columns);
    }

    [Fact]
    public void Small_counts_are_readable()
    {
        var text = Shown(Screen.File, "list");
        Assert.Contains("15.0 k – 168 k", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0.0", text, StringComparison.Ordinal);
    }

    private static string Shown(Screen screen, params string[] arguments)
    {
        using var output = new StringWriter();
        var context = new Cli.CommandContext(output, TextWriter.Null, TimeProvider.System) { Screen = screen };
        Assert.Equal(0, SpaceCommand.Create(context, TextReader.Null)
            .Parse(arguments)
            .Invoke(new() { EnableDefaultExceptionHandler = false }));
        return output.ToString();
    }

    private static string Fitting(string text, int columns)
    {
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= columns, $"{line.Length} of {columns}: {line}"));
        return text;
    }
}
