using HwNas.Core.Devices;

namespace HwNas.Cli.Doctor;

/// <summary>What <c>hwnas doctor</c> found; with <c>--json</c> these are the keys.</summary>
internal sealed record MachineReport
{
    public const string CurrentSchema = "hwnas.doctor/2";

    public string Schema { get; init; } = CurrentSchema;

    public required string ToolVersion { get; init; }

    public required string Dotnet { get; init; }

    public required string OperatingSystem { get; init; }

    public required CpuReport Cpu { get; init; }

    public required MemoryReport Memory { get; init; }

    public required IReadOnlyList<GpuReport> Gpus { get; init; }

    /// <summary>Native libraries, data sets and programs, in that order.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Whether everything is there that training, profiling, searching and exporting need.</summary>
    public bool CanRunMainJob => Findings.All(finding => finding.IsFound || !finding.IsRequired);
}

/// <param name="UsableBytes">What this process may use, limits of containers included.</param>
/// <param name="FreeBytes">What of it is free now, where the system tells.</param>
internal sealed record MemoryReport(long UsableBytes, long? FreeBytes);

internal sealed record GpuReport(string Name, long MemoryMib, string Driver);

internal enum FindingKind
{
    Library,
    DataSet,
    Program,
}

/// <summary>Something that was looked for.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Name">Its usual name.</param>
/// <param name="Purpose">What it is needed for.</param>
/// <param name="IsRequired">Whether the main job stops without it.</param>
internal sealed record Finding(FindingKind Kind, string Name, string Purpose, bool IsRequired)
{
    public bool IsFound { get; init; }

    /// <summary>Version, place and size of what was found.</summary>
    public string? Details { get; init; }

    /// <summary>What is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }
}
