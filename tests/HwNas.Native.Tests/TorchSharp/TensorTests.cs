using System.Runtime.InteropServices;
using global::TorchSharp.Modules;
using HwNas.Supernet.Elastic;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>Views, arithmetic, making and reading of tensors.</summary>
public sealed class TensorTests
{
    [Fact]
    public void Addition() => OperatorCheck.Agree(t => t[0] + t[1], t => [.. t[0].Zip(t[1], (a, b) => a + b)], Values.Random(1, 2, 3), Values.Random(2, 2, 3));

    [Fact]
    public void Multiplication_broadcasts() =>
        OperatorCheck.Agree(
            t => t[0] * t[1],
            t => [.. t[0].Select((x, i) => x * t[1][i / 4])],
            Values.Random(1, 2, 3, 2, 2), Values.Random(2, 2, 3, 1, 1));

    [Fact]
    public void Multiplication_by_a_number() => OperatorCheck.Agree(t => t[0].mul(-2.5), t => [.. t[0].Select(x => -2.5 * x)], Values.Random(1, 5));

    [Fact]
    public void Matrix_products_of_a_matrix_with_many() =>
        OperatorCheck.Agree(
            t => t[0].matmul(t[1]),
            t => [.. from map in Enumerable.Range(0, 2) from row in Enumerable.Range(0, 2) from column in Enumerable.Range(0, 4)
                     select Enumerable.Range(0, 3).Sum(i => t[0][(row * 3) + i] * t[1][(map * 12) + (i * 4) + column])],
            Values.Random(1, 2, 3), Values.Random(2, 2, 3, 4));

    [Fact]
    public void Transposition() => OperatorCheck.Agree(t => t[0].t(), t => [t[0][0], t[0][3], t[0][1], t[0][4], t[0][2], t[0][5]], Values.Random(1, 2, 3));

    [Fact]
    public void Narrowing() => OperatorCheck.Agree(t => t[0].narrow(1, 1, 2), t => [t[0][1], t[0][2], t[0][4], t[0][5]], Values.Random(1, 2, 3));

    [Fact]
    public void Views_and_copies_keep_the_values()
    {
        OperatorCheck.Agree(t => t[0].reshape(-1, 2), t => t[0], Values.Random(1, 2, 3));
        OperatorCheck.Agree(t => t[0].flatten(1), t => t[0], Values.Random(1, 2, 3, 2));
        OperatorCheck.Agree(t => t[0].t().contiguous().t(), t => t[0], Values.Random(1, 2, 3));
        OperatorCheck.Agree(t => t[0].clone(), t => t[0], Values.Random(1, 2, 3));
        OperatorCheck.Agree(t => ChannelsLast.Copy(t[0]), t => t[0], Values.Random(1, 2, 3, 2, 2));
        OperatorCheck.Agree(t => t[0].sum(), t => [t[0].Sum()], Values.Random(1, 2, 3));
    }

    [Fact]
    public void Shapes_follow_the_views()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([4, 6], empty([4, 2, 3]).flatten(1).shape);
        Assert.Equal([3, 4], empty([4, 3]).t().shape);
        Assert.Equal([6, 2], empty([4, 3]).reshape(-1, 2).shape);
    }

    [Fact]
    public void A_view_shares_its_memory_and_a_clone_does_not()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1f, 2, 3]);
        var (view, copy) = (x.narrow(0, 1, 2), x.clone());
        x.copy_(tensor([7f, 8, 9]));
        Assert.Equal([8f, 9], view.data<float>().ToArray());
        Assert.Equal([1f, 2, 3], copy.data<float>().ToArray());
    }

    [Fact]
    public void Detaching_cuts_the_gradient()
    {
        using var scope = NewDisposeScope();
        using var x = new Parameter(tensor([2f]));
        (x * x.detach()).sum().backward();
        Assert.Equal(2, x.grad!.item<float>());
        Assert.Throws<ExternalException>(x.detach().sum().backward);
    }

    [Fact]
    public void Without_gradients_nothing_can_be_differentiated_and_the_mode_comes_back()
    {
        using var scope = NewDisposeScope();
        using var x = new Parameter(tensor([2f]));
        using (no_grad())
        {
            using (no_grad())
            {
            }

            Assert.Throws<ExternalException>(x.sum().backward);
        }

        x.sum().backward();
        Assert.Equal(1, x.grad!.item<float>());
    }

    [Fact]
    public void Gradients_add_up_over_backward_passes()
    {
        using var scope = NewDisposeScope();
        using var x = new Parameter(tensor([2f, 3]));
        Assert.Null(x.grad);
        (x * x).sum().backward();
        x.sum().backward();
        Assert.Equal([5f, 7], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Largest_index_equality_and_counting()
    {
        using var scope = NewDisposeScope();
        var right = tensor([1f, 3, 2, 9, 7, 8], [2, 3]).argmax(1).eq(tensor([1L, 2]));
        Assert.Equal([true, false], right.data<bool>().ToArray());
        Assert.Equal(1, right.sum().item<long>());
    }

    [Fact]
    public void Values_are_read_in_row_major_order_whatever_the_strides()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        Assert.Equal([1f, 4, 2, 5, 3, 6], x.t().data<float>().ToArray());
        Assert.Equal(ScalarType.Float32, x.dtype);
        MemoryMarshal.Cast<byte, float>(x.bytes)[5] = 60;
        Assert.Equal([1f, 2, 3, 4, 5, 60], x.data<float>().ToArray());
        Assert.Throws<NotImplementedException>(() => x.t().bytes.Length);
    }

    [Fact]
    public void Reading_the_wrong_way_is_an_argument_error()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1f, 2]);
        Assert.Throws<ArgumentException>(() => x.item<float>());
        Assert.Throws<ArgumentException>(() => x.sum().item<long>());
        Assert.Throws<ArgumentException>(() => x.data<long>());
        Assert.Throws<ArgumentException>(() => x.data<byte>());
        Assert.Throws<ArgumentException>(() => tensor([1f, 2], [3]));
    }

    [Fact]
    public void Factories_fill_and_shape()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0f, 0], zeros(2).data<float>().ToArray());
        Assert.Equal([1f, 1, 1], ones(3).data<float>().ToArray());
        Assert.Equal([5L, 6], tensor([5L, 6]).data<long>().ToArray());
        Assert.Equal([2, 3], empty([2, 3]).shape);
        Assert.Equal([1, 2], empty_strided([2, 3], [1, 2]).Layout().Strides);
    }
}
