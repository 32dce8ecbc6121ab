using System.Text.Json.Nodes;
using HwNas.Cli;
using HwNas.Cli.Doctor;
using HwNas.Cli.Reporting;
using HwNas.Core.Devices;

namespace HwNas.Native.Tests.Doctor;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Json_output_is_one_object_whose_verdict_is_the_exit_code()
    {
        var (code, output, error) = await Run("doctor", "--json");

        var report = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(MachineReport.CurrentSchema, (string?)report["schema"]);
        Assert.Equal("", error);
        Assert.Equal((bool)report["can_run_main_job"]! ? 0 : 1, code);
        Assert.True((int)report["cpu"]!["threads"]! >= 1);
        Assert.True((long)report["memory"]!["usable_bytes"]! > 0);
        string[] names = [.. report["findings"]!.AsArray().Select(finding => (string)finding!["name"]!)];
        Assert.Contains("libtorch", names);
        Assert.Contains("ONNX Runtime", names);
        Assert.Contains("Fashion-MNIST", names);
        Assert.Contains("onnxruntime-web", names);
    }

    [Fact]
    public async Task No_line_is_wider_than_the_terminal()
    {
        using var output = new StringWriter();
        await Program.RunAsync(
            ["doctor"], new CommandContext(output, TextWriter.Null, TimeProvider.System) { Screen = new Screen(60) });
        Assert.All(output.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 60));
    }

    [Fact]
    public async Task A_missing_data_set_fails_and_says_what_to_install()
    {
        (var code, var output, _) = await Run("doctor", "--data", "/hwnas-no-such-folder");
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("✗ /hwnas-no-such-folder", output);
        Assert.Contains("apt-get install dataset-fashion-mnist", output);
        Assert.Contains("Missing: ", output);
    }

    [Fact]
    public void The_libraries_that_the_tests_use_themselves_are_found_with_their_versions()
    {
        var findings = LibraryProbe.All();
        Assert.Matches(@"^2\.\d+.* in /", findings.Single(finding => finding.Name == "libtorch").Details);
        Assert.Matches(@"^\d+\.\d+", findings.Single(finding => finding.Name == "Skia").Details);
        Assert.Matches(@"^\d+\.\d+", findings.Single(finding => finding.Name == "ONNX Runtime").Details);
    }

    [Fact]
    public void The_text_says_that_all_is_well_only_when_it_is()
    {
        var cpu = new CpuReport("CPU", "x64", 1, 1, []);
        var library = new Finding(FindingKind.Library, "liba", "all", IsRequired: true) { IsFound = true, Details = "1.0" };
        var optional = new Finding(FindingKind.Program, "prog", "little", IsRequired: false)
        {
            Problem = "not found",
            Remedy = "get it",
        };
        var report = new MachineReport
        {
            ToolVersion = "0",
            Dotnet = "10",
            OperatingSystem = "OS",
            Cpu = cpu,
            Memory = new MemoryReport(3L << 30, null),
            Gpus = [new GpuReport("G", 1024, "5")],
            Findings = [library, optional],
        };

        string well = MachineText.Of(report),
            ill = MachineText.Of(
                report with { Findings = [library with { IsFound = false, Problem = "broken", Remedy = "mend it" }, optional] });

        Assert.Contains("Everything is here", well);
        Assert.Contains("1 core, 1 usable thread\n", well);
        Assert.Contains("3.0 GiB\n", well);
        Assert.Contains("GPU       G, 1024 MiB, driver 5", well);
        Assert.Contains("– prog  not found\n        for little: get it", well);
        Assert.Contains("Missing: liba.", ill);
        Assert.DoesNotContain("Everything", ill);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Program.RunAsync(args, new CommandContext(output, error, TimeProvider.System));
        return (code, output.ToString(), error.ToString());
    }
}
