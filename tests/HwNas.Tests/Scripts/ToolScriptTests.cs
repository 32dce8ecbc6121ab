namespace HwNas.Tests.Scripts;

public sealed class ToolScriptTests : IDisposable
{
    /// <summary>A dotnet whose builds are noisy and whose tool prints its folder and arguments.</summary>
    private const string Dotnet = """
        if [[ $1 == build ]]; then
            echo noise; echo noise >&2
            mkdir -p artifacts/bin/HwNas.Cli/release && touch artifacts/bin/HwNas.Cli/release/hwnas.dll
        elif [[ $1 == *hwnas.dll ]]; then
            echo "$PWD"; shift; printf '<%s>' "$@"; exit 3
        fi
        """;

    private readonly ScriptSandbox _clone = new();

    public ToolScriptTests() => _clone.Tool("dotnet", Dotnet);

    public void Dispose() => _clone.Dispose();

    [Fact]
    public void The_tool_runs_in_the_callers_folder_with_its_arguments_exit_code_and_nothing_else_on_stdout()
    {
        var elsewhere = Path.GetTempPath().TrimEnd('/');
        var run = _clone.Run("hwnas", ["search", "--json", "a b", ""], workingDirectory: elsewhere);
        Assert.Equal((3, $"{elsewhere}\n<search><--json><a b><>"), (run.Code, run.Output));
        Assert.Equal(
            "setup: restoring NuGet packages (some minutes the first time)\n"
            + "hwnas: building (about a minute the first time)\n",
            run.Error);
        Assert.Equal("", _clone.Run("hwnas").Error);
    }

    [Fact]
    public void A_terminal_sees_how_long_the_build_takes_and_then_nothing_of_it()
    {
        _clone.Tool("dotnet", Dotnet.Replace("echo noise;", "sleep 2.5;", StringComparison.Ordinal));
        var run = _clone.RunInTerminal("hwnas");
        Assert.Contains(
            "\rhwnas: building (about a minute the first time): 0 s\rhwnas: building (about a minute the first time): 1 s",
            run.Output);
        Assert.Contains("\r\e[K", run.Output);
        Assert.DoesNotContain("noise", run.Output);

        // With three digits more they still fit 80 columns: what wraps is not drawn over, but again and again.
        Assert.All(run.Output.Split('\r', '\n'), line => Assert.InRange(line.Length, 0, 77));
    }

    [Fact]
    public void It_is_built_once_and_again_only_when_a_source_changed_came_or_went()
    {
        Assert.Equal(1, Builds());
        Assert.Equal(0, Builds());

        _clone.Write("src/HwNas.Cli/Program.cs", "// changed");
        Assert.Equal(1, Builds());
        _clone.Write("src/HwNas.Core/New.cs", "// new");
        Assert.Equal(1, Builds());
        File.Delete(Path.Combine(_clone.Root, "src/HwNas.Core/New.cs"));
        Assert.Equal(1, Builds());
        Assert.Equal(0, Builds());
    }

    [Fact]
    public void A_failed_build_shows_its_output_on_stderr_and_is_tried_again()
    {
        _clone.Tool("dotnet", "[[ $1 != build ]] || { echo 'error CS1002: ; expected'; exit 1; }");
        foreach (var _ in new[] { 1, 2 })
        {
            var run = _clone.Run("hwnas", ["doctor"]);
            Assert.Equal((1, ""), (run.Code, run.Output));
            Assert.Contains("error CS1002", run.Error);
            Assert.Contains("the build failed", run.Error);
        }
    }

    [Fact]
    public void Setup_errors_stop_it_before_the_build()
    {
        _clone.Tool("dotnet", "[[ $1 != restore ]] || exit 1");
        var run = _clone.Run("hwnas", ["doctor"]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Equal(0, run.Calls.Count(call => call.StartsWith("dotnet build", StringComparison.Ordinal)));
    }

    [Fact]
    public void Somebody_elses_clone_runs_what_is_built_there_and_says_what_is_wrong_where_nothing_is()
    {
        var unbuilt = _clone.RunAsStranger("hwnas");
        Assert.Equal((2, ""), (unbuilt.Code, unbuilt.Output));
        Assert.Contains("it is not built, and you may not write", unbuilt.Error);

        Assert.Equal(1, Builds());
        var built = _clone.RunAsStranger("hwnas");
        Assert.Equal((3, $"{_clone.Root}\n<>", ""), (built.Code, built.Output, built.Error));

        _clone.Write("src/HwNas.Cli/Program.cs", "// changed");
        var changed = _clone.RunAsStranger("hwnas");
        Assert.Equal(3, changed.Code);
        Assert.Contains("running what was built there", changed.Error);
    }

    private int Builds() => _clone.Run("hwnas").Calls.Count(call => call.StartsWith("dotnet build", StringComparison.Ordinal));
}
