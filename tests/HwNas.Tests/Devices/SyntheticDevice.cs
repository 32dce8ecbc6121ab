using HwNas.Core.Devices;

namespace HwNas.Tests.Devices;

/// <summary>
/// A device whose times are known: each model costs what it costs, and what disturbs it is a function of time. Its
/// clock moves only when something runs.
/// </summary>
internal sealed class SyntheticDevice(double[] costsUs) : TimeProvider, ILayerTimer
{
    private long _nowNs;

    /// <summary>Elapsed time of a run of a model that costs so many microseconds, at a moment.</summary>
    public Func<double, TimeSpan, double> Wall { get; init; } = (cost, _) => cost;

    /// <summary>Whether the run that begins at a moment is disturbed.</summary>
    public Func<int, TimeSpan, bool> IsDisturbed { get; init; } = (_, _) => false;

    /// <summary>Runs so far, by model and number of runs.</summary>
    public List<(int Model, int Runs)> Log { get; } = [];

    public TimeSpan Elapsed => TimeSpan.FromTicks(_nowNs / 100);

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => _nowNs;

    public LayerTime Time(int model, int runs)
    {
        Log.Add((model, runs));
        var disturbed = IsDisturbed(model, Elapsed);
        var wallUs = Wall(costsUs[model], Elapsed);
        _nowNs += (long)(wallUs * runs * 1e3);
        return new LayerTime(wallUs, costsUs[model], disturbed);
    }
}
