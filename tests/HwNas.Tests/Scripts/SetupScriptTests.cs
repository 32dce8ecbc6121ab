namespace HwNas.Tests.Scripts;

public sealed class SetupScriptTests : IDisposable
{
    private const string Setup = "eng/setup.sh", Choice = "eng/packages.local.props";

    private readonly ScriptSandbox clone = new();

    public void Dispose() => clone.Dispose();

    [Fact]
    public void A_feed_with_the_packages_is_used_and_no_stand_in_is_prepared()
    {
        var run = clone.Run(Setup);

        Assert.Equal(0, run.Code);
        Assert.Contains("<HwNasPackages Condition=", clone.Read(Choice));
        Assert.Contains(">nuget</HwNasPackages>", clone.Read(Choice));
        Assert.Contains("the feed has TorchSharp", run.Error);
        Assert.StartsWith("dotnet restore", Assert.Single(run.Calls));
    }

    [Fact]
    public void A_feed_without_them_means_stand_ins_with_the_names_of_what_it_lacks()
    {
        clone.Tool("dotnet", "echo 'x.csproj : error NU1101: Unable to find package TorchSharp. No packages exist'; echo 'error NU1101: Unable to find package Microsoft.ML.OnnxRuntime. No'; exit 1");

        var run = clone.Run(Setup);

        Assert.Equal(0, run.Code);
        Assert.Contains(">standin</HwNasPackages>", clone.Read(Choice));
        Assert.Contains("the feed lacks Microsoft.ML.OnnxRuntime, TorchSharp", run.Error);
        Assert.Contains("npm ci --ignore-scripts --no-audit --no-fund", run.Calls);
        Assert.Contains(run.Calls, call => call.StartsWith("cmake -S src/StandIns/TorchSharp/native -B artifacts/native/build", StringComparison.Ordinal));
        Assert.Contains(run.Calls, call => call.StartsWith("cmake --build", StringComparison.Ordinal));
    }

    [Fact]
    public void A_feed_that_fails_otherwise_means_stand_ins_and_the_reason_says_so()
    {
        clone.Tool("dotnet", "echo 'error NU1301: Unable to load the service index'; exit 1");
        var run = clone.Run(Setup);
        Assert.Equal(0, run.Code);
        Assert.Contains("could not be asked: error NU1301", run.Error);
        Assert.Contains(">standin</HwNasPackages>", clone.Read(Choice));
    }

    [Fact]
    public void The_second_run_does_nothing_and_quietly_says_nothing()
    {
        clone.Run(Setup, packages: "standin");
        var again = clone.Run(Setup, ["--quiet"]);
        Assert.Equal((0, "", ""), (again.Code, again.Output, again.Error));
        Assert.Empty(again.Calls);
    }

    [Fact]
    public void A_changed_lock_file_installs_the_npm_packages_again_and_nothing_else()
    {
        clone.Run(Setup, packages: "standin");
        clone.Write("package-lock.json", "{}");
        Assert.Equal("npm ci --ignore-scripts --no-audit --no-fund", Assert.Single(clone.Run(Setup).Calls));
    }

    [Theory]
    [InlineData("src/StandIns/TorchSharp/native/CMakeLists.txt")]
    [InlineData("src/StandIns/TorchSharp/native/new.cpp")]
    public void Changed_or_new_sources_build_the_shim_again_and_nothing_else(string file)
    {
        clone.Run(Setup, packages: "standin");
        clone.Write(file, "changed");
        Assert.All(clone.Run(Setup).Calls, call => Assert.StartsWith("cmake", call));
        Assert.Empty(clone.Run(Setup).Calls);
    }

    [Fact]
    public void A_failed_step_is_done_again_by_the_next_run()
    {
        clone.Tool("npm", "echo 'npm error: registry'; exit 1");
        var failed = clone.Run(Setup, packages: "standin");
        Assert.Equal(2, failed.Code);
        Assert.Contains("npm error: registry", failed.Error);
        Assert.Contains("npm ci failed", failed.Error);

        clone.Tool("npm", "mkdir -p node_modules");
        Assert.Equal(0, clone.Run(Setup).Code);
    }

    [Fact]
    public void Missing_debian_packages_and_no_others_are_installed()
    {
        clone.Tool("dpkg-query", ScriptSandbox.InstalledPackages("libcairo2", "fonts-dejavu-core"));
        var run = clone.Run(Setup, packages: "standin");
        Assert.Equal(0, run.Code);
        Assert.Contains("apt-get update", run.Calls);
        Assert.Contains("apt-get install --yes --no-install-recommends dataset-fashion-mnist libtorch-dev", run.Calls);
    }

    [Fact]
    public void With_nuget_only_the_data_set_is_installed()
    {
        clone.Tool("dpkg-query", "exit 1");
        Assert.Contains("apt-get install --yes --no-install-recommends dataset-fashion-mnist", clone.Run(Setup, packages: "nuget").Calls);
    }

    [Fact]
    public void When_apt_fails_the_message_holds_the_command_to_run()
    {
        clone.Tool("dpkg-query", "exit 1");
        clone.Tool("apt-get", "echo 'E: Unable to fetch'; exit 100");
        var run = clone.Run(Setup, packages: "nuget");
        Assert.Equal(2, run.Code);
        Assert.Contains("E: Unable to fetch", run.Error);
        Assert.Contains("As root, run: apt-get update && apt-get install --yes --no-install-recommends dataset-fashion-mnist", run.Error);
    }

    [Fact]
    public void A_choice_stays_until_another_is_given()
    {
        clone.Run(Setup, ["--packages", "standin"]);
        Assert.Empty(clone.Run(Setup).Calls);
        clone.Run(Setup, ["--packages=nuget"]);
        Assert.Contains(">nuget</HwNasPackages>", clone.Read(Choice));
        Assert.StartsWith("dotnet restore", clone.Run(Setup, packages: "auto").Calls[0]);
    }

    [Theory]
    [InlineData("--packages=torch")]
    [InlineData("--packages")]
    [InlineData("--verbose")]
    public void Wrong_arguments_are_refused(string argument)
    {
        var run = clone.Run(Setup, [argument]);
        Assert.Equal(2, run.Code);
        Assert.Contains("standin", run.Error);
        Assert.Empty(run.Calls);
    }
}
