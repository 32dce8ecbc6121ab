using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using HwNas.Core;
using TorchSharp;

namespace HwNas.Supernet.Torch;

/// <summary>What was loaded.</summary>
/// <param name="Version">Version of libtorch.</param>
/// <param name="Folder">Where its libraries lie.</param>
/// <param name="IsOwn">Whether the folder was named by the user (<see cref="Libtorch.FolderVariable"/>).</param>
/// <param name="HasCuda">Whether it is a build with CUDA.</param>
/// <param name="IsAdapted">Whether TorchSharp's library was adapted to an older libstdc++ (<see cref="OlderLibstdcxx"/>).</param>
public sealed record LibtorchInfo(string Version, string Folder, bool IsOwn, bool HasCuda, bool IsAdapted);

/// <summary>
/// Loads libtorch and TorchSharp's native library, once, before the first tensor: with the settings that training
/// needs, from a folder of the user's own where one is named, and also where the system's libstdc++ is older than theirs.
/// </summary>
public static class Libtorch
{
    /// <summary>
    /// Environment variable with a folder of libtorch libraries to use in place of the
    /// package's (a PyTorch's <c>torch/lib</c>).
    /// </summary>
    public const string FolderVariable = "HWNAS_LIBTORCH";

    /// <summary>The version that TorchSharp's native library was built with; another one is another binary interface.</summary>
    internal const string Version = "2.10";

    /// <summary>TorchSharp's native library.</summary>
    internal const string Bridge = "LibTorchSharp";

    // In the order in which they need each other.
    private static readonly string[] Parts = ["c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch"];

    // TorchSharp's static constructor may wait for what Loading guards, while who guards Preparing waits for that constructor.
    private static readonly Lock Preparing = new();
    private static readonly Lock Loading = new();
    private static LibtorchInfo? _prepared;
    private static LibtorchInfo? _loaded;
    private static nint _bridge;

    /// <summary>Loads libtorch if it is not loaded yet.</summary>
    /// <exception cref="MissingDependencyException">It is missing, damaged, of another version, or does not
    /// exist for this platform.</exception>
    public static LibtorchInfo Require()
    {
        lock (Preparing)
        {
            if (_prepared is null)
            {
                _prepared = Loaded();

                // Threads have work of their own each (SideBySide); operators get one unless somebody says otherwise.
                torch.set_num_threads(1);
            }

            return _prepared;
        }
    }

    // TorchSharp looks for its library by name. Where the system's loader refuses it, .NET asks here, also on behalf of
    // a program that uses TorchSharp before anything of ours.
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "It has to be there before TorchSharp's first native call.")]
    internal static void AnswerTorchSharp() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
    {
        if (name != Bridge)
            return 0;
        Loaded();
        return _bridge;
    };

    private static LibtorchInfo Loaded()
    {
        lock (Loading)
            return _loaded ??= Load();
    }

    private static LibtorchInfo Load()
    {
        NativeAllocator.KeepFreedMemory();
        var own = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named
            ? LibtorchFolder.Named(named)
            : null;
        var folder = own ?? LibtorchFolder.OfPackage();
        var bridge = LibtorchFolder.OfBridge().FileOf(Bridge);
        try
        {
            foreach (var part in Parts.Select(folder.FileOf).Where(File.Exists))
                LoadChecked(part, NativeLibrary.Load);
            var isAdapted = false;
            try
            {
                _bridge = LoadChecked(bridge, OperatingSystem.IsLinux() ? ElfFile.LoadNow : NativeLibrary.Load);
            }
            catch (DllNotFoundException error) when (OlderLibstdcxx.IsWhy(error.Message))
            {
                _bridge = OlderLibstdcxx.Load(bridge);
                isAdapted = true;
            }

            return new LibtorchInfo(
                folder.Version ?? $"{Version} or compatible", folder.Path, own is not null,
                File.Exists(folder.FileOf("torch_cuda")), isAdapted);
        }
        catch (Exception error)
            when (error is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw new MissingDependencyException(
                $"libtorch in '{folder.Path}' cannot be loaded: {error.Message.Split('\n')[0].TrimEnd('.')}. {folder.Remedy}",
                error);
        }
    }

    private static nint LoadChecked(string path, Func<string, nint> load)
    {
        if (OperatingSystem.IsLinux())
            ElfFile.Check(path);
        return load(path);
    }
}
