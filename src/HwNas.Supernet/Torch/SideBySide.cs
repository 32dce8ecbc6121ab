using static TorchSharp.torch;

namespace HwNas.Supernet.Torch;

/// <summary>
/// Independent pieces of work on several threads, each piece on one. libtorch's own way, threads that share each
/// operator, lets them meet at a barrier a thousand times a step: they scale badly on small maps, and on a busy machine
/// each waits at every barrier for whichever has no processor just then. Here they meet once, at the end.
/// </summary>
/// <remarks>docs/decisions/0010-threads-side-by-side.md has the figures.</remarks>
internal static class SideBySide
{
    /// <summary>The results of all pieces, in their order.</summary>
    /// <param name="threads">Threads in all; beyond one for each piece, the rest is shared out for their operators.</param>
    /// <param name="pieces">The work, best with the longest first. Tensors that a piece makes belong
    /// to its own dispose scopes.</param>
    public static T[] Run<T>(int threads, IReadOnlyList<Func<T>> pieces)
    {
        if (threads == 1)
            return [.. pieces.Select(piece => piece())];
        var results = new T[pieces.Count];
        var next = -1;
        var workers = Math.Max(1, Math.Min(threads, pieces.Count));
        var gradients = is_grad_enabled();
        var helpers = Enumerable.Range(1, workers - 1).Select(_ => Task.Run(Work)).ToArray();
        try
        {
            Work();
        }
        finally
        {
            // Whatever failed: nobody may go on working with tensors that the caller is about to dispose of.
            Task.WhenAll(helpers).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
            set_num_threads(1);
        }

        foreach (var helper in helpers)
            helper.GetAwaiter().GetResult();
        return results;

        void Work()
        {
            // Both settings belong to the thread.
            set_num_threads(threads / workers);
            using var mode = set_grad_enabled(gradients);
            for (var i = Interlocked.Increment(ref next); i < pieces.Count; i = Interlocked.Increment(ref next))
                results[i] = pieces[i]();
        }
    }
}
