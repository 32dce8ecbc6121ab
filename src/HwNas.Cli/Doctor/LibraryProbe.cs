using System.Runtime.InteropServices;
using HwNas.Core;
using HwNas.Onnx.Runtime;
using SkiaSharp;

namespace HwNas.Cli.Doctor;

/// <summary>Loads the native libraries as the tool itself would, and asks them for their versions.</summary>
internal static class LibraryProbe
{
    // The packages bring the libraries along, and the build puts them beside the tool.
    private const string Remedy = "run eng/setup.sh, which restores the NuGet package, then build again";

    public static IReadOnlyList<Finding> All() =>
    [
        Check(new(FindingKind.Library, "libtorch", "training and evaluation", IsRequired: true), () => Loads("LibTorchSharp"), Remedy),
        Check(new(FindingKind.Library, "ONNX Runtime", "profiling, verifying and int8", IsRequired: true), () => OnnxEnvironment.Version, Remedy),
        Check(new(FindingKind.Library, "Skia", "pictures", IsRequired: true), () => SkiaSharpVersion.Native.ToString(), Remedy),
    ];

    internal static Finding Check(Finding finding, Func<string> version, string remedy)
    {
        try
        {
            return finding with { IsFound = true, Details = version() };
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException or MissingDependencyException)
        {
            return finding with { Problem = WhatIsWrong(error.Message), Remedy = remedy };
        }
    }

    /// <summary>
    /// Of the loader's long message: its first sentence, and the line about a library that this one needs, if there is
    /// such a line (the others are about the names that were tried).
    /// </summary>
    private static string WhatIsWrong(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.TrimEntries);
        string? needed = lines.FirstOrDefault(line => line.Contains(": cannot open shared object file", StringComparison.Ordinal) && !line.StartsWith('/'));
        string sentence = lines[0].Split(". ")[0].TrimEnd('.');
        return needed is null ? sentence : $"{sentence}: {needed}";
    }

    private static string Loads(string library)
    {
        NativeLibrary.Load(library, typeof(LibraryProbe).Assembly, null);
        return "loads";
    }
}
