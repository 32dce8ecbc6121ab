namespace HwNas.Tests.Scripts;

public sealed class SetupScriptTests : IDisposable
{
    private const string Setup = "eng/setup.sh";
    private const string Restore = "dotnet restore HwNas.sln";
    private const string Install = "apt-get install --yes --no-install-recommends dataset-fashion-mnist";

    private readonly ScriptSandbox _clone = new();

    public void Dispose() => _clone.Dispose();

    [Fact]
    public void Where_the_images_are_installed_only_the_packages_are_restored()
    {
        var run = _clone.Run(Setup);
        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Equal([Restore], run.Calls);
        Assert.EndsWith("setup: ready\n", run.Error);
    }

    [Fact]
    public void Missing_images_are_installed()
    {
        _clone.Tool("dpkg-query", "exit 1");
        var run = _clone.Run(Setup);
        Assert.Equal(0, run.Code);
        Assert.Equal("apt-get update", run.Calls.First(call => call.StartsWith("apt-get", StringComparison.Ordinal)));
        Assert.Contains(run.Calls, call => call.StartsWith(Install + " -o DPkg::Lock::Timeout=", StringComparison.Ordinal));
        Assert.Equal(Restore, run.Calls[^1]);
    }

    [Fact]
    public void When_apt_fails_the_message_holds_the_command_to_run()
    {
        _clone.Tool("dpkg-query", "exit 1");
        _clone.Tool("apt-get", "echo 'E: Unable to fetch'; exit 100");
        var run = _clone.Run(Setup);
        Assert.Equal(2, run.Code);
        Assert.Contains("E: Unable to fetch", run.Error);
        Assert.Contains($"As root, run: apt-get update && {Install}", run.Error);
        Assert.DoesNotContain(Restore, run.Calls);
    }

    [Fact]
    public void While_another_program_installs_it_waits_and_says_so_once()
    {
        _clone.Tool("dpkg-query", "exit 1");
        // The lists are locked twice, then free.
        _clone.Tool("apt-get", """
            [[ $1 == update ]] || exit 0
            echo x >>locked
            (($(wc -l <locked) > 2)) && exit 0
            echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)'
            exit 100
            """);
        var run = _clone.Run(Setup);
        Assert.Equal(0, run.Code);
        Assert.Single(
            run.Error.Split('\n'),
            line => line.Contains("another program is installing packages; waiting", StringComparison.Ordinal));
        Assert.Equal(3, run.Calls.Count(call => call == "apt-get update"));
    }

    [Fact]
    public void A_replaced_version_is_one_line_for_each_package()
    {
        _clone.Tool("dotnet", """
            [[ $1 == restore ]] || exit 0
            torch='A depends on TorchSharp (>= 0.107.0) but TorchSharp 0.107.0 was not found. '
            torch+='TorchSharp 0.107.2 was resolved instead.'
            plot='Dependency specified was ScottPlot (>= 5.1.59) but ended up with ScottPlot 5.2.0.'
            echo "$PWD/src/A/A.csproj : warning NU1603: $torch [$PWD/HwNas.sln]"
            echo "$PWD/src/B/B.csproj : warning NU1603: $torch [$PWD/HwNas.sln]"
            echo "$PWD/src/B/B.csproj : warning NU1601: $plot [$PWD/HwNas.sln]"
            """);
        var run = _clone.Run(Setup, ["--quiet"]);
        Assert.Equal(0, run.Code);
        Assert.Equal(
            [
                "setup: ScottPlot 5.1.59 is no longer served; 5.2.0 takes its place",
                "setup: TorchSharp 0.107.0 is no longer served; 0.107.2 takes its place",
            ],
            run.Error.TrimEnd('\n').Split('\n')[1..]);
    }

    [Theory]
    [InlineData("error NU1301: Unable to load the service index for source", "could not be restored")]
    [InlineData(
        "error NU1101: Unable to find package TorchSharp. No packages exist with this id in source(s): local",
        "no NuGet source serves TorchSharp. Sources: ")]
    [InlineData(
        "error NU1102: Unable to find package ScottPlot with version (>= 5.1.59)", "no NuGet source serves ScottPlot >= 5.1.59.")]
    public void What_cannot_be_restored_is_named(string message, string said)
    {
        _clone.Tool("dotnet", $"[[ $1 != restore ]] || {{ echo 'x.csproj : {message} [HwNas.sln]'; exit 1; }}");
        var run = _clone.Run(Setup);
        Assert.Equal(2, run.Code);
        Assert.Contains(message, run.Error);
        Assert.Contains(said, run.Error);
    }

    [Fact]
    public void An_SDK_that_is_too_old_is_refused_before_anything_is_done()
    {
        _clone.Tool("dotnet", "[[ $1 != --version ]] || exit 145");
        var run = _clone.Run(Setup);
        Assert.Equal(2, run.Code);
        Assert.Contains("the .NET 10 SDK is needed", run.Error);
        Assert.Empty(run.Calls);
    }

    [Theory]
    [InlineData("--packages=nuget")]
    [InlineData("--verbose")]
    public void Unknown_arguments_are_refused(string argument)
    {
        var run = _clone.Run(Setup, [argument]);
        Assert.Equal(2, run.Code);
        Assert.Contains($"unknown argument '{argument}'. Usage: eng/setup.sh [--quiet]", run.Error);
        Assert.Empty(run.Calls);
    }
}
