using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>Full disks and streams that nobody reads are no fault of the tool: it says what, where and how to go on.</summary>
public sealed class BrokenOutputTests
{
    private const string Quoted = "\"$0\" \"$@\"";

    [Fact]
    public void A_full_stdout_is_named()
    {
        var result = Shell($"{Quoted} > /dev/full", "space", "list");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("stdout: No space left on device. Choose another", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_stdout_or_stderr_is_no_internal_error()
    {
        Assert.DoesNotContain("internal error", Shell($"{Quoted} >&-", "space", "list").Error, StringComparison.Ordinal);
        Assert.Equal(2, Shell($"{Quoted} 2>/dev/full", "search", "--run", "nowhere").ExitCode);
    }

    [Fact]
    public void A_reader_that_has_enough_ends_it_quietly()
    {
        var result = Shell($"{Quoted} | head -1", "space", "sample", "--space", "bignas", "--count", "3000");
        Assert.True(result is { ExitCode: 0, Error: "" }, result.ToString());
        Assert.Single(result.Output.TrimEnd().Split('\n'));
    }

    [SmallDiskFact]
    public void A_full_disk_ends_a_search_with_what_it_has_and_it_continues_where_there_is_room()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.csv"), string.Concat(
            Enumerable.Range(0, 4096)
                .Select(i => FormattableString.Invariant($"{i & 7}{(i >> 3) & 7}{(i >> 6) & 7}{i >> 9},{i % 97},{i % 89}\n"))
                .Prepend("arch,acc,cost\n")));
        string[] search =
        [
            "search", "--benchmark", "t.csv", "--genome", "arch", "--maximize", "acc", "--minimize", "cost", "--strategy",
            "random", "--evaluations", "2000", "--seed", "3", "--json",
        ];
        using var disk = new SmallDisk();
        var full = Tool.Run(folder.Path, [.. search, "--journal", disk.File("journal")]);
        Assert.True(full.ExitCode == 2, full.ToString());
        Assert.Contains(disk.File("journal"), full.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", full.Error, StringComparison.Ordinal);

        File.Copy(disk.File("journal"), folder.File("journal"));
        var kept = File.ReadLines(folder.File("journal")).Count() - 1;
        Assert.True(kept > 10);
        Assert.Equal(
            Found(Tool.RunWell(folder.Path, search)), Found(Tool.RunWell(folder.Path, [.. search, "--journal", "journal"])));
        Assert.Equal(2000, File.ReadLines(folder.File("journal")).Count() - 1);
    }

    [SmallDiskFact]
    public void A_full_disk_ends_a_training_and_an_export_of_tables_with_wrong_input()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk();
        foreach (var result in new[]
        {
            Tool.Run(folder.Path, "train", "--steps", "2", "--batch", "8", "--out", disk.File("run")),
            Tool.Run(folder.Path, "profile", "kit", "-o", disk.File("kit.zip")),
        })
        {
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Contains(disk.Path, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
        }
    }

    // All but the time that it took.
    private static string Found(ToolResult search) =>
        search.Output[..search.Output.IndexOf("\"seconds\"", StringComparison.Ordinal)];

    private static ToolResult Shell(string script, params string[] arguments) =>
        Tool.RunProgram("bash", Path.GetTempPath(), [
            "-c",
            "set -o pipefail; " + script.Replace("\"$0\"", "dotnet \"$0\"", StringComparison.Ordinal),
            Tool.Dll,
            .. arguments,
        ]);
}
