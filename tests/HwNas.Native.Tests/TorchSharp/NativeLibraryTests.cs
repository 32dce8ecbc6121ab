using System.Diagnostics;
using global::TorchSharp.Interop;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>Without the shim or libtorch: what to install, and exit code 2.</summary>
public sealed class NativeLibraryTests
{
    [Fact]
    public void A_missing_shim_names_the_package_and_the_setup()
    {
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraryLoader.Load("/nowhere/libHwNasTorch.so"));
        Assert.Contains("/nowhere/libHwNasTorch.so is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("libtorch-dev", error.Message, StringComparison.Ordinal);
        Assert.Contains("eng/setup.sh", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shim_that_cannot_be_loaded_says_so()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("libHwNasTorch.so"), "no library");
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibraryLoader.Load(folder.File("libHwNasTorch.so")));
        Assert.Contains("needs a libtorch that could not be loaded", error.Message, StringComparison.Ordinal);
        Assert.Contains("libtorch-dev", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tool_without_its_shim_exits_with_2_and_says_what_to_install()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        var start = new ProcessStartInfo("dotnet", [folder.File("hwnas.dll"), "train", "--steps", "1", "--out", folder.File("run")]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 2, error);
        Assert.Contains("libtorch-dev", error, StringComparison.Ordinal);
        Assert.Contains("eng/setup.sh", error, StringComparison.Ordinal);
    }
}
