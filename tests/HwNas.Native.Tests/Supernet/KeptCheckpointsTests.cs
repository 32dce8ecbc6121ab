using HwNas.Native.Tests.Support;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;

namespace HwNas.Native.Tests.Supernet;

/// <summary>When a training saves, and which of its checkpoints stay.</summary>
public sealed class KeptCheckpointsTests
{
    [Fact]
    public void It_saves_after_steps_and_after_minutes_but_writes_for_a_fiftieth_of_the_time_at_most()
    {
        var clock = new HandClock();
        var options = new TrainingOptions { Steps = 1000, CheckpointSteps = 100, CheckpointMinutes = 2 };
        var times = new CheckpointTimes(options, clock);
        Assert.Equal([100, 200, 1000], new[] { 1, 99, 100, 101, 200, 999, 1000 }.Where(times.IsDue));

        clock.Advance(119);
        Assert.False(times.IsDue(1));
        clock.Advance(1);
        Assert.True(times.IsDue(1));
        times.Save(() => clock.Advance(10));
        clock.Advance(499);
        Assert.False(times.IsDue(2));
        clock.Advance(1);
        Assert.True(times.IsDue(2));

        var never = new CheckpointTimes(new TrainingOptions { CheckpointMinutes = 0 }, clock);
        clock.Advance(1e6);
        Assert.False(never.IsDue(1));
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(3, "7 6")]
    public void The_last_ones_are_kept_by_their_steps(int keep, string older)
    {
        using var folder = new TemporaryFolder();
        var options = Some.Options(steps: 8) with { CheckpointSteps = 1, KeepCheckpoints = keep };
        Train(folder, options, judged: false, from: null);
        Assert.Equal(older, string.Join(' ', Older(folder).Select(Step)));
        Assert.Equal(8, Step(folder.File("supernet")));
        Assert.False(File.Exists(new KeptCheckpoints(folder.File("supernet")).Best));
    }

    [Fact]
    public void A_damaged_one_is_not_kept_when_an_older_one_is_continued()
    {
        using var folder = new TemporaryFolder();
        var options = Some.Options(steps: 6) with { CheckpointSteps = 2, KeepCheckpoints = 2 };
        Train(folder, options, judged: false, from: null);
        var whole = File.ReadAllBytes(folder.File("supernet"));
        File.WriteAllBytes(folder.File("supernet"), whole[..^100]);

        Train(folder, options, judged: false, SupernetCheckpoint.Read(Older(folder).Single()));
        Assert.Equal(whole, File.ReadAllBytes(folder.File("supernet")));
        Assert.Equal(4, Step(Older(folder).Single()));
    }

    [Fact]
    public void The_one_whose_ends_were_most_accurate_is_kept_and_the_losses_of_random_subnets_are_in_the_course()
    {
        using var folder = new TemporaryFolder();
        Train(folder, Some.Options(steps: 135) with { KeepCheckpoints = 2 }, judged: true, from: null);
        var course = TrainingMetrics.Read(folder.File("metrics"));
        var looks = course.Where(metric => metric.Accuracy is not null).ToList();
        Assert.Equal([45, 90, 135], looks.Select(look => look.Step));
        Assert.Equal(
            looks.MaxBy(look => look.Accuracy!.MeanTop1Percent)!.Step, Step(new KeptCheckpoints(folder.File("supernet")).Best));
        Assert.All(course, metric => Assert.InRange(metric.RandomLoss!.Value, 0.01, 10));
    }

    [Fact]
    public void A_course_of_an_earlier_version_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("metrics"),
            """{"step":20,"largest_loss":2.1,"smallest_loss":2.2,"learning_rate":0.1,"images_per_second":9}""" + "\n");
        Assert.Equal(
            new TrainingMetric(20, 2.1, 2.2, 0.1, 9, Seconds: 0), Assert.Single(TrainingMetrics.Read(folder.File("metrics"))));
    }

    private static void Train(TemporaryFolder folder, TrainingOptions options, bool judged, SupernetCheckpoint? from)
    {
        using var supernet = from?.CreateTrained() ?? new ElasticSupernet(Some.TinySpace(), options.Seed);
        new SupernetTrainer(
            options, Some.Images(64), TimeProvider.System, "test", judged ? Some.Images(8, seed: 3) : null).Train(
                supernet, from, folder.File("supernet"), folder.File("metrics"), null, CancellationToken.None);
    }

    private static IReadOnlyList<string> Older(TemporaryFolder folder) => new KeptCheckpoints(folder.File("supernet")).Older();

    private static int Step(string file) => SupernetCheckpoint.Read(file).Step;
}
