using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using HwNas.Core;
using HwNas.Core.Devices;

namespace HwNas.Onnx.Profiling;

/// <summary>The fingerprint of this machine, and its state while it is measured.</summary>
public static class DeviceProbe
{
    /// <summary>Describes this machine.</summary>
    /// <param name="id">The id to give it; null derives one from the processor's name.</param>
    /// <exception cref="InputException">It is no valid id.</exception>
    public static DeviceDescription Describe(string? id)
    {
        if (id is not null && DeviceIds.ProblemWithOption(id) is { } problem)
            throw new InputException(problem);
        var cpu = CpuProbe.Read();
        var vendor = cpu.Model.Split(' ')[0];
        var clusters = CpuFolder.System.Clusters();
        return new DeviceDescription(
            id ?? DefaultId(cpu),
            cpu.Model,
            vendor,
            Soc: "",
            cpu.Model,
            [.. cpu.Features.Order(StringComparer.Ordinal)],
            clusters.Count > 0 ? [.. clusters] : [new CoreCluster(cpu.Cores, MaxMhz: 0)],
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
            Accelerator: "",
            RuntimeInformation.OSDescription,
            Environment.OSVersion.Version.ToString());
    }

    /// <summary>Frequency governor; null where the system does not tell.</summary>
    internal static string? Governor() => ReadText("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");

    /// <summary>Current frequency in MHz; null where the system does not tell.</summary>
    internal static double? Mhz() => ReadNumber("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq") / 1e3;

    /// <summary>Temperature in °C; null where the system does not tell.</summary>
    internal static double? Celsius() => ReadNumber("/sys/class/thermal/thermal_zone0/temp") / 1e3;

    /// <summary>One-minute load average; null where the system does not tell.</summary>
    internal static double? Load() => ReadText("/proc/loadavg") is { } text
        && double.TryParse(text.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : null;

    private static string DefaultId(CpuReport cpu)
    {
        var text = new StringBuilder();
        foreach (var letter in $"{cpu.Model} {cpu.Threads}c"
            .ToLowerInvariant()
            .Replace("(r)", "", StringComparison.Ordinal)
            .Replace("(tm)", "", StringComparison.Ordinal))
        {
            if (char.IsAsciiLetterOrDigit(letter))
                text.Append(letter);
            else if (text.Length > 0 && text[^1] != '-')
                text.Append('-');
        }

        return text.ToString().Trim('-') is { Length: > 0 } id ? id[..Math.Min(id.Length, 48)].Trim('-') : "this-machine";
    }

    private static double? ReadNumber(string path) =>
        double.TryParse(ReadText(path), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
