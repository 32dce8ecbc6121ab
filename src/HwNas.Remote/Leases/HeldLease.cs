using HwNas.Core;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Remote.Leases;

/// <summary>A lease for as long as a device is measured, which may take several jobs: every sign of life renews it.</summary>
public sealed class HeldLease : IDisposable
{
    private readonly LeaseBook _book;
    private readonly Lease _lease;

    private HeldLease(LeaseBook book, Lease lease) => (_book, _lease) = (book, lease);

    /// <summary>Takes the lease of a device.</summary>
    /// <exception cref="InputException">Somebody else holds it.</exception>
    public static HeldLease Of(LeaseBook book, string device)
    {
        ArgumentNullException.ThrowIfNull(book);
        return new HeldLease(book, book.TryAcquire(device)
            ?? throw new InputException($"The device '{device}' is being measured already: two addresses lead to it, or two devices have one id. Give each an id of its own with --device."));
    }

    /// <summary>Progress that renews the lease on its way to <paramref name="progress"/>.</summary>
    public IProgress<MeasurementProgress> Renewing(IProgress<MeasurementProgress> progress) => new RenewingProgress(this, progress);

    /// <inheritdoc/>
    public void Dispose() => _book.Release(_lease);

    private sealed class RenewingProgress(HeldLease held, IProgress<MeasurementProgress> progress) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value)
        {
            held._book.Renew(held._lease);
            progress.Report(value);
        }
    }
}
