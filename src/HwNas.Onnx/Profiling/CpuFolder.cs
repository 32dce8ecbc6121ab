using System.Globalization;
using HwNas.Core.Devices;

namespace HwNas.Onnx.Profiling;

/// <summary>What Linux tells of its cores in files: clusters of equal cores, and whether heat has slowed them.</summary>
/// <param name="path">The folder with <c>cpu0</c>, <c>cpu1</c> and so on.</param>
internal sealed class CpuFolder(string path)
{
    /// <summary>The cores of this machine.</summary>
    public static CpuFolder System { get; } = new("/sys/devices/system/cpu");

    /// <summary>Cores of the same highest frequency, the fastest first; empty where the system does not tell.</summary>
    public IReadOnlyList<CoreCluster> Clusters() =>
    [
        .. Cores().Select(core => Number(Path.Combine(core, "cpufreq", "cpuinfo_max_freq"))).OfType<double>()
            .GroupBy(khz => khz / 1e3).OrderByDescending(cluster => cluster.Key)
            .Select(cluster => new CoreCluster(cluster.Count(), cluster.Key)),
    ];

    /// <summary>How often heat has slowed a core since the system started; null where it does not tell.</summary>
    public double? ThrottleCount()
    {
        var counts = Cores()
            .Select(core => Number(Path.Combine(core, "thermal_throttle", "core_throttle_count"))).OfType<double>().ToList();
        return counts.Count > 0 ? counts.Sum() : null;
    }

    private IEnumerable<string> Cores() => Directory.Exists(path)
        ? Directory.EnumerateDirectories(path, "cpu*")
            .Where(core => Path.GetFileName(core).AsSpan(3) is { Length: > 0 } number
                && !number.ContainsAnyExceptInRange('0', '9'))
        : [];

    private static double? Number(string file)
    {
        try
        {
            return File.Exists(file)
                && double.TryParse(File.ReadAllText(file).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
