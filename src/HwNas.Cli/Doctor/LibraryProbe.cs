using HwNas.Core;
using HwNas.Onnx.Runtime;
using HwNas.Supernet.Torch;
using SkiaSharp;

namespace HwNas.Cli.Doctor;

/// <summary>Loads the native libraries as the tool itself would, and asks them for their versions.</summary>
internal static class LibraryProbe
{
    // NuGet packages bring the libraries along, and the build puts them beside the tool.
    private const string Remedy = "run eng/setup.sh, which restores the NuGet package, then build again";

    public static IReadOnlyList<Finding> All() =>
    [
        Check(
            new(FindingKind.Library, "libtorch", "training and evaluation", IsRequired: true),
            () => Describe(Libtorch.Require()), Remedy),
        Check(
            new(FindingKind.Library, "CUDA", "training and evaluation on an NVIDIA GPU", IsRequired: false),
            () => Plural.Of(TorchDevice.Gpus(), "GPU") + " for --device", Remedy),
        Check(
            new(FindingKind.Library, "ONNX Runtime", "profiling, verifying and int8", IsRequired: true),
            () => OnnxEnvironment.Version, Remedy),
        Check(new(FindingKind.Library, "Skia", "pictures", IsRequired: true), () => SkiaSharpVersion.Native.ToString(), Remedy),
    ];

    internal static string Describe(LibtorchInfo torch) =>
        torch.Version
        + (torch.HasCuda ? ", with CUDA" : "")
        + (torch.IsOwn ? $", of {Libtorch.FolderVariable}" : "")
        + $", in {torch.Folder}"
        + (torch.IsAdapted ? " (adapted to this system's older libstdc++)" : "");

    internal static Finding Check(Finding finding, Func<string> version, string remedy)
    {
        try
        {
            return finding with { IsFound = true, Details = version() };
        }
        catch (HwNasException error)
        {
            // Our own messages say first what is wrong, then how to mend it.
            var parts = error.Message.Split(". ", 2);
            return finding with { Problem = parts[0].TrimEnd('.'), Remedy = parts.Length > 1 ? parts[1].TrimEnd('.') : remedy };
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException
            or BadImageFormatException)
        {
            return finding with { Problem = WhatIsWrong((error.InnerException ?? error).Message), Remedy = remedy };
        }
    }

    /// <summary>
    /// Of the loader's long message: its first sentence, and the line about a library that this one needs, if there is
    /// such a line (the others are about the names that were tried).
    /// </summary>
    private static string WhatIsWrong(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries);
        var needed = lines.FirstOrDefault(line => line.Contains(": cannot open shared object file", StringComparison.Ordinal)
            && !line.StartsWith('/'));
        var sentence = lines[0].Split(". ")[0].TrimEnd('.');
        return needed is null ? sentence : $"{sentence}: {needed}";
    }
}
