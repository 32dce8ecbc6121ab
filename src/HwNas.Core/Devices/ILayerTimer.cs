namespace HwNas.Core.Devices;

/// <summary>
/// Runs prepared models on a device and takes the time: the seam between the measuring protocol and a runtime. The
/// models are numbered from 0; all are loaded, with their inputs and outputs allocated, before the first call.
/// </summary>
public interface ILayerTimer
{
    /// <summary>Runs a model <paramref name="runs"/> times in a row and returns the time of one run.</summary>
    LayerTime Time(int model, int runs);
}

/// <summary>Time of one run of a model.</summary>
/// <param name="WallUs">Elapsed time in microseconds, from a monotonic clock.</param>
/// <param name="CpuUs">CPU time of the calling thread in microseconds; 0 where the device cannot tell.</param>
/// <param name="Disturbed">Something that is not the model is known to have run meanwhile (a garbage collection, a hidden
/// browser tab): the sample must not be used.</param>
public readonly record struct LayerTime(double WallUs, double CpuUs, bool Disturbed = false);
