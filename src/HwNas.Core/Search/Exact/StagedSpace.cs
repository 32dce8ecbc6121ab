using HwNas.Core.Predictors;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Exact;

/// <summary>
/// A space as a sequence of decisions: part by part, the genes that were not chosen before are. What later parts still ask for
/// of the choices so far is a state, and of all ways into a state only the undominated matter.
/// </summary>
internal sealed class StagedSpace
{
    private const int MostTransitions = 1 << 18;

    private StagedSpace(GenomeSpace space, GenomeFeatures features, double[] bounds, Stage[] stages)
    {
        Space = space;
        Features = features;
        Bounds = bounds;
        Stages = stages;
    }

    public GenomeSpace Space { get; }

    /// <summary>What each choice of each gene is among the effects of a linear function.</summary>
    public GenomeFeatures Features { get; }

    /// <summary>For each limit the greatest sum that keeps it.</summary>
    public double[] Bounds { get; }

    /// <summary>The decisions. The first one begins in state 0, the last one ends there.</summary>
    public Stage[] Stages { get; }

    /// <summary>Cuts a space into stages; null where too many choices are coupled.</summary>
    public static StagedSpace? Of(GenomeSpace space, AdditiveLimits limits)
    {
        var features = new GenomeFeatures(space);
        var seen = new HashSet<int>();
        var plans = new List<(AdditiveTerm Term, int[] Scope, int[] Fresh)>();
        foreach (var term in limits.Terms)
            Plan(term);

        // Genes that no limit depends on.
        for (var gene = 0; gene < space.Genes.Length; gene++)
        {
            if (!seen.Contains(gene))
                Plan(new AdditiveTerm([gene], [.. limits.Bounds.Select(_ => new double[space.Genes[gene].Choices.Length])], []));
        }

        var (stages, context) = (new List<Stage>(), Array.Empty<int>());
        foreach (var (index, (term, scope, fresh)) in plans.Index())
        {
            var later = plans.Skip(index + 1).SelectMany(plan => plan.Scope).ToHashSet();
            int[] next = [.. context.Concat(fresh).Where(later.Contains)];
            int[] chosen = [.. context, .. fresh];
            if (chosen.Aggregate(1.0, (count, gene) => count * space.Genes[gene].Choices.Length) > MostTransitions)
                return null;
            stages.Add(Stage.Of(space, features, term, context, fresh, next));
            context = next;
        }

        return new StagedSpace(space, features, limits.Bounds, [.. stages]);

        void Plan(AdditiveTerm term)
        {
            int[] scope = [.. term.Genes.Concat(term.Genes.Select(space.SwitchOf).Where(gene => gene >= 0)).Distinct().Order()];
            plans.Add((term, scope, [.. scope.Where(seen.Add)]));
        }
    }
}

/// <summary>The choices of some genes, from each state to states of the next stage.</summary>
internal sealed class Stage
{
    private readonly int[] _first;
    private readonly int[] _fresh;

    private Stage(int[] fresh, int[] first, Transition[] transitions, int nextStates) =>
        (_fresh, _first, Transitions, NextStates) = (fresh, first, transitions, nextStates);

    public int States => _first.Length - 1;

    public int NextStates { get; }

    /// <summary>The transitions out of a state.</summary>
    public ReadOnlySpan<Transition> From(int state) => Transitions.AsSpan(_first[state].._first[state + 1]);

    /// <summary>Where the transitions out of a state stand among all of the stage.</summary>
    public int FirstOf(int state) => _first[state];

    public Transition[] Transitions { get; }

    /// <summary>Writes what a transition chooses.</summary>
    public void Choose(int transition, byte[] choices)
    {
        for (var i = 0; i < _fresh.Length; i++)
            choices[_fresh[i]] = Transitions[transition].Choices[i];
    }

    public static Stage Of(GenomeSpace space, GenomeFeatures features, AdditiveTerm term, int[] context, int[] fresh, int[] next)
    {
        var (first, transitions) = (new List<int>(), new List<Transition>());
        var choices = new byte[space.Genes.Length];
        var (states, ways) = (Count(context), Count(fresh));
        for (var state = 0; state < states; state++)
        {
            first.Add(transitions.Count);
            Spread(context, state);
            if (!IsCanonical(context))
                continue;
            for (var way = 0; way < ways; way++)
            {
                Spread(fresh, way);
                if (!IsCanonical(fresh) || (term.IsAllowed is { Length: > 0 } allowed && !allowed[IndexOf(term.Genes)]))
                    continue;
                var entry = IndexOf(term.Genes);
                transitions.Add(new Transition(
                    IndexOf(next), [.. fresh.Select(gene => choices[gene])], [.. term.Costs.Select(cost => cost[entry])],
                    [.. fresh.Where(gene => space.IsActive(choices, gene))
                        .Select(gene => features.FeatureOf(gene, choices[gene]))]));
            }
        }

        first.Add(transitions.Count);
        return new Stage(fresh, [.. first], [.. transitions], Count(next));

        int Count(int[] genes) => genes.Aggregate(1, (count, gene) => count * space.Genes[gene].Choices.Length);

        void Spread(int[] genes, int index)
        {
            for (var i = genes.Length - 1; i >= 0; i--)
            {
                (index, var choice) = Math.DivRem(index, space.Genes[genes[i]].Choices.Length);
                choices[genes[i]] = (byte)choice;
            }
        }

        int IndexOf(int[] genes) =>
            genes.Aggregate(0, (index, gene) => (index * space.Genes[gene].Choices.Length) + choices[gene]);

        // A gene of whose switch nothing is known here is on: the switch would be in its scope.
        bool IsCanonical(int[] genes) => genes.All(gene =>
            choices[gene] == 0 || space.SwitchOf(gene) < 0 || !IsKnown(space.SwitchOf(gene)) || space.IsActive(choices, gene));

        bool IsKnown(int gene) => context.Contains(gene) || fresh.Contains(gene);
    }
}

/// <summary>One way from a state to another.</summary>
/// <param name="To">The state of the next stage.</param>
/// <param name="Choices">What the fresh genes choose.</param>
/// <param name="Costs">What that adds to the sum of each limit.</param>
/// <param name="Features">The effects that it adds to a linear function.</param>
internal readonly record struct Transition(int To, byte[] Choices, double[] Costs, int[] Features);
