using HwNas.Core.Predictors;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Exact;

/// <summary>The greatest value of a linear function within limits, or what it cannot exceed.</summary>
/// <param name="Genome">Where it is; null where none was found.</param>
/// <param name="Value">The value there; −∞ where none was found.</param>
/// <param name="Bound">What no network within the limits exceeds; −∞ where none keeps the limits.</param>
internal readonly record struct LinearOptimum(Genome? Genome, double Value, double Bound);

/// <summary>
/// Exact optimisation of linear functions under limits on sums: label setting as for constrained shortest paths (Irnich and
/// Desaulniers 2005). Labels go from stage to stage; those that another one of their state dominates, that cannot keep
/// the limits any more, or whose Lagrangian bound (Fisher 1981) is below what is known already, are dropped.
/// </summary>
internal sealed class LabelSetting
{
    // Far more than real problems leave; with these many labels the Lagrangian bound is the answer.
    private const int MostLabels = 1_000_000;

    // A first pass keeps only so many labels of each stage: what it finds makes the bound cut off more.
    private const int FirstLabels = 1_000;

    // Labels are compared with so many; those that are kept though dominated cost time only.
    private const int MostCompared = 128;

    private const int Steps = 300, StepsWithoutGain = 10;
    private const double Rounding = 1e-9;

    private readonly StagedSpace _space;
    private readonly double[][][] _leastRest;

    public LabelSetting(StagedSpace space)
    {
        _space = space;
        _leastRest = [.. space.Bounds.Select((_, limit) => Rests(
            [.. space.Stages.Select(stage => Array.ConvertAll(stage.Transitions, way => -way.Costs[limit]))])
            .Select(rest => Array.ConvertAll(rest, value => -value)).ToArray())];
    }

    /// <summary>The greatest value within the limits.</summary>
    /// <param name="function">The function.</param>
    /// <param name="isExact">Whether labels are set; else the Lagrangian bound is enough.</param>
    public LinearOptimum Maximum(LinearFunction function, bool isExact = true)
    {
        var values = ValuesOf(function);
        if (Rests([.. values])[0][0] == double.NegativeInfinity
            || _leastRest.Zip(_space.Bounds).Any(pair => pair.First[0][0] > pair.Second))
        {
            return new LinearOptimum(null, double.NegativeInfinity, double.NegativeInfinity);
        }

        var dual = Relax(values);
        foreach (var most in isExact ? new[] { FirstLabels, int.MaxValue } : [])
        {
            if (dual.Best.Value >= dual.Bound - Tolerance(dual.Bound))
                break;
            if (Set(values, dual, most) is not { } labels)
                continue;
            var best = labels.Append(dual.Best).MaxBy(label => label.Value)!;
            dual = dual with { Best = best, Bound = most == int.MaxValue ? best.Value : dual.Bound };
        }

        return new LinearOptimum(
            dual.Best.Trace is null ? null : GenomeOf(dual.Best),
            function.Offset + dual.Best.Value, function.Offset + dual.Bound);
    }

    /// <summary>All networks within the limits that no other one beats in both a function and the first limited sum.</summary>
    /// <returns>By ascending sum; null where too many have to be kept.</returns>
    public List<Genome>? Front(LinearFunction function)
    {
        var values = ValuesOf(function);
        return Set(values, relaxed: null, int.MaxValue) is { } labels
            ? [.. labels.OrderBy(label => label.Costs[0]).Select(GenomeOf)]
            : null;
    }

    private double[][] ValuesOf(LinearFunction function) =>
        Array.ConvertAll(_space.Stages, stage => Array.ConvertAll(
            stage.Transitions, way => way.Features.Sum(feature => function.Effects[feature])));

    private static double Tolerance(double value) => Rounding * (1 + Math.Abs(value));

