using System.Net;
using System.Security.Cryptography.X509Certificates;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Remote.Browser;

/// <summary>Where a <see cref="BrowserServer"/> listens, and what becomes of measurements.</summary>
public sealed record BrowserOptions
{
    /// <summary>The address to listen on. Default: loopback, which nobody else reaches.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The certificate of HTTPS; null serves plain HTTP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Folder of the files of <see cref="OnnxRuntimeWeb"/>, which must have been fetched.</summary>
    public string RuntimeFolder { get; init; } = OnnxRuntimeWeb.DefaultFolder;

    /// <summary>Devices that are measured; no more are let in at once, finished ones included. Default 1.</summary>
    public int Devices { get; init; } = 1;

    /// <summary>
    /// How long a device may be silent before its lease ends. Default 30 s: a page says something every few seconds.
    /// </summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The journal of the device with an id; may throw <see cref="InputException"/> to refuse the device.</summary>
    public required Func<string, string> JournalPath { get; init; }

    /// <summary>
    /// Keeps a complete measurement, already validated; may throw <see cref="InputException"/> when it is unusable, and the
    /// page is told why. Called from several threads.
    /// </summary>
    public required Action<MeasurementRecord> Keep { get; init; }
}
