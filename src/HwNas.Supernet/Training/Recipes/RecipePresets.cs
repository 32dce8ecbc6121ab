namespace HwNas.Supernet.Training.Recipes;

/// <summary>Recipes by name.</summary>
public static class RecipePresets
{
    private static readonly Recipe AttentiveNas = new()
    {
        LearningRate = 0.1,
        LearningRateBatch = 256,
        Schedule = ScheduleKind.Cosine,
        DecayShare = 1,
        EndingFraction = 0,
        Dropout = 0.2,
        DropConnect = 0.2,
        ClipValue = 1,
        Sampling = SamplingKind.BestUp,
    };

    private static readonly (string Name, Recipe Recipe)[] All =
    [
        ("fashion-mnist", new Recipe()),

        // The usual one of small colour pictures.
        (
            "cifar", new Recipe
            {
                LearningRate = 0.1,
                LearningRateBatch = 64,
                Schedule = ScheduleKind.Cosine,
                DecayShare = 1,
                EndingFraction = 0,
                WeightDecay = 1e-4,
                ClipNorm = 10,
            }),

        // Yu et al. 2020, arXiv 2003.11142, sections 3.1 and 4.1.
        (
            "bignas", new Recipe
            {
                Optimizer = OptimizerKind.RmsProp,
                LearningRate = 0.256,
                LearningRateBatch = 4096,
                Dropout = 0.2,
            }),

        // Wang et al. 2021, arXiv 2011.09011, sections 4 and 5.
        ("attentive-nas", AttentiveNas),

        // Wang et al. 2021, arXiv 2102.07954, sections 3 and 4.
        ("alphanet", AttentiveNas with { Sampling = SamplingKind.Uniform, Distillation = DistillationKind.AdaptiveAlpha }),
    ];

    /// <summary>The names, in the order in which they are listed.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(preset => preset.Name)];

    /// <summary>The recipe of a name; null where there is none.</summary>
    public static Recipe? Find(string name) => All.FirstOrDefault(preset => preset.Name == name).Recipe;
}
