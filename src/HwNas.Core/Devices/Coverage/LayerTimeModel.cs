using HwNas.Core.Graphs;
using HwNas.Core.Statistics;

namespace HwNas.Core.Devices.Coverage;

/// <summary>A layer whose time is known.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Us">Its time without the overhead of a run, in microseconds.</param>
public readonly record struct TimedLayer(Block Layer, double Us);

/// <summary>A predicted time of a layer.</summary>
/// <param name="Us">The time without the overhead of a run, in microseconds.</param>
/// <param name="RelativeError">Root mean square of the relative errors that the model makes on layers of the same
/// group that it has not seen.</param>
public readonly record struct LayerPrediction(double Us, double RelativeError);

/// <summary>
/// Predicts the time of layers that were not measured from those that were, within each group of layers that the
/// runtime runs by the same code (<see cref="LayerGroup"/>): time = constant + Σ rate × work, with rates that are not
/// negative, fitted on relative errors.
/// </summary>
public sealed class LayerTimeModel
{
    /// <summary>A group with fewer measured layers is not predicted from: there would be nothing left to judge it by.</summary>
    public const int LeastMeasured = 6;

    private const double LeastUs = 0.05;

    private readonly Dictionary<string, Group> _groups;

    private LayerTimeModel(Dictionary<string, Group> groups) => _groups = groups;

    /// <summary>Fits the groups that have enough measured layers.</summary>
    public static LayerTimeModel Fit(IEnumerable<TimedLayer> measured)
    {
        var groups = measured
            .GroupBy(timed => LayerGroup.Of(timed.Layer))
            .Where(group => group.Count() >= LeastMeasured)
            .ToDictionary(group => group.Key, group => Group.Fit([.. group]));
        return new LayerTimeModel(groups);
    }

    /// <summary>Whether layers like this one can be predicted.</summary>
    public bool Covers(Block layer) => _groups.ContainsKey(LayerGroup.Of(layer));

    /// <summary>Predicts a layer.</summary>
    /// <exception cref="InputException">Too few layers like it were measured.</exception>
    public LayerPrediction Predict(Block layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return _groups.TryGetValue(LayerGroup.Of(layer), out var group)
            ? group.Predict(layer)
            : throw new InputException(
                $"The layer '{layer.LatencyKey}' was not measured, and fewer than {LeastMeasured} layers like it were. "
                + "Measure again with more time.");
    }

    private sealed record Group(double[] Rates, double RelativeError)
    {
        public static Group Fit(IReadOnlyList<TimedLayer> measured)
        {
            var errors = measured.Select((timed, left) =>
                (PredictUs(RatesOf([.. measured.Where((_, i) => i != left)]), timed.Layer) / Math.Max(timed.Us, LeastUs)) - 1)
                .ToList();
            return new Group(RatesOf(measured), Math.Sqrt(errors.Average(error => error * error)));
        }

        public LayerPrediction Predict(Block layer) => new(PredictUs(Rates, layer), RelativeError);

        private static double PredictUs(double[] rates, Block layer) =>
            Math.Max(LeastUs, LayerGroup.TermsOf(layer).Zip(rates).Sum(term => term.First * term.Second));

        // Each row is divided by its time, so that relative errors are what is small.
        private static double[] RatesOf(IReadOnlyList<TimedLayer> measured) => NonNegativeLeastSquares.Solve(
            [.. measured.Select(
                timed => LayerGroup.TermsOf(timed.Layer).Select(term => term / Math.Max(timed.Us, LeastUs)).ToArray())],
            [.. measured.Select(_ => 1.0)]);
    }
}
