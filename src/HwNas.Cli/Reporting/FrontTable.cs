using System.Globalization;
using HwNas.Core.Metrics;

namespace HwNas.Cli.Reporting;

/// <summary>One subnet of the front as the tables show it; what was not measured is missing.</summary>
internal sealed record FrontRow(string Name, double? AccuracyPercent, double? PredictedUs, double? MeasuredUs)
{
    /// <summary>Costs that are known without evaluation, beside the latency, in the order of their columns.</summary>
    public IReadOnlyList<(Metric Metric, double Value)> Costs { get; init; } = [];

    /// <summary>In which the latency is predicted to lie.</summary>
    public Interval? PredictedIntervalUs { get; init; }

    /// <summary>What a predictor of accuracy said, where it was asked.</summary>
    public double? PredictedAccuracyPercent { get; init; }

    /// <summary>On the test images, where the subnet was verified.</summary>
    public double? TestAccuracyPercent { get; init; }

    /// <summary>Whether the measured latency met what was predicted; null where that is not known.</summary>
    public bool? KeepsPrediction { get; init; }

    /// <summary>The exported model, relative to the report, as an address; null where there is none.</summary>
    public string? Model { get; init; }

    /// <summary>Whether this is the one that the budgets chose.</summary>
    public bool IsChosen { get; init; }
}

/// <summary>The columns of the front, for the console and the report; columns that no row fills are left out.</summary>
internal sealed class FrontTable
{
    // Columns that matter less go first where the terminal is narrow.
    private static readonly Column[] AllColumns =
    [
        new(new("", IsText: true), row => row.IsChosen ? "→" : ""),
        new(new("Subnet", IsText: true) { IsName = true }, row => row.Name),
        new(new("Accuracy %"), row => Fixed(row.AccuracyPercent)),
        new(new("Predicted %"), row => Fixed(row.PredictedAccuracyPercent)),
        new(new("Test %"), row => Fixed(row.TestAccuracyPercent)),
        new(new("Predicted µs"), row => Digits(row.PredictedUs)),
        new(
            new("Interval µs") { DropOrder = 2 },
            row => row.PredictedIntervalUs is { } interval ? $"{Digits(interval.Low)}–{Digits(interval.High)}" : ""),
        new(new("Measured µs"), row => Digits(row.MeasuredUs)),
        new(new("Error %") { DropOrder = 2 }, row => row.PredictedUs is { } predicted && row.MeasuredUs is { } measured
            ? (100 * (predicted / measured - 1)).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : ""),
    ];

    private readonly Column[] _columns;

    public FrontTable(IReadOnlyList<FrontRow> rows)
    {
        var costs = rows.SelectMany(row => row.Costs).Select(cost => cost.Metric).DistinctBy(metric => metric.Name);
        _columns = [.. AllColumns.Where(column => rows.Any(row => column.Cell(row).Length > 0)), .. costs.Select(ColumnOf)];
        Rows = [.. rows.Select(row => _columns.Select(column => column.Cell(row)).ToArray())];
        ChosenRows = [.. rows.Select(row => row.IsChosen)];
        Models = [.. rows.Select(row => row.Model)];
    }

    public IReadOnlyList<TextColumn> Columns => [.. _columns.Select(column => column.Form)];

    public IReadOnlyList<string[]> Rows { get; }

    public IReadOnlyList<bool> ChosenRows { get; }

    public IReadOnlyList<string?> Models { get; }

    /// <summary>The table for a console, each line ended.</summary>
    public string ToText(Screen screen) =>
        new TextTable(Columns, Rows) { Emphasized = ChosenRows }.ToText(screen);

    private static Column ColumnOf(Metric metric)
    {
        var label = char.ToUpperInvariant(metric.Scale.Label[0]) + metric.Scale.Label[1..];
        var header = metric.Unit.Length == 0 || string.Equals(metric.Unit, label, StringComparison.OrdinalIgnoreCase)
            ? label
            : $"{label} {(metric.Unit == "bytes" ? "B" : metric.Unit)}";
        return new Column(
            new TextColumn(header) { DropOrder = metric == CountMetrics.Params ? 3 : 1 },
            row => row.Costs.FirstOrDefault(cost => cost.Metric.Name == metric.Name) is { Metric: not null } cost
                ? Figures.Prefixed(cost.Value)
                : "");
    }

    private static string Digits(double? value) => value is { } known ? Figures.Digits(known) : "";

    private static string Fixed(double? percent) => percent?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private sealed record Column(TextColumn Form, Func<FrontRow, string> Cell);
}
