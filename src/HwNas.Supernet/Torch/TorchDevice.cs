using System.Globalization;
using HwNas.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace HwNas.Supernet.Torch;

/// <summary>
/// Where tensors lie and are computed with: the CPU, or an NVIDIA GPU through CUDA. A supernet has a device, and all that is made
/// of it follows. It is no part of a run: files are the same on every device, and a run may go on on another one.
/// </summary>
/// <remarks>docs/decisions/0020-devices.md</remarks>
public sealed record TorchDevice
{
    private const string CudaName = "cuda";

    private readonly DeviceType _type;
    private readonly int _index;

    internal TorchDevice(DeviceType type, int index = -1, bool isBf16 = false) =>
        (_type, _index, IsBf16) = (type, index, isBf16);

    /// <summary>The CPU.</summary>
    public static TorchDevice Cpu { get; } = new(DeviceType.CPU);

    /// <summary>Whether it is the CPU.</summary>
    public bool IsCpu => _type == DeviceType.CPU;

    /// <summary>
    /// Whether convolutions and linear layers of a training round to bfloat16. Weights, their gradients, losses and all of
    /// evaluation keep single precision.
    /// </summary>
    public bool IsBf16 { get; }

    /// <summary>The device as libtorch names it.</summary>
    internal Device Device => device(_type, _index);

    /// <summary>The device that a user names.</summary>
    /// <param name="text"><c>cpu</c>, <c>cuda</c> for the first GPU, or <c>cuda:N</c>.</param>
    /// <param name="bf16">Whether training rounds to bfloat16 there.</param>
    /// <exception cref="InputException">It is none, there is no such GPU, or libtorch has no CUDA.</exception>
    public static TorchDevice Of(string text, bool bf16 = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "cpu")
        {
            return bf16
                ? throw new InputException("--bf16 is for GPUs. Leave it out on the CPU, or give --device cuda.")
                : Cpu;
        }

        if (IndexOf(text) is not { } index)
        {
            throw new InputException(
                $"--device '{VisibleText.OneLine(text)}' is none. Write cpu, cuda for the first GPU, or cuda:N, such as cuda:1.");
        }

        var gpus = Gpus();
        if (index >= gpus)
        {
            throw new InputException(
                $"--device {text}: libtorch sees {Plural.Of(gpus, "GPU")}, "
                + $"{CudaName}:0{(gpus > 1 ? $" to {CudaName}:{gpus - 1}" : "")}. Give one of them.");
        }

        // Single precision is what it says, as on the CPU; who wants less asks for bfloat16.
        backends.cudnn.allow_tf32 = false;
        return new TorchDevice(DeviceType.CUDA, index, bf16);
    }

    /// <summary>How many GPUs libtorch can use.</summary>
    /// <exception cref="InputException">It has no CUDA, or sees none.</exception>
    public static int Gpus()
    {
        var libtorch = Libtorch.Require();
        if (!libtorch.HasCuda)
        {
            throw new InputException(
                $"This libtorch ({libtorch.Version}) has no CUDA. For --device cuda, name the folder of one that has with "
                + $"--libtorch or {Libtorch.FolderVariable}, such as the torch/lib of a PyTorch {Libtorch.Version} for CUDA.");
        }

        return cuda.is_available() && cuda.device_count() is > 0 and var gpus
            ? gpus
            : throw new InputException(
                $"This libtorch ({libtorch.Version}) has CUDA, but sees no GPU. Look with 'nvidia-smi' whether the driver works "
                + "and is new enough for that CUDA, and that CUDA_VISIBLE_DEVICES hides none.");
    }

    /// <inheritdoc/>
    public override string ToString() => IsCpu ? "cpu" : $"{CudaName}:{_index}{(IsBf16 ? " in bfloat16" : "")}";

    /// <summary>Threads that work side by side: on a GPU one, which keeps it busy.</summary>
    internal int Threads(int wanted) => IsCpu ? wanted : 1;

    /// <summary>
    /// A tensor of the CPU as one of this device: the same one, or a copy on its way there through memory that the system does
    /// not move, so that nobody waits for it.
    /// </summary>
    internal Tensor Take(Tensor tensor)
    {
        if (_type != DeviceType.CUDA)
            return IsCpu ? tensor : tensor.to(Device);
        using var pinned = tensor.pin_memory();
        return pinned.to(Device, non_blocking: true);
    }

    private static int? IndexOf(string text) =>
        text == CudaName ? 0
        : text.StartsWith($"{CudaName}:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(CudaName.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
}
