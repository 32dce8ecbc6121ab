using HwNas.Core.Data;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Torch;

namespace HwNas.Native.Tests.Library;

/// <summary>Which space images get where none is named.</summary>
public sealed class DataSpaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(39, 200, 3, "cifar-32-2-classes")]
    [InlineData(28, 28, 1, "fashion-mnist-2-classes")]
    [InlineData(40, 300, 3, "small-images-2-classes")]
    [InlineData(111, 111, 1, "small-images-1-channels-2-classes")]
    [InlineData(112, 112, 3, "photos-2-classes")]
    public void The_shorter_side_and_the_channels_decide(int height, int width, int channels, string name)
    {
        var data = Images(height, width, channels);
        var space = DataSpace.For(nameOrPath: null, data);
        Assert.Equal((name, channels, 2), (space.Name, space.InputChannels, space.Classes));
        Assert.StartsWith(
            $"{DataSpace.Candidates(data)[0]}, for ", DataSpace.ReasonFor(data), StringComparison.Ordinal);
        Assert.EndsWith($"these have {height}x{width}x{channels}", DataSpace.ReasonFor(data), StringComparison.Ordinal);
    }

    [Fact]
    public void Few_minutes_get_a_space_of_small_images()
    {
        Assert.Equal("cifar-32-2-classes", DataSpace.Small(Images(112, 112, 3)).Name);
        Assert.Equal("fashion-mnist-2-classes", DataSpace.Small(Images(40, 40, 1)).Name);
    }

    // Of 16 images 11 are trained on, four in a step of 20 seconds: twelve rounds take 11 minutes.
    [Theory]
    [InlineData(11.1, "small-images-2-classes")]
    [InlineData(10.9, "fashion-mnist-3-channels-2-classes", "small-images-2-classes", "cifar-32-2-classes")]
    public void Auto_passes_over_what_could_not_show_each_image_often_enough_and_says_so(
        double minutes, string name, params string[] passedOver)
    {
        Libtorch.Require();
        var request = new AutoRequest(Images(40, 40, 3), TimeSpan.FromMinutes(minutes)) { BatchSize = 4, Threads = 1 };
        var plan = AutoPlan.For(request, new SlowClock(), CancellationToken.None).First();
        Assert.Equal(name, plan.Space.Name);
        Assert.Equal(
            passedOver.Select(space => $"{space}: in the time this machine could show each image 11.9 times; 12 are needed"),
            plan.Choices.Where(choice => choice.What == "not").Select(choice => choice.Choice));
    }

    // The smallest network of photos has 32.3 M MACs, of small-images 1.62 M, of cifar-32 5.96 M.
    [Theory]
    [InlineData(3_000_000, "fashion-mnist-3-channels-2-classes", 3)]
    [InlineData(3_300_000, "small-images-2-classes", 1)]
    [InlineData(70_000_000, "photos-2-classes", 0)]
    public void Auto_passes_over_spaces_whose_networks_have_no_room_below_the_budget(double macs, string name, int passedOver)
    {
        var request = new AutoRequest(Images(112, 112, 3), TimeSpan.FromMinutes(1)) { Steps = 3, Budgets = [new("macs", macs)] };
        var plan = AutoPlan.For(request, TimeProvider.System, CancellationToken.None).First();
        Assert.Equal(name, plan.Space.Name);
        Assert.Equal(passedOver, plan.Choices.Count(choice => choice.Choice.EndsWith(
            "no network of it keeps half of the budget", StringComparison.Ordinal)));
    }

    private DataSplits Images(int height, int width, int channels)
    {
        const int Count = 16;
        var shape = new ImageShape(channels, height, width);
        return DataSplits.Of(
            _folder.Path, "data", ["a", "b"],
            new LabelledImages("data", shape, [.. Enumerable.Range(0, Count).Select(i => i % 2)], new byte[Count * shape.Bytes]),
            validation: null, test: null);
    }

    // Ten seconds pass between any two looks at it, and a trial looks twice for its only timed step.
    private sealed class SlowClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds += 10;
    }
}
