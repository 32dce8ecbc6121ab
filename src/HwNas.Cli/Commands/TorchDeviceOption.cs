using System.CommandLine;
using System.CommandLine.Completions;
using HwNas.Supernet.Torch;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>--device</c> of all verbs that train or evaluate a supernet, and <c>--bf16</c> of those that train. (Verbs that measure
/// latency name by <c>--device</c> what they measure.)
/// </summary>
internal sealed class TorchDeviceOption
{
    private readonly Option<string> _device = new("--device")
    {
        Description = "Where tensors are computed with: cpu, cuda (the first NVIDIA GPU) or cuda:N.",
        HelpName = "cpu|cuda[:N]",
        DefaultValueFactory = _ => "cpu",
        CompletionSources = { _ => new[] { "cpu", "cuda" }.Select(name => new CompletionItem(name)) },
    };

    private readonly Option<bool>? _bf16;

    /// <param name="trains">Whether the verb trains.</param>
    public TorchDeviceOption(bool trains = false)
    {
        if (trains)
            _bf16 = new("--bf16") { Description = "On a GPU, train in bfloat16: faster, a little less exact." };
    }

    public IReadOnlyList<Option> All => _bf16 is null ? [_device] : [_device, _bf16];

    /// <summary>The device; asked for before anything is read or written.</summary>
    /// <exception cref="Core.InputException">It is none, or none that libtorch can use.</exception>
    public TorchDevice Of(ParseResult parsed) =>
        TorchDevice.Of(parsed.GetValue(_device)!, _bf16 is not null && parsed.GetValue(_bf16));
}
