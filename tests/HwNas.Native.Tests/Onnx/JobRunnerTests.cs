using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Profiling;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Profiles a tiny space on this machine through the real runtime; figures of time are not asserted.</summary>
public sealed class JobRunnerTests
{
    private static readonly MbConvSpace Space = Some.TinySpace();
    private static readonly ProfileOptions Options = new()
    {
        CalibrationNets = 4,
        HeldOutNets = 3,
        Measurement = new MeasurementSettings
        {
            MinPasses = 5,
            MaxPasses = 8,
            MinSeconds = 0.001,
            MaxSeconds = 20,
            LeadUs = 0,
            MinSampleUs = 0,
        },
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
        var estimate = LatencyTable.For(profile, Space).Estimate(Space.PlanOf(Space.Largest));
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
            folder, Options,
            new ActionProgress(progress => measured.AddRange(progress.Stage == "measuring" ? [progress.Passes] : [])),
            CancellationToken.None);

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
        Assert.Contains(
            "Kendall τ", Tool.RunWell(folder.Path, "profile", "compare", "a.json", "b.json").Output, StringComparison.Ordinal);
        var check = Tool.Run(folder.Path, "profile", "check", "a.json", "--space", "fashion-mnist");
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("stem-i1x28x28-o16x14x14-k3-s2-Relu", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_space_that_fits_into_the_time_is_measured_whole()
    {
        var stages = new List<string>();
        var runner = new JobRunner("this-box", TimeProvider.System);
        var records = await new BudgetedProfile(Space, Options, TimeProvider.System)
            .Measure(TimeSpan.FromSeconds(20), (stage, bundle) =>
            {
                stages.Add(stage);
                return Task.FromResult(runner.Run(bundle, null, null, CancellationToken.None));
            });
        Assert.Equal(["pilot", "samples"], stages);
        Assert.DoesNotContain(ProfileAssembly.Profile(records).Entries, entry => entry.Flags.Contains(EntryMark.Predicted));
    }

    [Fact]
    public async Task Of_a_space_that_does_not_fit_a_part_is_measured_and_the_rest_predicted()
    {
        var space = MbConvSpace.Load("fashion-mnist");
        var device = new SlowDevice(layerMs: 15);
        var options = Options with { Measurement = Options.Measurement with { MaxPasses = 3, MinPasses = 3 } };
        var records = await new BudgetedProfile(space, options, TimeProvider.System)
            .Measure(TimeSpan.FromMinutes(3), device.Measure);

        Assert.Equal(["pilot", "samples", "more"], device.Stages);
        var profile = ProfileAssembly.Profile(records);
        Assert.Empty(LatencyTable.MissingLayers(profile, space));
        var predicted = profile.Entries.Count(entry => entry.Flags.Contains(EntryMark.Predicted));
        Assert.InRange(predicted, 10, 210);
        Assert.All(
            profile.Entries.Where(entry => entry.Flags.Contains(EntryMark.Predicted)),
            entry => Assert.True(entry.CiLowUs < entry.MedianUs && entry.MedianUs < entry.CiHighUs));

        var tooShort = await Assert.ThrowsAsync<InputException>(() =>
            new BudgetedProfile(space, options, TimeProvider.System)
                .Measure(TimeSpan.FromMinutes(1), new SlowDevice(layerMs: 1000).Measure));
        Assert.Contains("--minutes", tooShort.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_networks_alone_make_a_profile_too()
    {
        using var folder = new TemporaryFolder();
        var bundle = JobWriter.ForLayers(Space, [], Options with { CalibrationNets = 10, HeldOutNets = 10 });
        var profile = ProfileAssembly.Profile(
            new JobRunner("this-box", TimeProvider.System).Run(bundle, null, null, CancellationToken.None))
            .Write(folder.File("p.json"));
        Assert.Empty(LatencyTable.MissingLayers(profile, Space));
        Assert.All(profile.Entries, entry => Assert.Contains(EntryMark.Predicted, entry.Flags));
    }

    // Runs the job really, but tells of times as if each layer took so many milliseconds.
    private sealed class SlowDevice(double layerMs)
    {
        public List<string> Stages { get; } = [];

        public Task<MeasurementRecord> Measure(string stage, JobBundle bundle)
        {
            Stages.Add(stage);
            var record = new JobRunner("this-box", TimeProvider.System).Run(bundle, null, null, CancellationToken.None);
            var (layers, random) = (bundle.Job.Plan.Layers.Length, new Random(1));
            return Task.FromResult(record with
            {
                Passes = [.. record.Passes.Select(pass => pass with { WallNs = Times(pass.WallNs), CpuNs = Times(pass.CpuNs) })],
            });

            ImmutableArray<long> Times(ImmutableArray<long> times) => [.. times.Select((_, model) =>
                (long)(1e6 * layerMs * (model == 0 ? 1e-3 : model <= layers ? 1 + (0.01 * random.NextDouble()) : 5)))];
        }
    }

    private static DeviceProfile Profile(TemporaryFolder folder, ProfileOptions options) =>
        Profile(folder, options, null, CancellationToken.None);

    private static DeviceProfile Profile(
        TemporaryFolder folder, ProfileOptions options, IProgress<MeasurementProgress>? progress,
        CancellationToken cancellation) =>
        ProfileAssembly.Profile(new JobRunner("this-box", TimeProvider.System)
            .Run(JobWriter.ForSpace(Space, options), folder.File("journal"), progress, cancellation));

    private sealed class ActionProgress(Action<MeasurementProgress> report) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value) => report(value);
    }
}
