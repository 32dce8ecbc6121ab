namespace HwNas.Supernet.Data;

/// <summary>
/// Which images a step trains on: every epoch visits each image once, in an order of its own; images left over at its
/// end are skipped. The order follows from the epoch's number alone, so that a resumed run is the same run.
/// </summary>
/// <param name="images">Number of images.</param>
/// <param name="batchSize">Images in a step, at most <paramref name="images"/>.</param>
/// <param name="seedOfEpoch">The seed of an epoch's order.</param>
internal sealed class ShuffledBatches(int images, int batchSize, Func<int, int> seedOfEpoch)
{
    private int[] _order = [];
    private int _epoch = -1;

    /// <summary>
    /// The images of a step. One order serves all steps of an epoch; it is shuffled when the first of them asks.
    /// </summary>
    public ReadOnlyMemory<int> Of(int step)
    {
        var (epoch, batch) = Math.DivRem(step, images / batchSize);
        if (epoch != _epoch)
        {
            _order = [.. Enumerable.Range(0, images)];
            new Random(seedOfEpoch(epoch)).Shuffle(_order);
            _epoch = epoch;
        }

        return _order.AsMemory(batch * batchSize, batchSize);
    }
}