    // For each stage and state the greatest sum over the rest of the way; 0 behind the last stage.
    private List<double[]> Rests(List<double[]> sums)
    {
        var rests = new List<double[]> { new double[1] };
        for (var index = sums.Count - 1; index >= 0; index--)
        {
            var stage = _space.Stages[index];
            var rest = new double[stage.States];
            Array.Fill(rest, double.NegativeInfinity);
            for (var state = 0; state < rest.Length; state++)
            {
                var transition = stage.FirstOf(state);
                foreach (ref readonly var way in stage.From(state))
                    rest[state] = Math.Max(rest[state], sums[index][transition++] + rests[^1][way.To]);
            }

            rests.Add(rest);
        }

        rests.Reverse();
        return rests;
    }

    // The Lagrangian relaxation, its multipliers by subgradient steps in Polyak's length (Fisher 1981, section 4).
    private Relaxation Relax(double[][] values)
    {
        var best = new Label(double.NegativeInfinity, [], null);
        var multipliers = new double[_space.Bounds.Length];
        var (least, length, stale) = (Relax(values, multipliers), 1.0, 0);
        for (var (step, at) = (0, least); ; step++, at = Relax(values, multipliers))
        {
            if (IsWithin(at.Best) && at.Best.Value > best.Value)
                best = at.Best;
            if (at.Bound < least.Bound)
                (least, stale) = (at, 0);
            else if (step > 0 && ++stale == StepsWithoutGain)
                (length, stale, at) = (length / 2, 0, least);
            if (step == Steps || best.Value >= least.Bound - Tolerance(least.Bound))
                return least with { Best = best };

            double[] excess = [.. at.Best.Costs.Zip(_space.Bounds, (cost, bound) => (cost - bound) / Scale(bound))];
            var target = best.Trace is null ? least.Bound - (0.1 * (1 + Math.Abs(least.Bound))) : best.Value;
            var way = length * (at.Bound - target) / Math.Max(1e-12, excess.Sum(value => value * value));
            multipliers =
            [
                .. at.Multipliers.Select((multiplier, limit) =>
                    Math.Max(0, multiplier + (way * excess[limit] / Scale(_space.Bounds[limit])))),
            ];
        }

        static double Scale(double bound) => bound == 0 ? 1 : Math.Abs(bound);
    }

    private Relaxation Relax(double[][] values, double[] multipliers)
    {
        var weighted = _space.Stages.Zip(values, (stage, value) =>
        {
            double[] sums = [.. value];
            for (var transition = 0; transition < sums.Length; transition++)
            {
                var costs = stage.Transitions[transition].Costs;
                for (var limit = 0; limit < multipliers.Length; limit++)
                    sums[transition] -= multipliers[limit] * costs[limit];
            }

            return sums;
        }).ToList();
        var rests = Rests(weighted);
        var bound = rests[0][0];
        for (var limit = 0; limit < multipliers.Length; limit++)
            bound += multipliers[limit] * _space.Bounds[limit];
        return new Relaxation(multipliers, bound, rests, Follow(values, weighted, rests));
    }

    // The network that has the greatest relaxed value.
    private Label Follow(double[][] values, List<double[]> weighted, List<double[]> rests)
    {
        var (label, state) = (new Label(0, new double[_space.Bounds.Length], null), 0);
        foreach (var (index, stage) in _space.Stages.Index())
        {
            var (first, count) = (stage.FirstOf(state), stage.From(state).Length);
            var best = Enumerable.Range(first, count)
                .MaxBy(transition => weighted[index][transition] + rests[index + 1][stage.Transitions[transition].To]);
            (label, state) = (label.Then(stage, best, values[index][best]), stage.Transitions[best].To);
        }

        return label;
    }

    private bool IsWithin(Label label) => label.Costs.Zip(_space.Bounds).All(pair => pair.First <= pair.Second);

