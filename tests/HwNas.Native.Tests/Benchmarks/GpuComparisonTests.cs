using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Benchmarks;

/// <summary>The script that waits for a machine with a GPU, in its shortest form on the CPU.</summary>
public sealed class GpuComparisonTests
{
    private static readonly string Script = Path.Combine(Repository.Root, "benchmarks/gpu/compare.sh");

    [Fact]
    public void The_comparison_trains_searches_exports_verifies_and_reports()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"), training: 200, classes: 10);

        var run = Compare(folder, "cpu");

        Assert.True(run.ExitCode == 0, run.ToString());
        var row = File.ReadLines(folder.File("gpu.md")).Last().Split('|', StringSplitOptions.TrimEntries)[1..^1];
        Assert.Equal("cpu", row[0]);
        Assert.Equal("–", row[5]);
        Assert.All(row.Where((_, cell) => cell is not (0 or 5)), cell => Assert.Matches(@"^\d+(\.\d+)?(E-\d+)?$", cell));
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_said_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));

        var run = Compare(folder, "cpu cuda+bf16");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has no CUDA", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs/cpu")));
    }

    private static ToolResult Compare(TemporaryFolder folder, string devices) => Tool.RunProgram(
        "env", folder.Path, $"DEVICES={devices}", "STEPS=2", "EVALUATIONS=4", "DATA=bars", "WORK=runs",
        $"HWNAS=dotnet {Tool.Dll}", "bash", Script);
}
