using System.Runtime.InteropServices;
using HwNas.Core;
using HwNas.Onnx.Runtime;

namespace HwNas.Cli.Doctor;

/// <summary>Loads the native libraries as the tool itself would, and asks them for their versions.</summary>
internal static class LibraryProbe
{
    private const string RunSetup = "run eng/setup.sh";

    public static IReadOnlyList<Finding> All(string packages)
    {
        Finding torch = Check(new(FindingKind.Library, "libtorch", "training and evaluation", IsRequired: true),
            packages == "standin" ? () => Version("HwNasTorch", "hw_version") : () => Version("LibTorchSharp", null),
            packages == "standin" ? $"{RunSetup}: it installs Debian's libtorch-dev and builds the shim" : "restore the packages again: dotnet restore");
        Finding onnx = Check(new(FindingKind.Library, "ONNX Runtime", "profiling, verifying and int8", IsRequired: true),
            () => OnnxEnvironment.Version, $"{RunSetup}, then build again");
        // ScottPlot's own package brings its drawing library along.
        if (packages != "standin") return [torch, onnx];
        Finding cairo = Check(new(FindingKind.Library, "cairo", "pictures", IsRequired: true),
            () => Version("libcairo.so.2", "cairo_version_string"), "apt-get install libcairo2");
        return [torch, onnx, cairo];
    }

    internal static Finding Check(Finding finding, Func<string> version, string remedy)
    {
        try
        {
            return finding with { IsFound = true, Details = version() };
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or MissingDependencyException)
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

    /// <summary>Calls a C function without arguments that returns the version as a string; without one, only loads.</summary>
    private static unsafe string Version(string library, string? function)
    {
        nint handle = NativeLibrary.Load(library, typeof(LibraryProbe).Assembly, null);
        if (function is null) return "loads";
        var read = (delegate* unmanaged[Cdecl]<byte*>)NativeLibrary.GetExport(handle, function);
        return Marshal.PtrToStringUTF8((nint)read()) ?? "unknown version";
    }
}
