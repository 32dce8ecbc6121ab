namespace HwNas.Core.Devices.Measurement;

/// <summary>The times of one model, one for each pass in which it was not disturbed, in order of the passes.</summary>
public sealed class ModelSamples
{
    private readonly List<double> _wallUs = [];
    private readonly List<double> _cpuUs = [];

    /// <summary>Number of samples.</summary>
    public int Count => _wallUs.Count;

    /// <summary>Samples that were thrown away because something else is known to have run meanwhile.</summary>
    public int Disturbed { get; private set; }

    /// <summary>Elapsed times in microseconds.</summary>
    public IReadOnlyList<double> WallUs => _wallUs;

    /// <summary>CPU times in microseconds; all 0 where the device cannot tell.</summary>
    public IReadOnlyList<double> CpuUs => _cpuUs;

    /// <summary>The times that a statistic looks at.</summary>
    public IReadOnlyList<double> Values(TimeSource source) => source == TimeSource.Cpu ? _cpuUs : _wallUs;

    /// <summary>The samples of each of so many models.</summary>
    public static IReadOnlyList<ModelSamples> Of(IEnumerable<MeasuredPass> passes, int models)
    {
        ArgumentNullException.ThrowIfNull(passes);
        var samples = Enumerable.Range(0, models).Select(_ => new ModelSamples()).ToArray();
        foreach (var pass in passes)
        {
            for (var model = 0; model < models; model++)
                samples[model].Add(pass[model]);
        }

        return samples;
    }

    /// <summary>Adds a sample.</summary>
    public void Add(LayerTime time)
    {
        if (time.Disturbed)
        {
            Disturbed++;
            return;
        }

        _wallUs.Add(time.WallUs);
        _cpuUs.Add(time.CpuUs);
    }
}
