using System.Collections.Immutable;
using HwNas.Core.Search.Strategies;

namespace HwNas.Core.Search;

/// <summary>A strategy as users see it.</summary>
/// <param name="Name">The name by which they ask for it.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Create">Makes one.</param>
public sealed record StrategyDescription(
    string Name, string Summary, string Paper, Func<StrategyContext, ISearchStrategy> Create);

/// <summary>The strategies by name.</summary>
public static class SearchStrategies
{
    /// <summary>Name of the strategy that is used unless another is asked for.</summary>
    public const string Default = "coarse-to-fine";

    /// <summary>Name of the strategy that finds most where evaluations are few.</summary>
    public const string DefaultForFewEvaluations = "bayesian";

    // Gaussian processes take cubic time.
    private const int MostModelledEvaluations = 400;

    // Of 0.2, 0.4, 0.6 and 0.75, tried on the problems that 'benchmarks -- search' has for budgets, on other seeds.
    private const double FinishUnderLimits = 0.6;

    // So few at once, for each evaluation may show where the next ones belong; with five it is worse.
    private const int FinishBatch = 2;

    /// <summary>
    /// The share of the evaluations that a strategy's finish gets unless another is asked for. Under limits on known costs the
    /// answer lies near them, and Bayesian optimisation looks for it there, after any strategy. Without, the default
    /// strategy gains by a fifth of local search; the others are what their papers say.
    /// </summary>
    public static double DefaultFinish(string strategy, int evaluations, bool hasKnownLimits) =>
        hasKnownLimits && evaluations <= MostModelledEvaluations ? FinishUnderLimits : strategy == Default ? 0.2 : 0;

    // In what all of a family depart from their papers.
    private const string Evolutions =
        "Ours: no network is evaluated twice; the population is an eighth of the evaluations, from 12 to 100.";

    private const string Policies =
        "Ours: no network is evaluated twice; where a policy draws nothing new, a random one is, from which it learns nothing.";

    /// <summary>All strategies; each says in what it departs from its paper.</summary>
    public static ImmutableArray<StrategyDescription> All { get; } =
    [
        new(Default,
            "A coarse sweep in which all genes of a kind move together, then single-gene mutation around the winner of every "
            + "budget bucket. Ours: the buckets divide the range of every cost that was seen.",
            "Yu et al. 2020, BigNAS, section 3.2",
            context => new CoarseToFine(context)),
        new("random",
            "Uniform over distinct networks; the baseline.",
            "Li and Talwalkar 2019, Random Search and Reproducibility for NAS",
            context => new RandomSearch(context)),
        new("tournament",
            "Draws two of the population; the worse dies, the better is copied with one mutation. " + Evolutions,
            "Real et al. 2017, Large-Scale Evolution of Image Classifiers",
            context => new TournamentEvolution(context)),
        new("regularised-evolution",
            "Mutates the best of a random sample of the population; the oldest dies. "
            + "For several objectives by front, then crowding. " + Evolutions,
            "Real et al. 2018, Regularized Evolution for Image Classifier Architecture Search",
            context => new RegularisedEvolution(context)),
        new("nsga2",
            "Fronts and crowding with constraint domination; for categorical genes uniform crossover and uniform resampling. "
            + Evolutions,
            "Deb et al. 2002, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II",
            context => new NsgaII(context)),
        new("bayesian",
            "Gaussian processes of the objectives; evaluates what promises the greatest gain of hypervolume, "
            + "five at a time, each "
            + "believed to turn out as expected. Ours: deviations count half. "
            + "The best on few evaluations.",
            "Emmerich et al. 2011, Hypervolume-based Expected Improvement; Ginsbourger et al. 2010, Kriging believer",
            context => new BayesianOptimization(context)),
        new("surrogate-loop",
            "Fits predictors, runs NSGA-II on the predicted objectives, evaluates an even slice of the predicted front, repeats.",
            "Cummings et al. 2022, A Hardware-Aware Framework for Accelerating NAS (LINAS)",
            context => new SurrogateLoop(context)),
        new("progressive",
            "Unfreezes groups of genes in order; a surrogate ranks the expansions of a Pareto beam.",
            "Liu et al. 2018, Progressive NAS; Dong et al. 2018, DPP-Net",
            context => new ProgressiveBeam(context)),
        new("reinforce",
            "Softmax policies trained by REINFORCE with a moving-average baseline on MnasNet's rewards, soft and hard, "
            + "their target swept. " + Policies,
            "Zoph and Le 2017, NAS with Reinforcement Learning; Tan et al. 2019, MnasNet",
            context => new PolicyGradient(
                context,
                [SearchRewards.MnasNetSoft(1), .. new[] { 0.25, 0.4, 0.6, 0.8 }.Select(SearchRewards.MnasNetHard)],
                isClipped: false)),
        new("ppo",
            "Softmax policies trained by PPO's clipped ratio on MONAS's rewards: "
            + "mixed, cost-constrained and accuracy-constrained, swept. " + Policies,
            "Schulman et al. 2017, Proximal Policy Optimization; Hsu et al. 2018, MONAS",
            context => new PolicyGradient(
                context,
                [
                    .. new[] { 0.3, 0.5, 0.7, 0.9 }.Select(SearchRewards.Mixed),
                    SearchRewards.CostConstrained(0.4),
                    SearchRewards.AccuracyConstrained(0.8),
                ],
                isClipped: true)),
        new("local-search",
            "Single-gene neighbours of the members of the front; also a finisher of any other strategy.",
            "Paquete et al. 2004, Pareto Local Optimum Sets",
            context => new LocalSearch(context)),
    ];

    /// <summary>The strategy of a name.</summary>
    /// <exception cref="InputException">There is none; the message lists all.</exception>
    public static StrategyDescription Find(string name) =>
        All.FirstOrDefault(s => s.Name == name)
        ?? throw new InputException(
            $"There is no search strategy '{name}'; there are {string.Join(", ", All.Select(s => s.Name))}.");

    /// <summary>The strategy of a search, with its finisher where it has one.</summary>
    internal static ISearchStrategy Create(SearchOptions options, StrategyContext context)
    {
        var strategy = options.Description.Create(context);
        var share = options.FinishOf(context.Problem);
        if (share == 0)
            return strategy;
        var ending = AtTheEnd(context);
        return new Finished(
            strategy, Finisher(ending), (int)Math.Ceiling(context.Evaluations * (1 - share)), ending.Problem, context.Known);
    }

    // Under limits a model that has seen everything finds the way along them, where single genes lead beyond or away.
    private static ISearchStrategy Finisher(StrategyContext context) =>
        context.Problem.HasKnownLimits && context.Evaluations <= MostModelledEvaluations
            ? new BayesianOptimization(context, FinishBatch)
            : new LocalSearch(context);

    private static StrategyContext AtTheEnd(StrategyContext context)
    {
        var problem = LimitFocus.AtTheEnd(context.Problem);
        return context with
        {
            Problem = problem,
            Known = [.. context.Known.Select(problem.Seen)],
            Reference = [.. context.Reference.Select((loss, i) => problem.LossOf(i, loss))],
        };
    }
}
