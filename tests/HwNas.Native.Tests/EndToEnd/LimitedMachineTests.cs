using HwNas.Native.Tests.Kits;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>Where a machine allows little, the tool says what, and what would do.</summary>
public sealed class LimitedMachineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hwnas.dll", "hwnas: ")]
    [InlineData("hwnas-agent.dll", "hwnas-agent: ")]
    public void Too_few_open_files_are_named(string program, string name)
    {
        var result = Shell($"ulimit -n 64; dotnet '{Path.Combine(AppContext.BaseDirectory, program)}' --version");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Equal(
            $"{name}at most 64 files may be open at once here, and 512 are needed. Raise the limit: ulimit -n 1024\n",
            result.Error);
    }

    [Fact]
    public void A_kit_of_more_threads_than_processors_is_refused()
    {
        var options = SomeKit.Options with { Runtime = SomeKit.Options.Runtime with { IntraOpThreads = 2 } };
        MeasurementKit.Write(_folder.File("kit.zip"), JobWriter.ForSpace(SomeKit.Space, options));
        var result = Shell($"taskset -c 0 dotnet '{Tool.Dll}' profile run kit.zip");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("asks for 2 threads, but 1 processor(s) can be used here", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_processor_is_enough_and_more_threads_than_it_are_refused()
    {
        SomeKit.Write(_folder);
        var alone = Shell($"taskset -c 0 dotnet '{Tool.Dll}' profile run kit.zip");
        Assert.True(alone.ExitCode == 0, alone.ToString());
        var more = Shell($"taskset -c 0 dotnet '{Tool.Dll}' train --threads 2");
        Assert.True(more.ExitCode == 2, more.ToString());
        Assert.Contains("--threads 2: this machine has 1 usable processor;", more.Error, StringComparison.Ordinal);
    }

    private ToolResult Shell(string script) => Tool.RunProgram("bash", _folder.Path, "-c", script);
}
