using HwNas.Core.Pareto;
using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Search.Strategies;

/// <summary>
/// Policy gradient on softmax policies, one for each of several preferences between quality and costs: REINFORCE
/// (Williams 1992; Zoph and Le 2017) with a moving-average baseline, or PPO's clipped ratio (Schulman et al. 2017), both
/// with an entropy bonus. The policies take turns, and all evaluated networks are kept.
/// </summary>
internal sealed class PolicyGradient(StrategyContext context, Func<double, double[], double, double> reward, bool isClipped) : ISearchStrategy
{
    private const int BatchSize = 16;
    private const double LearningRate = 0.15;
    private const double EntropyBonus = 0.05;
    private const double BaselineDecay = 0.9;
    private const double Clip = 0.2;
    private const int ClippedSteps = 4;

    private static readonly double[] Preferences = [0.15, 0.3, 0.5, 0.7, 0.9];

    private readonly Novelty _novelty = new(context);
    private readonly GenePolicy[] _policies = [.. Preferences.Select(_ => new GenePolicy(context.Problem.Space))];
    private readonly double?[] _baselines = new double?[Preferences.Length];
    private readonly double[] _least = [.. context.Problem.Objectives.Select(_ => double.PositiveInfinity)];
    private readonly double[] _greatest = [.. context.Problem.Objectives.Select(_ => double.NegativeInfinity)];
    private int _turn = -1;

    public IReadOnlyList<Genome> Ask()
    {
        _turn = (_turn + 1) % _policies.Length;
        return _novelty.Children(BatchSize, _ => _policies[_turn].Sample(context.Random));
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

        var rewards = candidates.Select(RewardOf).ToArray();
        if (rewards.Length == 0)
            return;
        var baseline = _baselines[_turn] ?? rewards.Average();
        _baselines[_turn] = (BaselineDecay * baseline) + ((1 - BaselineDecay) * rewards.Average());
        var spread = Math.Max(1e-6, Math.Sqrt(rewards.Average(r => (r - baseline) * (r - baseline))));
        var samples = candidates.Select((c, i) => (c.Genome, Advantage: (rewards[i] - baseline) / spread)).ToList();
        if (isClipped)
            ClippedUpdate(_policies[_turn], samples);
        else
            _policies[_turn].Step(samples, LearningRate, EntropyBonus * BatchSize);
    }

    // What breaks a limit is worth less the further beyond it lies.
    private double RewardOf(Candidate candidate)
    {
        if (!candidate.IsFeasible)
            return -1 - Math.Min(1, candidate.Violation);
        var (quality, costs) = SearchReward.Normalized(candidate, _least, _greatest);
        return reward(quality, costs, Preferences[_turn]);
    }

    // Several steps on one batch; samples whose ratio has left the clip in the direction of their advantage stop pulling.
    private static void ClippedUpdate(GenePolicy policy, List<(Genome Genome, double Advantage)> samples)
    {
        var before = samples.ConvertAll(s => policy.LogProbability(s.Genome));
        for (var step = 0; step < ClippedSteps; step++)
        {
            var weights = samples.Select((s, i) =>
            {
                var ratio = Math.Exp(policy.LogProbability(s.Genome) - before[i]);
                var isOutside = s.Advantage > 0 ? ratio > 1 + Clip : ratio < 1 - Clip;
                return (s.Genome, isOutside ? 0 : ratio * s.Advantage);
            });
            policy.Step([.. weights], LearningRate, EntropyBonus * BatchSize);
        }
    }
}
