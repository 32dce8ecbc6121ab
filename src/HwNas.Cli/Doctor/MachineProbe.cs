using System.Globalization;
using System.Runtime.InteropServices;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Remote.Browser;

namespace HwNas.Cli.Doctor;

/// <summary>Looks at this machine.</summary>
internal static class MachineProbe
{
    public static MachineReport Read(string data)
    {
        return new MachineReport
        {
            ToolVersion = ToolVersion.Text,
            Dotnet = Environment.Version.ToString(),
            OperatingSystem = RuntimeInformation.OSDescription,
            Cpu = CpuProbe.Read(),
            Memory = new MemoryReport(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, FreeMemoryBytes()),
            Gpus = ProgramProbe.NvidiaGpus(),
            Findings =
            [
                .. LibraryProbe.All(),
                DataSetProbe.Check(data),
                ProgramProbe.Find(
                    "Chromium", "profiling in a browser", "apt-get install chromium", "chromium", "chromium-browser",
                    "google-chrome"),
                BrowserRuntimeProbe.Check(OnnxRuntimeWeb.DefaultFolder, ProgramProbe.Output("npm", "--version")),
            ],
        };
    }

    private static long? FreeMemoryBytes()
    {
        const string Path = "/proc/meminfo", Key = "MemAvailable:";
        if (!File.Exists(Path))
            return null;
        string? line = File.ReadLines(Path).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is null
            ? null
            : 1024 * long.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
