using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Finds the shim beside this assembly, and says what to install when it or libtorch is missing.</summary>
internal static class NativeLibraryLoader
{
    internal const string Name = "HwNasTorch";

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification =
        "The resolver has to be there before the first native call, and a static constructor would cost a check in each.")]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Name ? Load(Path.Combine(AppContext.BaseDirectory, $"lib{Name}.so")) : 0;

    /// <summary>Loads the shim from a file.</summary>
    /// <exception cref="DllNotFoundException">It is not there, or the libtorch that it needs is not.</exception>
    internal static nint Load(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error)
        {
            var cause = File.Exists(path) ? "needs a libtorch that could not be loaded" : "is missing";
            throw new DllNotFoundException(
                $"{path} {cause}. Install libtorch (Debian: apt-get install libtorch-dev) and run eng/setup.sh, " +
                $"which builds the library. The loader said: {error.Message}", error);
        }
    }
}
