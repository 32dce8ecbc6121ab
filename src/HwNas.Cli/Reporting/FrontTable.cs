using System.Globalization;

namespace HwNas.Cli.Reporting;

/// <summary>One subnet of the front as the tables show it; what was not measured is missing.</summary>
internal sealed record FrontRow(string Name, double? AccuracyPercent, double? PredictedUs, double? MeasuredUs, long Macs, long Parameters)
{
    /// <summary>In which the latency is predicted to lie.</summary>
    public Interval? PredictedIntervalUs { get; init; }

    /// <summary>What a predictor of accuracy said, where it was asked.</summary>
    public double? PredictedAccuracyPercent { get; init; }

    /// <summary>On the test images, where the subnet was verified.</summary>
    public double? TestAccuracyPercent { get; init; }

    /// <summary>Whether this is the one that the budgets chose.</summary>
    public bool IsChosen { get; init; }
}

/// <summary>The columns of the front, for the console and the report; columns that no row fills are left out.</summary>
internal sealed class FrontTable
{
    private static readonly Column[] AllColumns =
    [
        new("", row => row.IsChosen ? "→" : "", IsText: true),
        new("Subnet", row => row.Name, IsText: true),
        new("Accuracy %", row => Fixed(row.AccuracyPercent)),
        new("Predicted %", row => Fixed(row.PredictedAccuracyPercent)),
        new("Test %", row => Fixed(row.TestAccuracyPercent)),
        new("Predicted µs", row => Digits(row.PredictedUs)),
        new("Interval µs", row => row.PredictedIntervalUs is { } interval ? $"{Digits(interval.Low)}–{Digits(interval.High)}" : ""),
        new("Measured µs", row => Digits(row.MeasuredUs)),
        new("Error %", row => row.PredictedUs is { } predicted && row.MeasuredUs is { } measured
            ? (100 * (predicted / measured - 1)).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : ""),
        new("MACs", row => Short(row.Macs)),
        new("Parameters", row => Short(row.Parameters)),
    ];

    private readonly Column[] columns;

    public FrontTable(IReadOnlyList<FrontRow> rows)
    {
        columns = [.. AllColumns.Where(column => rows.Any(row => column.Cell(row).Length > 0))];
        Rows = [.. rows.Select(row => columns.Select(column => column.Cell(row)).ToArray())];
        ChosenRows = [.. rows.Select(row => row.IsChosen)];
    }

    public IReadOnlyList<string> Headers => [.. columns.Select(column => column.Header)];

    /// <summary>Text columns are set to the left, numbers to the right.</summary>
    public IReadOnlyList<bool> IsText => [.. columns.Select(column => column.IsText)];

    public IReadOnlyList<string[]> Rows { get; }

    public IReadOnlyList<bool> ChosenRows { get; }

    /// <summary>The table for a console, each line ended.</summary>
    public string ToText()
    {
        int[] widths = [.. Headers.Select((header, i) => Rows.Select(row => row[i].Length).Append(header.Length).Max())];
        IEnumerable<string[]> lines = [[.. Headers], [.. widths.Select(width => new string('─', width))], .. Rows];
        return string.Concat(lines.Select(cells =>
            string.Join("  ", cells.Select((cell, i) => IsText[i] ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd() + "\n"));
    }

    /// <summary>1,234,567 as "1.23 M": three digits are what a reader compares.</summary>
    private static string Short(long count) => count switch
    {
        >= 999_500_000 => $"{Digits(count / 1e9)} G",
        >= 999_500 => $"{Digits(count / 1e6)} M",
        >= 1_000 => $"{Digits(count / 1e3)} k",
        _ => count.ToString(CultureInfo.InvariantCulture),
    };

    private static string Digits(double? value) => value?.ToString(
        Math.Abs(value.Value) >= 99.95 ? "#,0" : Math.Abs(value.Value) >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture) ?? "";

    private static string Fixed(double? percent) => percent?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private sealed record Column(string Header, Func<FrontRow, string> Cell, bool IsText = false);
}
