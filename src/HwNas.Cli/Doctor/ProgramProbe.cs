using System.ComponentModel;
using System.Diagnostics;

namespace HwNas.Cli.Doctor;

/// <summary>Asks other programs about themselves.</summary>
internal static class ProgramProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What a program prints on standard output; null where it is missing, fails or does not answer in time.</summary>
    public static string? Output(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            })!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            errors.Wait();
            return process.ExitCode == 0 ? output.Result.Trim() : null;
        }
        catch (Win32Exception)
        {
            // How .NET says that there is no such program.
            return null;
        }
    }

    /// <summary>The first of several names of a program that answers to <c>--version</c>.</summary>
    public static Finding Find(string name, string purpose, string remedy, params string[] programs)
    {
        var finding = new Finding(FindingKind.Program, name, purpose, IsRequired: false);
        foreach (var program in programs)
        {
            if (Output(program, "--version") is { Length: > 0 } version)
                return finding with { IsFound = true, Details = $"{version.Split('\n')[0].Trim()} ({program})" };
        }

        return finding with { Problem = "not found", Remedy = remedy };
    }

    /// <summary>NVIDIA's GPUs as their driver's tool lists them.</summary>
    public static IReadOnlyList<GpuReport> NvidiaGpus() =>
        ParseNvidia(Output("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits") ?? "");

    internal static IReadOnlyList<GpuReport> ParseNvidia(string csv) =>
    [
        .. from line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries)
           let cells = line.Split(',', StringSplitOptions.TrimEntries)
           where cells.Length == 3
           select new GpuReport(cells[0], long.TryParse(cells[1], out var mib) ? mib : 0, cells[2]),
    ];
}
