using System.Globalization;
using System.Text;
using HwNas.Core;

namespace HwNas.Cli.Doctor;

/// <summary>The report for a person.</summary>
internal static class MachineText
{
    public static string Of(MachineReport report)
    {
        var text = new StringBuilder();
        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-10}{value}\n");

        Line("hwnas", report.ToolVersion);
        Line(".NET", $"{report.Dotnet} on {report.OperatingSystem}");
        var cpu = report.Cpu;
        Line("CPU", $"{cpu.Model} ({cpu.Architecture}), {Plural.Of(cpu.Cores, "core")}, "
            + Plural.Of(cpu.Threads, "usable thread"));
        Line("", cpu.Features.Count > 0 ? string.Join(' ', cpu.Features) : "no instruction sets known");
        Line("memory", $"{Gib(report.Memory.UsableBytes)}{(report.Memory.FreeBytes is { } free ? $", {Gib(free)} free" : "")}");
        if (report.Gpus.Count == 0)
            Line("GPU", "none that nvidia-smi lists");
        foreach (var gpu in report.Gpus)
            Line("GPU", $"{gpu.Name}, {gpu.MemoryMib} MiB, driver {gpu.Driver}");

        var width = report.Findings.Max(finding => finding.Name.Length) + 2;
        text.Append('\n');
        foreach (var finding in report.Findings)
        {
            var mark = finding.IsFound ? "✓" : finding.IsRequired ? "✗" : "–";
            text.Append($"{mark} {finding.Name.PadRight(width)}{(finding.IsFound ? finding.Details : finding.Problem)}\n");
            if (!finding.IsFound)
                text.Append($"  {new string(' ', width)}for {finding.Purpose}: {finding.Remedy}\n");
        }

        string[] missing = [.. report.Findings.Where(finding => !finding.IsFound && finding.IsRequired)
            .Select(finding => finding.Name)];
        text.Append(missing.Length == 0
            ? "\nEverything is here that training, profiling, searching and exporting need.\n"
            : $"\nMissing: {string.Join(", ", missing)}. Do what is said there, then run 'hwnas doctor' again.\n");
        return text.ToString();
    }

    private static string Gib(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB");
}
