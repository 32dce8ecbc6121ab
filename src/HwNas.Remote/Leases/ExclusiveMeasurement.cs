using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Onnx.Profiling;

namespace HwNas.Remote.Leases;

/// <summary>Measurements of a fleet: the same job for all devices, one measurement at a time on each.</summary>
public static class ExclusiveMeasurement
{
    /// <summary>Measures on a device that nobody else holds; every sign of life renews the lease.</summary>
    /// <param name="leases">The leases of the fleet.</param>
    /// <param name="device">Id of the device.</param>
    /// <param name="measure">How to reach it.</param>
    /// <param name="bundle">The job.</param>
    /// <param name="progress">Told as the device gets on.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InputException">The device is measured already, or fails.</exception>
    public static async Task<MeasurementRecord> MeasureAsync(
        this LeaseBook leases, string device, MeasureOnDevice measure, JobBundle bundle, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(leases);
        ArgumentNullException.ThrowIfNull(measure);
        var lease = leases.TryAcquire(device)
            ?? throw new InputException($"The device '{device}' is being measured already: two addresses lead to it, or two devices have one id. Give each an id of its own with --device.");
        try
        {
            return await measure(bundle, new RenewingProgress(leases, lease, progress), cancellation).ConfigureAwait(false);
        }
        finally
        {
            leases.Release(lease);
        }
    }

    private sealed class RenewingProgress(LeaseBook leases, Lease lease, IProgress<MeasurementProgress>? progress) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value)
        {
            leases.Renew(lease);
            progress?.Report(value);
        }
    }
}
