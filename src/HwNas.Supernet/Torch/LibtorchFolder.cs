using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using HwNas.Core;

namespace HwNas.Supernet.Torch;

/// <summary>A folder with libtorch's libraries.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Version">The version that it says it has, such as <c>2.10.0+cu128</c>; null where it does not say.</param>
/// <param name="Remedy">What to do when it does not load.</param>
internal sealed partial record LibtorchFolder(string Path, string? Version, string Remedy)
{
    private const string Core = "torch_cpu";
    private const string Restore = "Build again, so that NuGet restores the package: "
        + "dotnet build --force, or ./hwnas in a clone.";

    /// <summary>
    /// The version of the package that this assembly was built with; null where there is none for its platform.
    /// </summary>
    internal static string? BuiltWith { get; } =
        typeof(LibtorchFolder).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(entry => entry.Key == "LibtorchVersion")?.Value;

    /// <summary>The folder of NuGet's package for this platform.</summary>
    /// <exception cref="MissingDependencyException">There is none.</exception>
    public static LibtorchFolder OfPackage() => Searched(Core)
        ?? throw new MissingDependencyException(
            $"libtorch is missing on {RuntimeInformation.RuntimeIdentifier}: there are packages of it for linux-x64, win-x64, "
            + "win-arm64 and osx-arm64. On other platforms everything but training and evaluation works; "
            + $"train elsewhere, or name a folder with a libtorch {Libtorch.Version} in {Libtorch.FolderVariable}. {Restore}");

    /// <summary>The folder of TorchSharp's native library.</summary>
    /// <exception cref="MissingDependencyException">There is none.</exception>
    public static LibtorchFolder OfBridge() => Searched(Libtorch.Bridge)
        ?? throw new MissingDependencyException($"TorchSharp's native library {FileName(Libtorch.Bridge)} is missing. {Restore}");

    /// <summary>A folder that the user names.</summary>
    /// <exception cref="InputException">It holds no libtorch, or one of another version.</exception>
    public static LibtorchFolder Named(string path)
    {
        var folder = new LibtorchFolder(
            System.IO.Path.GetFullPath(path), null,
            $"Name another folder in {Libtorch.FolderVariable}, or unset it to use the package's libtorch.");
        if (!File.Exists(folder.FileOf(Core)))
        {
            throw new InputException(
                $"'{path}' holds no {FileName(Core)}. {Libtorch.FolderVariable} is the folder of libtorch's libraries, "
                + $"such as the torch/lib of a PyTorch {Libtorch.Version}.");
        }

        var version = folder.StatedVersion();
        if (version is not null && !version.StartsWith(Libtorch.Version + ".", StringComparison.Ordinal))
            throw new InputException($"'{path}' is libtorch {version}, but TorchSharp needs {Libtorch.Version}. {folder.Remedy}");
        return folder with { Version = version };
    }

    /// <summary>The file of a library in this folder.</summary>
    public string FileOf(string library) => System.IO.Path.Combine(Path, FileName(library));

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    // Where .NET looks for native libraries: the packages' folders in development, the program's own once published.
    private static LibtorchFolder? Searched(string library)
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Append(AppContext.BaseDirectory)
            .Select(folder => new LibtorchFolder(folder, BuiltWith, Restore))
            .FirstOrDefault(folder => File.Exists(folder.FileOf(library)));
    }

    // A PyTorch has torch/version.py beside torch/lib; a libtorch archive has build-version beside lib.
    private string? StatedVersion()
    {
        foreach (var file in (string[])["version.py", "build-version"])
        {
            var path = System.IO.Path.Combine(Path, "..", file);
            if (File.Exists(path) && VersionNumber().Match(File.ReadAllText(path)) is { Success: true } match)
                return match.Value;
        }

        return null;
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+[\w.+]*")]
    private static partial Regex VersionNumber();
}
