namespace HwNas.Supernet.Training.Recipes;

/// <summary>The learning rate of each step: it rises linearly, falls, and stays.</summary>
internal static class LearningRateSchedule
{
    /// <summary>The learning rate of a step, from 0.</summary>
    public static double At(TrainingOptions options, int step)
    {
        var recipe = options.Recipe;
        var rate = recipe.LearningRateOf(options.BatchSize);
        if (step < recipe.WarmupSteps)
            return rate * (step + 1) / recipe.WarmupSteps;
        var length = Math.Max(1.0, (recipe.DecayShare * options.Steps) - recipe.WarmupSteps);
        var progress = Math.Min(1, (step - recipe.WarmupSteps) / length);
        return rate * recipe.Schedule switch
        {
            ScheduleKind.Exponential => Math.Pow(recipe.EndingFraction, progress),
            _ => recipe.EndingFraction + ((1 - recipe.EndingFraction) * (1 + Math.Cos(Math.PI * progress)) / 2),
        };
    }
}
