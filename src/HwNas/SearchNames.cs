using System.Globalization;
using HwNas.Core;
using HwNas.Core.Metrics;
using HwNas.Core.Search;

namespace HwNas;

/// <summary>
/// What a search is called unless it is given a name: by what it asks for, such as <c>macs-1M_latency-100us</c>, and
/// <c>front</c> where that is nothing in particular.
/// </summary>
internal static class SearchNames
{
    private const int MostCharacters = PlainName.MaxLength - 4;

    /// <summary>Names for a search, the best first and without end: the first may be that of another search.</summary>
    /// <param name="goals">What it asks for.</param>
    /// <param name="metrics">The metrics that are known.</param>
    /// <param name="devices">The devices.</param>
    public static IEnumerable<string> For(SubnetGoals goals, IReadOnlyCollection<Metric> metrics, IReadOnlyList<string> devices)
    {
        var words = Words(goals, metrics, devices.Count > 1).ToList();
        var name = Plain(string.Join('_', words.Count > 0 ? words : [FrontFile.UsualName]));
        yield return name;
        if (devices.Count > 0)
        {
            name = Plain(string.Join('_', devices.Prepend(name)));
            yield return name;
        }

        for (var number = 2; ; number++)
            yield return $"{name}-{number}";
    }

    private static IEnumerable<string> Words(SubnetGoals goals, IReadOnlyCollection<Metric> metrics, bool severalDevices)
    {
        if (!goals.Objectives.IsEmpty)
        {
            yield return string.Join('-', goals.Objectives.Where(name => name != Metric.Accuracy.Name).Select(Word)
                .Prepend(FrontFile.UsualName));
        }

        foreach (var budget in goals.Budgets)
            yield return $"{Word(budget.Cost)}-{Value(budget.Limit, MetricOf(budget.Cost)?.Unit)}";
        if (goals.Confidence is { } confidence && !goals.Budgets.IsEmpty)
            yield return string.Create(CultureInfo.InvariantCulture, $"confidence-{confidence}");

        Metric? MetricOf(string name) => metrics.FirstOrDefault(metric => metric.Name == name);

        string Word(string name) =>
            $"{MetricOf(name)?.Option ?? name}{(severalDevices && MetricOf(name)?.Device is { } device ? $"-{device}" : "")}";
    }

    private static string Value(double value, string? unit)
    {
        var (divisor, letter) = unit == "µs" ? (1, "us") : value switch
        {
            >= 1e9 => (1e9, "G"),
            >= 1e6 => (1e6, "M"),
            >= 1e3 => (1e3, "k"),
            _ => (1, ""),
        };
        return (value / divisor).ToString("0.######", CultureInfo.InvariantCulture) + letter + (unit == "bytes" ? "B" : "");
    }

    private static string Plain(string name) =>
        string.Concat(name.Take(MostCharacters).Select(letter => PlainName.IsPlain(letter) ? letter : '-'));
}
