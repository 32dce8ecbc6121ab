namespace HwNas.Core.Devices.Measurement;

/// <summary>Which of the two clocks a profile's figures come from.</summary>
public enum TimeSource
{
    /// <summary>Elapsed time: what a user waits.</summary>
    Wall,

    /// <summary>CPU time of the calling thread: what a model costs on a machine that is busy with other things too.</summary>
    Cpu,
}

/// <summary>Chooses the clock.</summary>
public static class TimeSources
{
    // Above this, other work took so much of the core that elapsed times are biased by their length: short
    // models fit between two interruptions, whole networks do not.
    private const double BusyRatio = 1.1;

    /// <summary>Elapsed over CPU time of all samples of all models; 1 on an idle machine, 0 where there is no CPU time.</summary>
    public static double WallCpuRatio(IReadOnlyList<ModelSamples> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        var (wall, cpu) = (models.Sum(m => m.WallUs.Sum()), models.Sum(m => m.CpuUs.Sum()));
        return cpu > 0 ? wall / cpu : 0;
    }

    /// <summary>
    /// CPU time for one thread on a busy machine, else elapsed time: CPU time of one thread says nothing about several.
    /// </summary>
    public static TimeSource Choose(double wallCpuRatio, int threads) =>
        threads == 1 && wallCpuRatio > BusyRatio ? TimeSource.Cpu : TimeSource.Wall;
}
