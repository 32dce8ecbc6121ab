namespace HwNas.Cli.Reporting;

/// <summary>A range that a value lies in, in the value's own unit.</summary>
internal readonly record struct Interval(double Low, double High);

/// <summary>One subnet on the picture: what it costs (in the unit of the cost axis) and how accurate it is.</summary>
internal sealed record ParetoPoint(
    double Cost, double AccuracyPercent, Interval? CostInterval = null, Interval? AccuracyPercentInterval = null);

/// <summary>
/// What was found for one device: everything that was evaluated, the front among it, and the subnet that was chosen.
/// </summary>
internal sealed record ParetoSeries(
    string Name, IReadOnlyList<ParetoPoint> Evaluated, IReadOnlyList<ParetoPoint> Front, ParetoPoint? Chosen = null)
{
    /// <summary>An upper limit of the cost that the search kept to; drawn as a dashed line.</summary>
    public double? Budget { get; init; }

    /// <summary>
    /// The subnets of the front, the cheapest first, whose accuracy is not clearly above that of every cheaper one: their
    /// difference lies within both intervals together. The first one is clear, and then each that is clearly above the
    /// last clear one.
    /// </summary>
    public IReadOnlyList<ParetoPoint> UnclearSteps
    {
        get
        {
            var unclear = new List<ParetoPoint>();
            ParetoPoint? last = null;
            foreach (var point in Front.OrderBy(point => point.Cost))
            {
                if (last is null || point.AccuracyPercent - last.AccuracyPercent > double.Hypot(HalfOf(point), HalfOf(last)))
                    last = point;
                else
                    unclear.Add(point);
            }

            return unclear;
        }
    }

    private static double HalfOf(ParetoPoint point) =>
        point.AccuracyPercentInterval is { } interval ? (interval.High - interval.Low) / 2 : 0;
}

/// <summary>All that <see cref="ParetoPlot"/> draws. Labels name the quantity and its unit: "Latency (µs)".</summary>
internal sealed record ParetoPicture(string Title, string CostLabel, string AccuracyLabel, IReadOnlyList<ParetoSeries> Series)
{
    /// <summary>The unit of the cost, written behind numbers: "µs".</summary>
    public string CostUnit { get; init; } = "";
}
