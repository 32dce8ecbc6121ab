using HwNas.Core.Graphs;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Elastic;

/// <summary>Runs a node that has weights: a convolution, a linear layer or batch norm.</summary>
/// <param name="x">Its input, [n, channels, h, w], or [n, features] for linear layers.</param>
/// <param name="node">The node.</param>
internal delegate torch.Tensor RunWeighted(torch.Tensor x, Node node);

/// <summary>
/// A network's forward pass on tensors, written once: a walk over its blocks and their nodes. Where the weights come from
/// (shared and sliced, calibrating, folded) is the caller's <see cref="RunWeighted"/>.
/// </summary>
internal static class ForwardPass
{
    // Kept: the operator + makes a scalar that the garbage collector may free while the addition still reads it.
    private static readonly Scalar One = 1;

    /// <summary>Logits [n, classes] of images [n, channels, resolution, resolution].</summary>
    public static torch.Tensor Run(
        NetworkPlan plan, torch.Tensor images, RunWeighted run, Dropping? dropping = null)
    {
        var outputs = new torch.Tensor[plan.Blocks.Length + 1];
        outputs[0] = images;
        for (var i = 0; i < plan.Blocks.Length; i++)
        {
            var (block, wiring) = (plan.Blocks[i], plan.Wiring[i]);
            var values = new torch.Tensor[block.Inputs.Length + block.Nodes.Length];
            for (var input = 0; input < wiring.Length; input++)
                values[input] = outputs[wiring[input]];
            for (var node = 0; node < block.Nodes.Length; node++)
                values[block.Inputs.Length + node] = Compute(block, block.Nodes[node], values, run, dropping);
            outputs[i + 1] = values[^1];
        }

        return outputs[^1];
    }

    /// <summary>A convolution or a linear layer.</summary>
    public static torch.Tensor Apply(torch.Tensor x, Operation operation, torch.Tensor weight, torch.Tensor? bias) =>
        operation is Convolution convolution ? CheckedConvolution.Run(x, convolution, weight, bias) : F.linear(x, weight, bias);

    /// <summary>One node's output; <paramref name="values"/> has the block's inputs, then the outputs of its nodes.</summary>
    internal static torch.Tensor Compute(
        Block block, Node node, torch.Tensor[] values, RunWeighted run, Dropping? dropping)
    {
        var x = values[node.Inputs[0]];
        switch (node.Operation)
        {
            case Convolution or BatchNorm:
                return run(x, node);
            case Linear:
                x = x.flatten(1);
                return run(dropping is null ? x : dropping.Features(x), node);
            case Activate activate:
                return Activations.Apply(x, activate.Function, CanOverwrite(block, node, activate.Function));
            case GlobalPooling:
                return F.adaptive_avg_pool2d(x, 1);
            case Pooling { Kind: PoolingKind.Average } pooling:
                return F.avg_pool2d(
                    x, pooling.Kernel, pooling.Stride, pooling.Padding, pooling.KeepsRest, count_include_pad: false);
            case Pooling pooling:
                return F.max_pool2d(x, pooling.Kernel, pooling.Stride, pooling.Padding, ceil_mode: pooling.KeepsRest);
            case Add:
                x = dropping is null ? x : dropping.Branch(block, node, x);
                foreach (var value in node.Inputs.AsSpan()[1..])
                    x = x.add(values[value], One);
                return x;
            case Multiply:
                return x * values[node.Inputs[1]];
            case Concatenate:
                return torch.cat([.. node.Inputs.Select(value => values[value])], 1);
            case Identity:
                return x;
            case Zero:
                return torch.zeros_like(x);
            default:
                throw new NotSupportedException($"{node} has no tensor form.");
        }
    }

    // Nobody else may read the value. With gradients, the function's own must come from its output (ReLU), and that of the
    // operation before it from its inputs (batch norm).
    private static bool CanOverwrite(Block block, Node node, Activation function)
    {
        if (block.ReadersOf(node.Inputs[0]) > 1 || block.MakerOf(node.Inputs[0]) is not { } maker)
            return false;
        return torch.is_grad_enabled()
            ? function == Activation.Relu && maker.Operation is BatchNorm
            : maker.Operation is Convolution or BatchNorm;
    }
}
