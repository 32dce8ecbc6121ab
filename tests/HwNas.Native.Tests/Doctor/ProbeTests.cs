using HwNas.Cli.Doctor;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Torch;

namespace HwNas.Native.Tests.Doctor;

public sealed class ProbeTests
{
    [Fact]
    public void Two_sockets_with_two_threads_a_core_are_counted_as_cores()
    {
        var processors =
            from socket in new[] { 0, 1 }
            from core in new[] { 0, 1, 2 }
            from thread in new[] { 0, 1 }
            select $"processor\t: {(socket * 6) + (core * 2) + thread}\nmodel name\t: Intel(R) Xeon(R): 2\n"
                + $"physical id\t: {socket}\ncore id\t\t: {core}\nflags\t\t: fpu avx2 avx512_vnni amx_int8 fma\n\n";

        var cpu = CpuProbe.Parse(string.Concat(processors), "x64", usableThreads: 4);

        Assert.Equal(("Intel(R) Xeon(R): 2", "x64", 6, 4), (cpu.Model, cpu.Architecture, cpu.Cores, cpu.Threads));
        Assert.Equal(["fma", "avx2", "avx512_vnni", "amx_int8"], cpu.Features);
    }

    [Fact]
    public void An_arm_machine_has_as_many_cores_as_processors_and_its_own_features()
    {
        const string Info = "processor\t: 0\nBogoMIPS\t: 108\nFeatures\t: fp asimd asimddp i8mm\nCPU part\t: 0xd40\n\n"
            + "processor\t: 1\nFeatures\t: fp asimd\n\nHardware\t: Board\n";
        var cpu = CpuProbe.Parse(Info, "arm64", 2);
        Assert.Equal(("0xd40", 2), (cpu.Model, cpu.Cores));
        Assert.Equal(["asimd", "asimddp", "i8mm"], cpu.Features);
    }

    [Fact]
    public void A_description_that_says_nothing_is_an_unknown_processor_of_one_core() =>
        Assert.Equal(("unknown", 1), (CpuProbe.Parse("", "x64", 1).Model, CpuProbe.Parse("\n\n", "x64", 1).Cores));

    [Fact]
    public void Nvidia_gpus_are_read_line_by_line_and_other_output_is_none()
    {
        Assert.Equal([new GpuReport("NVIDIA H200", 143771, "550.1"), new GpuReport("NVIDIA A2", 15356, "550.1")],
            ProgramProbe.ParseNvidia("NVIDIA H200, 143771, 550.1\nNVIDIA A2, 15356, 550.1\n"));
        Assert.Empty(ProgramProbe.ParseNvidia("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."));
    }

    [Fact]
    public void A_program_is_asked_and_a_missing_or_failing_one_is_no_answer()
    {
        Assert.Equal("a b", ProgramProbe.Output("echo", "a b"));
        Assert.Null(ProgramProbe.Output("false"));
        Assert.Null(ProgramProbe.Output("hwnas-no-such-program"));
        var missing = ProgramProbe.Find("X", "testing", "install x", "hwnas-no-such-program");
        Assert.Equal((false, false, "install x"), (missing.IsFound, missing.IsRequired, missing.Remedy));
    }

    [Fact]
    public void A_library_that_cannot_be_loaded_is_a_finding_with_a_remedy()
    {
        var finding = new Finding(FindingKind.Library, "libx", "testing", IsRequired: true);
        const string Message = "Unable to load shared library 'x' or one of its dependencies. In order to help…\n"
            + "libneeded.so.3: cannot open shared object file: No such file or directory\n"
            + "/usr/lib/x.so: cannot open shared object file";

        var missing = LibraryProbe.Check(finding, () => throw new DllNotFoundException(Message), "install x");
        var found = LibraryProbe.Check(finding, () => "1.2", "install x");

        Assert.Equal(
            "Unable to load shared library 'x' or one of its dependencies: libneeded.so.3: cannot open shared object file: "
            + "No such file or directory",
            missing.Problem);
        Assert.Equal((false, "install x"), (missing.IsFound, missing.Remedy));
        Assert.Equal((true, "1.2", null), (found.IsFound, found.Details, found.Problem));
    }

    [Fact]
    public void The_tools_own_messages_become_problem_and_remedy()
    {
        var finding = new Finding(FindingKind.Library, "libx", "testing", IsRequired: true);
        var missing = LibraryProbe.Check(
            finding,
            () => throw new MissingDependencyException("libx 1.2 is missing in '/x'. Build it again, or not."),
            "install x");
        Assert.Equal(("libx 1.2 is missing in '/x'", "Build it again, or not"), (missing.Problem, missing.Remedy));
        var wrong = LibraryProbe.Check(finding, () => throw new InputException("'/x' is another version."), "install x");
        Assert.Equal(("'/x' is another version", "install x"), (wrong.Problem, wrong.Remedy));
    }

    [Fact]
    public void Libtorch_is_described_with_all_that_is_special_about_it()
    {
        Assert.Equal(
            "2.10.0, in /a",
            LibraryProbe.Describe(new LibtorchInfo("2.10.0", "/a", IsOwn: false, HasCuda: false, IsAdapted: false)));
        Assert.Equal(
            "2.10.0+cu128, with CUDA, of HWNAS_LIBTORCH, in /a (adapted to this system's older libstdc++)",
            LibraryProbe.Describe(new LibtorchInfo("2.10.0+cu128", "/a", IsOwn: true, HasCuda: true, IsAdapted: true)));
    }

    [Theory]
    [InlineData("11.0.0", "fetches it by itself, with npm 11.0.0")]
    [InlineData(null, "apt-get install npm")]
    public void What_only_browsers_need_is_missing_without_harm_and_says_who_fetches_it(string? npm, string remedy)
    {
        var finding = BrowserRuntimeProbe.Check("/hwnas-no-such-folder", npm);
        Assert.Equal((false, false), (finding.IsFound, finding.IsRequired));
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_data_set_is_found_as_training_opens_it(bool packed)
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.Path, packed: packed);
        var finding = DataSetProbe.Check(folder.Path);
        Assert.True(finding.IsFound, finding.Problem);
        Assert.Equal($"48 + 12 + 12 images of 20x12x1, 3 classes, in {folder.Path}", finding.Details);
    }

    [Fact]
    public void A_damaged_data_set_is_a_problem_that_names_the_file()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.Path);
        File.WriteAllText(folder.File("t10k-labels-idx1-ubyte"), "<html>not found</html>");

        var finding = DataSetProbe.Check(folder.Path);

        Assert.False(finding.IsFound);
        Assert.Contains("t10k-labels-idx1-ubyte", finding.Problem);
        Assert.Contains("dataset-fashion-mnist", finding.Remedy);
    }
}
