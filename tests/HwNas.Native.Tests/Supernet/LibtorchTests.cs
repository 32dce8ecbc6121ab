using System.Diagnostics;
using System.Text.Json;
using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Torch;

namespace HwNas.Native.Tests.Supernet;

/// <summary>What is loaded, and what is said where it cannot be.</summary>
public sealed class LibtorchTests
{
    [Fact]
    public void The_package_of_this_platform_loads()
    {
        var info = Libtorch.Require();
        Assert.StartsWith(Libtorch.Version, info.Version, StringComparison.Ordinal);
        Assert.False(info.IsOwn);
        Assert.True(Directory.Exists(info.Folder));
    }

    [Fact]
    public void A_folder_without_libtorch_is_refused()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InputException>(() => LibtorchFolder.Named(folder.Path));
        Assert.Contains("libtorch_cpu", error.Message, StringComparison.Ordinal);
        Assert.Contains(Libtorch.FolderVariable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_libtorch_of_another_version_is_refused_before_it_is_loaded()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("lib"));
        File.WriteAllText(folder.File("lib/libtorch_cpu.so"), "");
        File.WriteAllText(folder.File("version.py"), "__version__ = '2.11.0+cu130'\n");
        var error = Assert.Throws<InputException>(() => LibtorchFolder.Named(folder.File("lib")));
        Assert.Contains("2.11.0+cu130", error.Message, StringComparison.Ordinal);
        Assert.Contains(Libtorch.Version, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "no 64-bit library")]
    [InlineData("truncated", "is damaged")]
    [InlineData("other processor", "another processor")]
    public void A_damaged_library_is_named_before_the_loader_maps_it(string damage, string problem)
    {
        using var folder = new TemporaryFolder();
        var image = File.ReadAllBytes(LibtorchFolder.OfPackage().FileOf("c10"));
        if (damage == "other processor")
            image[18]++;
        File.WriteAllBytes(
            folder.File("libx.so"),
            damage == "text" ? "no library"u8.ToArray() : damage == "truncated" ? image[..(image.Length / 2)] : image);
        var error = Assert.Throws<BadImageFormatException>(() => ElfFile.Check(folder.File("libx.so")));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_flag_of_the_one_version_need_is_changed()
    {
        var path = LibtorchFolder.OfBridge().FileOf(Libtorch.Bridge);
        byte[] before = File.ReadAllBytes(path), after = [.. before];
        OlderLibstdcxx.MakeWeak(after, path);
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();
        Assert.Equal(2, Assert.Single(changed.Select(i => (int)after[i])));
        Assert.Throws<DllNotFoundException>(() => OlderLibstdcxx.MakeWeak([1, 2, 3], "libx.so"));
    }

    [Theory]
    [InlineData("missing", "is missing")]
    [InlineData("truncated", "is damaged")]
    public void The_tool_exits_with_2_and_says_what_to_do(string damage, string problem)
    {
        using var folder = new TemporaryFolder();
        var native = "runtimes/linux-x64/native";
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory)
            .Where(file => Path.GetExtension(file) is ".dll" or ".json"))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }

        Directory.CreateDirectory(folder.File(native));
        if (damage == "truncated")
        {
            using var stream = File.OpenRead(LibtorchFolder.OfPackage().FileOf("torch_cpu"));
            var head = new byte[1 << 20];
            stream.ReadExactly(head);
            File.WriteAllBytes(folder.File($"{native}/libtorch_cpu.so"), head);
            File.Copy(LibtorchFolder.OfPackage().FileOf("c10"), folder.File($"{native}/libc10.so"));
            File.Copy(LibtorchFolder.OfBridge().FileOf(Libtorch.Bridge), folder.File($"{native}/libLibTorchSharp.so"));
        }

        var start = new ProcessStartInfo("dotnet", [
            folder.File("hwnas.dll"), "train", "--steps", "1", "--out", folder.File("run"),
        ]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 2, error);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.Contains("dotnet build", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tool_takes_the_folder_as_an_option_and_refuses_what_is_no_libtorch()
    {
        using var folder = new TemporaryFolder();
        var run = Tool.RunAlone(folder.Path, "train", "--steps", "1", "--libtorch", folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"'{folder.Path}' holds no libtorch_cpu.so", run.Error, StringComparison.Ordinal);
    }

    // The packages that were resolved, by the file that .NET itself goes by.
    [Fact]
    public void The_version_is_that_of_the_package_that_was_resolved()
    {
        var dependencies = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "HwNas.Native.Tests.deps.json"))).RootElement;
        var package = dependencies.GetProperty("libraries")
            .EnumerateObject()
            .Single(library => library.Name.StartsWith("libtorch-cpu-", StringComparison.Ordinal));
        Assert.Equal(package.Name.Split('/')[1], Libtorch.Require().Version);
    }

    [Theory]
    [InlineData("train", "--steps", "1")]
    [InlineData("profile", "--seconds", "1")]
    public void More_threads_than_processors_are_refused_with_the_number_that_makes_sense(params string[] command)
    {
        using var folder = new TemporaryFolder();
        var run = Tool.Run(folder.Path, [.. command, "--threads", "1000"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{Environment.ProcessorCount} usable processors", run.Error, StringComparison.Ordinal);
    }
}
