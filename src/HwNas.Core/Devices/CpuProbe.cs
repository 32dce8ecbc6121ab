using System.Runtime.InteropServices;

namespace HwNas.Core.Devices;

/// <summary>Reads the processor's description as Linux gives it.</summary>
public static class CpuProbe
{
    /// <summary>Of some 150 flags, those that change how fast a network runs (Intel, AMD and ARM).</summary>
    private static readonly string[] SpeedFeatures =
    [
        "avx", "fma", "avx2", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_int8",
        "amx_bf16",
        "asimd", "asimddp", "asimdhp", "i8mm", "bf16", "sve", "sve2",
    ];

    /// <summary>This machine's processor.</summary>
    public static CpuReport Read()
    {
        const string Path = "/proc/cpuinfo";
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return File.Exists(Path)
            ? Parse(File.ReadAllText(Path), architecture, Environment.ProcessorCount)
            : new CpuReport("unknown", architecture, Environment.ProcessorCount, Environment.ProcessorCount, []);
    }

    /// <summary>One paragraph for each logical processor, with lines of "key : value".</summary>
    internal static CpuReport Parse(string cpuInfo, string architecture, int usableThreads)
    {
        Dictionary<string, string>[] processors =
        [
            .. cpuInfo.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(paragraph => paragraph.Split('\n')
                .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).Where(pair => pair.Length == 2)
                .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]))
                .Where(pairs => pairs.ContainsKey("processor")),
        ];
        string? First(params ReadOnlySpan<string> keys)
        {
            foreach (var key in keys)
            {
                if (processors.Select(processor => processor.GetValueOrDefault(key))
                    .FirstOrDefault(value => value is not null) is { } value)
                {
                    return value;
                }
            }

            return null;
        }

        // ARM gives no core ids: there a logical processor is a core.
        var cores = processors.Select(
            (processor, i) => (processor.GetValueOrDefault("physical id"), processor.GetValueOrDefault("core id") ?? $"#{i}"))
            .Distinct()
            .Count();
        var flags = (First("flags", "Features") ?? "").Split(' ').ToHashSet();
        return new CpuReport(First("model name", "Model", "Hardware", "CPU part") ?? "unknown", architecture,
            Math.Max(cores, 1), usableThreads, [.. SpeedFeatures.Where(flags.Contains)]);
    }
}

/// <summary>A processor.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Architecture">Instruction set architecture, such as x64.</param>
/// <param name="Cores">Physical cores.</param>
/// <param name="Threads">Threads that this process may use.</param>
/// <param name="Features">Instruction sets that change how fast a network runs.</param>
public sealed record CpuReport(string Model, string Architecture, int Cores, int Threads, IReadOnlyList<string> Features);
