using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using HwNas.Core.Devices;

namespace HwNas.Cli.Doctor;

/// <summary>Looks at this machine.</summary>
internal static class MachineProbe
{
    public static MachineReport Read(string fashionMnistFolder)
    {
        string packages = BuiltWith("HwNasPackages");
        return new MachineReport
        {
            ToolVersion = CommandContext.ToolVersion,
            Packages = packages,
            PackagesReason = BuiltWith("HwNasPackagesReason"),
            Dotnet = Environment.Version.ToString(),
            OperatingSystem = RuntimeInformation.OSDescription,
            Cpu = CpuProbe.Read(),
            Memory = new MemoryReport(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, FreeMemoryBytes()),
            Gpus = ProgramProbe.NvidiaGpus(),
            Findings =
            [
                .. LibraryProbe.All(packages),
                FashionMnistProbe.Check(fashionMnistFolder),
                ProgramProbe.Find("Chromium", "profiling in a browser", "apt-get install chromium", "chromium", "chromium-browser", "google-chrome"),
                ProgramProbe.Find("Node.js", "setup, where NuGet lacks ONNX Runtime", "apt-get install nodejs npm", "node", "nodejs"),
            ],
        };
    }

    /// <summary>What the build wrote into the assembly.</summary>
    private static string BuiltWith(string key) => typeof(MachineProbe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == key)?.Value ?? "";

    private static long? FreeMemoryBytes()
    {
        const string Path = "/proc/meminfo", Key = "MemAvailable:";
        if (!File.Exists(Path)) return null;
        string? line = File.ReadLines(Path).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? null : 1024 * long.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
