using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Networks;
using HwNas.Core.SearchSpaces;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Profiling;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Profiles a tiny space on this machine through the real runtime; figures of time are not asserted.</summary>
public sealed class JobRunnerTests
{
    private static readonly SearchSpace Space = Some.TinySpace();
    private static readonly ProfileOptions Options = new()
    {
        CalibrationNets = 4,
        HeldOutNets = 3,
        Measurement = new MeasurementSettings { MinPasses = 5, MaxPasses = 8, MinSeconds = 0.001, MaxSeconds = 20, LeadUs = 0, MinSampleUs = 0 },
    };

    [Fact]
    public void A_profile_covers_the_space_and_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var profile = Profile(folder, Options).Write(folder.File("profile.json"));

        Assert.Empty(LatencyTable.MissingLayers(DeviceProfile.Read(folder.File("profile.json")), Space));
        Assert.Equal(8, profile.Protocol.Passes);
        Assert.Equal(StopReason.EnoughPasses, profile.Protocol.StopReason);
        Assert.Equal(7, profile.Validation.Nets.Length);
        Assert.Equal(3, profile.Validation.HeldOut!.Nets);
        Assert.All(profile.Entries, entry => Assert.InRange(entry.Samples, 1, 8));
        var estimate = LatencyTable.For(profile, Space).Estimate(NetworkPlan.Build(Space, Space.Largest));
        Assert.InRange(estimate.MedianUs, estimate.LowUs, estimate.HighUs);
    }

    [Fact]
    public void A_cancelled_measurement_continues_from_its_journal()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var stop = new ActionProgress(progress =>
        {
            if (progress is { Stage: "measuring", Passes: 3 })
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Profile(folder, Options, stop, source.Token));
        Assert.Equal(1 + 3, File.ReadLines(folder.File("journal")).Count());
        var firstPass = File.ReadLines(folder.File("journal")).ElementAt(1);

        var measured = new List<int>();
        var profile = Profile(
            folder, Options, new ActionProgress(progress => measured.AddRange(progress.Stage == "measuring" ? [progress.Passes] : [])), CancellationToken.None);

        Assert.Equal(8, profile.Protocol.Passes);
        Assert.Equal([4, 5, 6, 7, 8], measured);
        Assert.Equal(firstPass, File.ReadLines(folder.File("journal")).ElementAt(1));
    }

    [Fact]
    public void Profiles_show_compare_and_check_on_the_command_line()
    {
        using var folder = new TemporaryFolder();
        Profile(folder, Options).Write(folder.File("a.json"));
        File.Delete(folder.File("journal"));
        Profile(folder, Options with { Runtime = new RuntimeRequest(IntraOpThreads: 2) }).Write(folder.File("b.json"));

        Assert.Contains("leave one out", Tool.RunWell(folder.Path, "profile", "show", "a.json").Output, StringComparison.Ordinal);
        Assert.Contains("Kendall τ", Tool.RunWell(folder.Path, "profile", "compare", "a.json", "b.json").Output, StringComparison.Ordinal);
        var check = Tool.Run(folder.Path, "profile", "check", "a.json", "--space", "fashion-mnist");
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("stem-i1x28x28-o16x14x14-k3-s2-Relu", check.Output, StringComparison.Ordinal);
    }

    private static DeviceProfile Profile(TemporaryFolder folder, ProfileOptions options) =>
        Profile(folder, options, null, CancellationToken.None);

    private static DeviceProfile Profile(TemporaryFolder folder, ProfileOptions options, IProgress<MeasurementProgress>? progress, CancellationToken cancellation) =>
        ProfileAssembly.Profile(new JobRunner("this-box", TimeProvider.System).Run(JobWriter.ForSpace(Space, options), folder.File("journal"), progress, cancellation));

    private sealed class ActionProgress(Action<MeasurementProgress> report) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value) => report(value);
    }
}
