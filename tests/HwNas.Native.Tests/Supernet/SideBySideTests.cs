using HwNas.Supernet.Torch;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Supernet;

public sealed class SideBySideTests
{
    public SideBySideTests() => Libtorch.Require();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void Every_piece_is_done_once_and_results_keep_their_order(int threads)
    {
        var done = new int[20];
        var results = SideBySide.Run(
            threads, [.. Enumerable.Range(0, 20).Select(i => (Func<int>)(() => i + (100 * Interlocked.Increment(ref done[i]))))]);
        Assert.Equal(Enumerable.Range(100, 20), results);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_error_comes_back_as_it_was_thrown_when_nobody_works_any_more(int threads)
    {
        var working = 0;
        var error = Assert.Throws<InvalidOperationException>(
            () => SideBySide.Run(threads, [.. Enumerable.Range(0, 8).Select(i => (Func<int>)(() =>
            {
                Interlocked.Increment(ref working);
                try
                {
                    return i == 3 ? throw new InvalidOperationException("piece 3") : i;
                }
                finally
                {
                    Interlocked.Decrement(ref working);
                }
            }))]));
        Assert.Equal("piece 3", error.Message);
        Assert.Equal(0, working);
    }

    [Fact]
    public void Helpers_keep_the_gradient_mode_of_the_caller()
    {
        using (no_grad())
            Assert.DoesNotContain(true, SideBySide.Run(4, [.. Enumerable.Repeat<Func<bool>>(is_grad_enabled, 16)]));
        Assert.DoesNotContain(false, SideBySide.Run(4, [.. Enumerable.Repeat<Func<bool>>(is_grad_enabled, 16)]));
    }

    [Fact]
    public void No_pieces_are_no_results() => Assert.Empty(SideBySide.Run<int>(2, []));
}
