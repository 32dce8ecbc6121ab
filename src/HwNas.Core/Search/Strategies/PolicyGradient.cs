using HwNas.Core.Pareto;
using HwNas.Core.Spaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Policy gradient on softmax policies, one for each of several rewards that prefer other points of the front:
/// REINFORCE (Williams 1992; Zoph and Le 2017) with a moving-average baseline, or PPO's clipped ratio (Schulman et al.
/// 2017), both with an entropy bonus. The policies take turns, and all evaluated networks are kept.
/// <para>Unlike in the papers no network is evaluated twice: a policy draws until it finds a new one. Where it finds none,
/// the evaluation goes to a random network, and a draw beyond the known limits is moved within them; from those that it did
/// not draw itself a policy learns nothing.</para>
/// </summary>
internal sealed class PolicyGradient(
    StrategyContext context, IReadOnlyList<SearchReward> rewards, bool isClipped) : ISearchStrategy
{
    private const int BatchSize = 16;
    private const double LearningRate = 0.15;
    private const double EntropyBonus = 0.05;
    private const int ClippedSteps = 4;

    private readonly Novelty _novelty = new(context);
    private readonly GenePolicy[] _policies = [.. rewards.Select(_ => new GenePolicy(context.Problem.Space))];
    private readonly RewardBaseline[] _baselines = [.. rewards.Select(_ => new RewardBaseline())];
    private readonly double[] _least = [.. context.Problem.Objectives.Select(_ => double.PositiveInfinity)];
    private readonly double[] _greatest = [.. context.Problem.Objectives.Select(_ => double.NegativeInfinity)];
    private readonly HashSet<Genome> _drawn = [];
    private readonly List<Candidate> _batch = [];
    private int _turn = -1;

    public IReadOnlyList<Genome> Ask(IReadOnlyList<Genome> pending)
    {
        if (pending.Count > 0)
            return [];
        Learn();
        _turn = (_turn + 1) % _policies.Length;
        _drawn.Clear();
        return _novelty.Children(BatchSize, _ => Draw(_policies[_turn]));
    }

    public void Tell(IReadOnlyList<Candidate> candidates)
    {
        foreach (var candidate in candidates.Where(c => !c.IsInvalid))
        {
            for (var i = 0; i < _least.Length; i++)
            {
                _least[i] = Math.Min(_least[i], candidate.Losses[i]);
                _greatest[i] = Math.Max(_greatest[i], candidate.Losses[i]);
            }
        }

        _batch.AddRange(candidates.Where(c => _drawn.Contains(c.Genome)));
    }

    private void Learn()
    {
        if (_batch.Count == 0)
            return;
        var advantages = _baselines[_turn].Advantages([.. _batch.Select(RewardOf)]);
        var samples = _batch.Zip(advantages, (candidate, advantage) => (candidate.Genome, advantage)).ToList();
        _batch.Clear();
        if (isClipped)
            ClippedUpdate(_policies[_turn], samples);
        else
            _policies[_turn].Step(samples, LearningRate, EntropyBonus * BatchSize);
    }

    private Genome Draw(GenePolicy policy)
    {
        var genome = policy.Sample(context.Random);
        _drawn.Add(genome);
        return genome;
    }

    // What breaks a limit is worth less the further beyond it lies.
    private double RewardOf(Candidate candidate)
    {
        if (!candidate.IsFeasible)
            return -1 - Math.Min(1, candidate.Violation);
        var (quality, costs) = SearchRewards.Normalized(candidate, _least, _greatest);
        return rewards[_turn](quality, costs);
    }

    // Several steps on one batch.
    private static void ClippedUpdate(GenePolicy policy, List<(Genome Genome, double Advantage)> samples)
    {
        var before = samples.ConvertAll(s => policy.LogProbability(s.Genome));
        for (var step = 0; step < ClippedSteps; step++)
        {
            var weights = samples.Select(
                (s, i) => (s.Genome, ClippedRatio.Gradient(Math.Exp(policy.LogProbability(s.Genome) - before[i]), s.Advantage)));
            policy.Step([.. weights], LearningRate, EntropyBonus * BatchSize);
        }
    }
}