    // The labels at the end; null where they are too many.
    private List<Label>? Set(double[][] values, Relaxation? relaxed, int most)
    {
        var labels = new List<Label>[] { [new Label(0, new double[_space.Bounds.Length], null)] };
        foreach (var (index, stage) in _space.Stages.Index())
        {
            var next = new List<Label>[stage.NextStates];
            var count = 0;
            for (var state = 0; state < labels.Length; state++)
            {
                foreach (var label in labels[state])
                {
                    var transition = stage.FirstOf(state);
                    foreach (ref readonly var way in stage.From(state))
                    {
                        var then = label.Then(stage, transition, values[index][transition]);
                        transition++;
                        if (!CanKeep(then, index + 1, way.To))
                            continue;
                        if (relaxed is not null && !CanWin(then, index + 1, way.To, relaxed))
                            continue;
                        (next[way.To] ??= []).Add(then);
                        if (++count > 4 * MostLabels)
                            return null;
                    }
                }
            }

            labels = Array.ConvertAll(next, state => state is null ? [] : Undominated(state));
            if (labels.Sum(state => state.Count) > MostLabels)
                return null;
            if (relaxed is not null && labels.Sum(state => state.Count) > most)
                labels = Best(labels, most, (label, state) => RelaxedAt(label, index + 1, state, relaxed));
        }

        return [.. labels[0].Where(IsWithin)];
    }

    private static List<Label>[] Best(List<Label>[] labels, int most, Func<Label, int, double> valueOf)
    {
        var least = labels.SelectMany((state, index) => state.Select(label => valueOf(label, index))).OrderDescending()
            .ElementAt(most - 1);
        return [.. labels.Select((state, index) => state.Where(label => valueOf(label, index) >= least).ToList())];
    }

    private bool CanKeep(Label label, int stage, int state)
    {
        for (var limit = 0; limit < _space.Bounds.Length; limit++)
        {
            var bound = _space.Bounds[limit];
            if (label.Costs[limit] + _leastRest[limit][stage][state] > bound + Tolerance(bound))
                return false;
        }

        return true;
    }

    private bool CanWin(Label label, int stage, int state, Relaxation relaxed) =>
        RelaxedAt(label, stage, state, relaxed) >= relaxed.Best.Value - Tolerance(relaxed.Best.Value);

    // What no way on from here exceeds.
    private double RelaxedAt(Label label, int stage, int state, Relaxation relaxed)
    {
        var value = label.Value + relaxed.Rests[stage][state];
        for (var limit = 0; limit < _space.Bounds.Length; limit++)
            value += relaxed.Multipliers[limit] * (_space.Bounds[limit] - label.Costs[limit]);
        return value;
    }

    private static List<Label> Undominated(List<Label> labels)
    {
        labels.Sort(static (a, b) =>
            a.Value != b.Value ? b.Value.CompareTo(a.Value) : a.Costs.AsSpan().SequenceCompareTo(b.Costs));
        var kept = new List<Label>();
        foreach (var label in labels)
        {
            // Of two sums, value and one cost, the last label kept has the least cost.
            var isBeaten = label.Costs.Length == 1
                ? kept.Count > 0 && kept[^1].Costs[0] <= label.Costs[0]
                : kept.FindLastIndex(Math.Max(-1, kept.Count - 1), Math.Min(kept.Count, MostCompared),
                    other => IsNoMore(other.Costs, label.Costs)) >= 0;
            if (!isBeaten)
                kept.Add(label);
        }

        return kept;

        static bool IsNoMore(double[] a, double[] b)
        {
            for (var i = 0; i < a.Length; i++)
            {
                if (a[i] > b[i])
                    return false;
            }

            return true;
        }
    }

    private Genome GenomeOf(Label label)
    {
        var choices = new byte[_space.Space.Genes.Length];
        for (var step = label.Trace; step is not null; step = step.Before)
            step.Stage.Choose(step.Transition, choices);
        return _space.Space.Create(choices);
    }

    private sealed record Relaxation(double[] Multipliers, double Bound, List<double[]> Rests, Label Best);

    private sealed record Step(Step? Before, Stage Stage, int Transition);

    // A way from the first stage: its value, its sums, and how it came.
    private sealed record Label(double Value, double[] Costs, Step? Trace)
    {
        public Label Then(Stage stage, int transition, double value)
        {
            var (costs, added) = (new double[Costs.Length], stage.Transitions[transition].Costs);
            for (var limit = 0; limit < costs.Length; limit++)
                costs[limit] = Costs[limit] + added[limit];
            return new Label(Value + value, costs, new Step(Trace, stage, transition));
        }
    }
}
