using HwNas.Core.Graphs;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;

namespace HwNas.Supernet.Elastic;

/// <summary>Runs one convolution of a layer with all that is fused to it (bias, batch norm, activation).</summary>
/// <param name="x">Input [n, in, h, w].</param>
/// <param name="layer">The layer's name.</param>
/// <param name="conv">The convolution.</param>
internal delegate torch.Tensor RunConv(torch.Tensor x, string layer, ConvSpec conv);

/// <summary>
/// A network's forward pass, written once: how the blocks connect. What a convolution does with its weights (shared
/// and sliced, calibrating, folded) is the caller's <see cref="RunConv"/>.
/// </summary>
internal static class ForwardPass
{
    /// <summary>Logits [n, classes] of images [n, channels, resolution, resolution].</summary>
    public static torch.Tensor Run(NetworkPlan plan, torch.Tensor images, RunConv run, Func<torch.Tensor, torch.Tensor>? dropout = null)
    {
        var x = images;
        foreach (var layer in plan.Layers)
        {
            x = layer switch
            {
                StemLayer stem => run(x, stem.Name, stem.Conv),
                MBConvLayer block => MBConv(x, block, run),
                HeadLayer head => Head(x, head, run, dropout),
                _ => throw new NotSupportedException($"Layer {layer.Name} is of no known kind."),
            };
        }

        return x;
    }

    private static torch.Tensor MBConv(torch.Tensor x, MBConvLayer block, RunConv run)
    {
        var y = block.Expand is null ? x : run(x, block.Name, block.Expand);
        y = run(y, block.Name, block.Depthwise);
        if (block.Squeeze is not null)
        {
            var gate = F.adaptive_avg_pool2d(y, 1);
            gate = run(gate, block.Name, block.Squeeze);
            y = y * run(gate, block.Name, block.Excite!);
        }

        y = run(y, block.Name, block.Project);
        return block.HasShortcut ? y + Shortcut(x, block, run) : y;
    }

    private static torch.Tensor Shortcut(torch.Tensor x, MBConvLayer block, RunConv run)
    {
        if (block.ShortcutPools)
            x = F.avg_pool2d(x, 2, stride: 2, ceil_mode: true, count_include_pad: false);
        return block.Shortcut is null ? x : run(x, block.Name, block.Shortcut);
    }

    private static torch.Tensor Head(torch.Tensor x, HeadLayer head, RunConv run, Func<torch.Tensor, torch.Tensor>? dropout)
    {
        x = run(x, head.Name, head.Conv);
        x = F.adaptive_avg_pool2d(x, 1);
        if (head.Mix is not null)
            x = run(x, head.Name, head.Mix);
        x = x.flatten(1);
        if (dropout is not null)
            x = dropout(x);
        return run(x, head.Name, head.Classifier);
    }
}
