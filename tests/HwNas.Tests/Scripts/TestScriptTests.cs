namespace HwNas.Tests.Scripts;

public sealed class TestScriptTests : IDisposable
{
    private readonly ScriptSandbox _clone = new();

    public void Dispose() => _clone.Dispose();

    [Theory]
    [InlineData(3, 0, 0, 0, "10 passed, 0 failed", 0)]
    [InlineData(2, 0, 1, 0, "9 passed, 0 failed, 1 skipped", 0)]
    [InlineData(1, 2, 0, 1, "8 passed, 2 failed", 1)]
    public void The_last_line_adds_both_projects_up_and_the_exit_code_says_whether_all_passed(
        int passed, int failed, int skipped, int testExit, string lastLine, int code)
    {
        _clone.Tool("dotnet", TestRuns((passed, failed, skipped, testExit), (7, 0, 0, 0)));
        var run = _clone.Run("test.sh");
        Assert.Equal(lastLine, run.Output.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(code, run.Code);
    }

    [Fact]
    public void No_test_at_all_is_a_failure()
    {
        _clone.Tool("dotnet", TestRuns((0, 0, 0, 0), (0, 0, 0, 0)));
        var run = _clone.Run("test.sh");
        Assert.Equal((1, "0 passed, 0 failed"), (run.Code, run.Output.Trim().Split('\n')[^1]));
    }

    [Fact]
    public void A_run_that_breaks_off_without_a_report_counts_as_a_failure()
    {
        _clone.Tool("dotnet", "[[ $* != *Native* ]] || exit 134\n" + TestRuns((5, 0, 0, 0), (1, 0, 0, 0)));
        var run = _clone.Run("test.sh");
        Assert.Equal((1, "5 passed, 1 failed"), (run.Code, run.Output.Trim().Split('\n')[^1]));
    }

    [Fact]
    public void Filters_reach_both_test_runs()
    {
        _clone.Tool("dotnet", TestRuns((1, 0, 0, 0), (0, 0, 0, 0)));
        var run = _clone.Run("test.sh", ["--filter", "Pareto"]);
        Assert.Equal(0, run.Code);
        Assert.Equal(2, run.Calls.Count(call => call.StartsWith("dotnet test", StringComparison.Ordinal)
            && call.EndsWith("--filter Pareto", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_build_that_fails_ends_the_run()
    {
        _clone.Tool("dotnet", "[[ $1 != build ]] || exit 1");
        var run = _clone.Run("test.sh");
        Assert.NotEqual(0, run.Code);
        Assert.DoesNotContain(run.Calls, call => call.StartsWith("dotnet test", StringComparison.Ordinal));
    }

    /// <summary>A dotnet that writes the reports of the two projects as the test platform does.</summary>
    private static string TestRuns(
        (int Passed, int Failed, int Skipped, int Exit) managed, (int Passed, int Failed, int Skipped, int Exit) native)
    {
        static string Report(string project, (int Passed, int Failed, int Skipped, int Exit) run)
        {
            var ran = run.Passed + run.Failed;
            var counts = $"passed=\"{run.Passed}\" failed=\"{run.Failed}\" error=\"0\" notExecuted=\"0\"";
            return $$"""
                if [[ $1 == test && $2 == *{{project}}.csproj ]]; then
                    mkdir -p artifacts/test-results
                    cat >artifacts/test-results/{{project}}.trx <<'TRX'
                <TestRun><ResultSummary outcome="Completed">
                    <Counters total="{{run.Passed + run.Failed + run.Skipped}}" executed="{{ran}}" {{counts}} />
                </ResultSummary></TestRun>
                TRX
                    exit {{run.Exit}}
                fi

                """;
        }

        return Report("HwNas.Tests", managed) + Report("HwNas.Native.Tests", native);
    }
}
