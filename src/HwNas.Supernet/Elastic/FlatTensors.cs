using static TorchSharp.torch;

namespace HwNas.Supernet.Elastic;

/// <summary>Many tensors that lie one after the other in a single one, so that one operation reaches them all.</summary>
internal sealed class FlatTensors : IDisposable
{
    // A tensor begins where a cache line does.
    private const long Alignment = 16;

    private readonly List<Tensor> _parts = [];

    /// <summary>Room for tensors of these shapes on a device, filled with zeros.</summary>
    public FlatTensors(IReadOnlyCollection<long[]> shapes, Device device)
    {
        All = zeros(shapes.Sum(Room), device: device).DetachFromDisposeScope();
        var offset = 0L;
        foreach (var shape in shapes)
        {
            using var slice = All.narrow(0, offset, Elements(shape));
            using var view = slice.view(shape);
            _parts.Add(view.detach().DetachFromDisposeScope());
            offset += Room(shape);
        }
    }

    /// <summary>All elements [n]; those between two tensors are zero and belong to none.</summary>
    public Tensor All { get; }

    /// <summary>The tensors, in the order of their shapes: views.</summary>
    public IReadOnlyList<Tensor> Parts => _parts;

    /// <summary>As many tensors of the same shapes, filled with zeros.</summary>
    public FlatTensors Zeros() => new([.. _parts.Select(part => part.shape)], All.device);

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
        All.Dispose();
    }

    private static long Room(long[] shape) => (Elements(shape) + Alignment - 1) / Alignment * Alignment;

    private static long Elements(long[] shape) => shape.Aggregate(1L, (product, side) => product * side);
}
