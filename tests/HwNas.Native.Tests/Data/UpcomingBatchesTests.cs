using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Torch;

namespace HwNas.Native.Tests.Data;

public sealed class UpcomingBatchesTests
{
    private static readonly Augmentation Strong = Augmentation.Load("strong");

    [Fact]
    public void Each_step_gets_what_it_would_get_alone()
    {
        var images = Some.Images(50);
        using var upcoming = Of(images, 3..20);
        foreach (var step in Enumerable.Range(3, 17))
        {
            using var batch = upcoming.Next();
            using var scope = global::TorchSharp.torch.NewDisposeScope();
            var (expected, labels) = ImageBatches.Load(images, Order(images).Of(step).Span, Strong, seed: 1000 + step);
            Assert.Equal(expected.data<float>().ToArray(), batch.Images.data<float>().ToArray());
            Assert.Equal(labels.data<long>().ToArray(), batch.Labels.data<long>().ToArray());
        }
    }

    [Fact]
    public void The_next_batches_are_made_before_they_are_asked_for_and_no_more_than_two()
    {
        var read = 0;
        var images = Reading(_ => Interlocked.Increment(ref read));
        using (var upcoming = Of(images, 0..100))
        {
            upcoming.Next().Dispose();

            // Of the next two batches, each of 8 images; nobody asks for them.
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref read) == 24, TimeSpan.FromSeconds(30)));
        }

        Assert.Equal(24, read);
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_the_affair_of_the_step_that_needs_it()
    {
        var images = Reading(_ => { });
        var third = Order(images).Of(2).ToArray();
        var damaged = Reading(image =>
        {
            if (third.Contains(image))
                throw new InputException($"'photos/{image}.png' is damaged.");
        });
        using var upcoming = Of(damaged, 0..5);
        upcoming.Next().Dispose();
        upcoming.Next().Dispose();
        Assert.Contains($"photos/{third[0]}.png", Assert.Throws<InputException>(upcoming.Next).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_given_up_leaves_nothing_running_and_its_errors_to_nobody()
    {
        var (begun, ended) = (0, 0);
        var first = Order(Reading(_ => { })).Of(0).ToArray();
        var images = Reading(image =>
        {
            Interlocked.Increment(ref begun);
            Thread.Yield();
            Interlocked.Increment(ref ended);
            if (!first.Contains(image))
                throw new InputException("damaged");
        });
        var upcoming = Of(images, 0..1000);
        upcoming.Next().Dispose();
        upcoming.Dispose();
        Assert.Equal(Volatile.Read(ref begun), Volatile.Read(ref ended));
        Assert.InRange(begun, 8, 10);
    }

    [Fact]
    public void The_time_that_steps_waited_is_counted()
    {
        // The image is there once somebody has begun to wait for it.
        using var waits = new ManualResetEventSlim();
        using var upcoming = Of(Reading(_ => waits.Wait()), 0..1, new StepsOfSevenSeconds(waits));
        upcoming.Next().Dispose();
        Assert.Equal(7, upcoming.Waited.TotalSeconds);
    }

    private static UpcomingBatches Of(LabelledImages images, Range steps, TimeProvider? time = null) =>
        new(images, Order(images), Strong, step => 1000 + step, steps, TorchDevice.Cpu, time ?? TimeProvider.System);

    private static ShuffledBatches Order(LabelledImages images) => new(images.Count, batchSize: 8, epoch => epoch);

    // Images that tell when they are read.
    private static LabelledImages Reading(Action<int> read) =>
        new("reading", new ImageShape(1, 6, 6), [.. new int[64]], (image, _) => read(image), () => "x");

    private sealed class StepsOfSevenSeconds(ManualResetEventSlim asked) : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            asked.Set();
            return _seconds += 7;
        }
    }
}
