namespace HwNas.Supernet.Training;

/// <summary>Linear warm-up, exponential decay, constant ending (BigNAS section 3.1).</summary>
internal static class LearningRateSchedule
{
    /// <summary>The learning rate of a step, from 0.</summary>
    public static double At(TrainingOptions options, int step)
    {
        if (step < options.WarmupSteps)
            return options.LearningRate * (step + 1) / options.WarmupSteps;
        var progress = (step - options.WarmupSteps) / Math.Max(1.0, (options.DecayShare * options.Steps) - options.WarmupSteps);
        return options.LearningRate * Math.Pow(options.EndingFraction, Math.Min(1, progress));
    }
}
