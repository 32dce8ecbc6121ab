using System.Security.Cryptography;

namespace HwNas.Remote.Leases;

/// <summary>An exclusive right to measure on a device.</summary>
/// <param name="Device">The device.</param>
/// <param name="Secret">Proves the right; nobody can guess it.</param>
public sealed record Lease(string Device, string Secret);

/// <summary>
/// Exclusive leases: two measurements at once on one device would measure each other. A lease ends when it is given
/// back, or when its holder has been silent for too long. Safe for several threads.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="silence">How long a holder may be silent.</param>
public sealed class LeaseBook(TimeProvider clock, TimeSpan silence)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Lease Lease, long Seen)> _leases = [];

    /// <summary>The lease of a device that nobody holds; null while somebody does.</summary>
    public Lease? TryAcquire(string device)
    {
        lock (_gate)
        {
            if (IsHeld(device))
                return null;
            var lease = new Lease(device, RandomNumberGenerator.GetHexString(32, lowercase: true));
            _leases[device] = (lease, clock.GetTimestamp());
            return lease;
        }
    }

    /// <summary>Whether somebody holds a lease of the device.</summary>
    public bool IsHeld(string device)
    {
        lock (_gate)
            return _leases.TryGetValue(device, out var held) && clock.GetElapsedTime(held.Seen) < silence;
    }

    /// <summary>Whether the lease still holds; if so its silence begins anew.</summary>
    public bool Renew(Lease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        lock (_gate)
        {
            if (!_leases.TryGetValue(lease.Device, out var held)
                || held.Lease != lease
                || clock.GetElapsedTime(held.Seen) >= silence)
            {
                return false;
            }

            _leases[lease.Device] = (lease, clock.GetTimestamp());
            return true;
        }
    }

    /// <summary>Gives a lease back; one that has ended already stays ended.</summary>
    public void Release(Lease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        lock (_gate)
        {
            if (_leases.TryGetValue(lease.Device, out var held) && held.Lease == lease)
                _leases.Remove(lease.Device);
        }
    }
}
