using System.Runtime.InteropServices;
using HwNas.Supernet.Data;

namespace HwNas.Native.Tests.Data;

public sealed class ShuffledBatchesTests
{
    [Fact]
    public void An_epoch_visits_each_image_at_most_once_and_is_shuffled_once()
    {
        var shuffles = new List<int>();
        var batches = new ShuffledBatches(images: 23, batchSize: 5, epoch =>
        {
            shuffles.Add(epoch);
            return 100 + epoch;
        });
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var visited = Enumerable.Range(0, 4).SelectMany(batch => batches.Of((4 * epoch) + batch).ToArray()).ToList();
            Assert.Equal(20, visited.Distinct().Count());
            Assert.All(visited, image => Assert.InRange(image, 0, 22));
        }

        Assert.Equal([0, 1, 2], shuffles);
        Assert.True(MemoryMarshal.TryGetArray(batches.Of(8), out var first)
            && MemoryMarshal.TryGetArray(batches.Of(11), out var last)
            && first.Array == last.Array);
    }

    [Fact]
    public void The_order_follows_from_the_step_alone()
    {
        ShuffledBatches Fresh() => new(images: 50, batchSize: 7, epoch => 9 * epoch);
        var whole = Fresh();
        foreach (var step in Enumerable.Range(0, 30))
            Assert.Equal(whole.Of(step).ToArray(), Fresh().Of(step).ToArray());
        Assert.NotEqual(whole.Of(0).ToArray(), whole.Of(7).ToArray());
    }
}
