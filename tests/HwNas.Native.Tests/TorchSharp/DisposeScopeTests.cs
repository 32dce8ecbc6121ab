using global::TorchSharp.Modules;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.TorchSharp;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inside;
        using var outside = ones(1);
        using (NewDisposeScope())
            inside = outside.clone();
        Assert.True(IsDisposed(inside));
        Assert.False(IsDisposed(outside));
    }

    [Fact]
    public void Scopes_nest_and_each_owns_its_own()
    {
        using var outer = NewDisposeScope();
        var before = ones(1);
        Tensor inside;
        using (NewDisposeScope())
            inside = ones(1);
        var after = ones(1);
        Assert.True(IsDisposed(inside));
        Assert.False(IsDisposed(before));
        outer.Dispose();
        Assert.True(IsDisposed(before));
        Assert.True(IsDisposed(after));
    }

    [Fact]
    public void A_tensor_moved_out_belongs_to_the_outer_scope()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
                moved = ones(1).MoveToOuterDisposeScope();
            Assert.False(IsDisposed(moved));
        }

        Assert.True(IsDisposed(moved));
    }

    [Fact]
    public void A_tensor_moved_out_of_the_outermost_scope_is_its_callers()
    {
        Tensor moved;
        using (NewDisposeScope())
            moved = ones(1).MoveToOuterDisposeScope();
        Assert.Equal(1, moved.item<float>());
        moved.Dispose();
        Assert.True(IsDisposed(moved));
    }

    [Fact]
    public void A_detached_tensor_outlives_all_scopes()
    {
        Tensor detached;
        using (NewDisposeScope())
        using (NewDisposeScope())
            detached = ones(1).DetachFromDisposeScope();
        Assert.Equal(1, detached.item<float>());
        Assert.Same(detached, detached.DetachFromDisposeScope().MoveToOuterDisposeScope());
        detached.Dispose();
    }

    [Fact]
    public void A_parameter_takes_over_the_handle_and_the_place_of_its_tensor()
    {
        Parameter kept, left;
        using (NewDisposeScope())
        {
            var (first, second) = (ones(1), ones(1));
            kept = new Parameter(first);
            left = new Parameter(second);
            Assert.True(IsDisposed(first));
            kept.DetachFromDisposeScope();
        }

        Assert.Equal(1, kept.item<float>());
        Assert.True(IsDisposed(left));
        kept.Dispose();
    }

    [Fact]
    public void Closing_a_scope_closes_inner_ones_that_were_left_open()
    {
        var outer = NewDisposeScope();
        NewDisposeScope();
        outer.Dispose();
        var free = ones(1);
        using (NewDisposeScope())
        {
        }

        Assert.False(IsDisposed(free));
        free.Dispose();
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        Tensor? other = null;
        using (NewDisposeScope())
        {
            var thread = new Thread(() => other = ones(1));
            thread.Start();
            thread.Join();
        }

        Assert.False(IsDisposed(other!));
        other!.Dispose();
    }

    [Fact]
    public void Tensors_may_be_moved_detached_and_disposed_in_any_order()
    {
        var random = new Random(20_261);
        for (var round = 0; round < 200; round++)
        {
            var (disposed, outer, free, inside) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
            using (NewDisposeScope())
            {
                using (NewDisposeScope())
                {
                    var all = Enumerable.Range(0, 70).Select(_ => ones(1)).ToArray();
                    random.Shuffle(all);
                    foreach (var tensor in all)
                    {
                        var fate = new[] { disposed, outer, free, inside }[random.Next(4)];
                        fate.Add(tensor);
                        if (fate == disposed) tensor.Dispose();
                        else if (fate == outer) tensor.MoveToOuterDisposeScope();
                        else if (fate == free) tensor.DetachFromDisposeScope();
                    }

                    Assert.All(inside, tensor => Assert.False(IsDisposed(tensor)));
                }

                Assert.All(inside.Concat(disposed), tensor => Assert.True(IsDisposed(tensor)));
                Assert.All(outer.Concat(free), tensor => Assert.False(IsDisposed(tensor)));
            }

            Assert.All(outer, tensor => Assert.True(IsDisposed(tensor)));
            Assert.All(free, tensor => Assert.False(IsDisposed(tensor)));
            free.ForEach(tensor => tensor.Dispose());
        }
    }

    private static bool IsDisposed(Tensor tensor)
    {
        try
        {
            return tensor.Handle == 0;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
