using HwNas.Core;
using HwNas.Core.Metrics;
using HwNas.Core.Search;

namespace HwNas.Cli.Reporting;

/// <summary>The picture of a front that was found on a table: two of its columns, everything that was looked up.</summary>
/// <param name="Value">The column of the vertical axis: the first that is maximised, or without one the first.</param>
/// <param name="Cost">The column of the horizontal axis: the first other one that is minimised.</param>
internal sealed record TablePicture(Metric Value, Metric Cost)
{
    /// <summary>Chooses the columns.</summary>
    /// <exception cref="InputException">There is none to minimise beside the other.</exception>
    public static TablePicture Of(IReadOnlyList<Metric> objectives)
    {
        var value = objectives.FirstOrDefault(metric => metric.Direction == Direction.Maximize) ?? objectives[0];
        return objectives.FirstOrDefault(metric => metric.Direction == Direction.Minimize && metric != value) is { } cost
            ? new TablePicture(value, cost)
            : throw new InputException(
                $"--plot draws '{value.Name}' over a column that is minimised: name one with --minimize, or leave --plot out.");
    }

    /// <summary>The picture of what a search found.</summary>
    /// <param name="table">What the table is called.</param>
    /// <param name="problem">The search's problem.</param>
    /// <param name="result">What it found.</param>
    public ParetoPicture Draw(string table, SearchProblem problem, SearchResult result)
    {
        var (value, cost) = (IndexOf(Value), IndexOf(Cost));
        var series = new ParetoSeries(
            table,
            [.. result.Evaluated.Where(candidate => !candidate.IsInvalid).Select(Point)],
            [.. problem.FrontOver(result.All, Cost.Name, Value.Name).Select(Point)])
        {
            Budget = problem.Limits.FirstOrDefault(limit => limit.Metric == Cost.Name)?.Bound,
        };
        return new ParetoPicture($"{table}: {Value.Name} over {Cost.Name}", Cost.Name, Value.Name, [series]);

        int IndexOf(Metric metric) => problem.ObjectiveMetrics[problem.Objectives.IndexOf(metric)];

        ParetoPoint Point(HwNas.Core.Pareto.Candidate candidate) => new(candidate.Metrics[cost], candidate.Metrics[value]);
    }
}
