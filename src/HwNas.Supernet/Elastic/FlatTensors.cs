using static TorchSharp.torch;

namespace HwNas.Supernet.Elastic;

/// <summary>Many tensors that lie one after the other in a single one, so that one operation reaches them all.</summary>
internal sealed class FlatTensors : IDisposable
{
    // A view begins where a cache line does.
    private const long Alignment = 16;

    private readonly List<(long[] Shape, long Offset)> _places = [];

    /// <summary>Room for tensors of these shapes, filled with zeros.</summary>
    public FlatTensors(IEnumerable<long[]> shapes)
    {
        var length = 0L;
        foreach (var shape in shapes)
        {
            _places.Add((shape, length));
            length += (Elements(shape) + Alignment - 1) / Alignment * Alignment;
        }

        All = zeros(length).DetachFromDisposeScope();
    }

    /// <summary>All elements [n]; those between two tensors are zero and belong to none.</summary>
    public Tensor All { get; }

    /// <summary>Views of the tensors, in the order of their shapes; each call makes new ones.</summary>
    public IEnumerable<Tensor> Views()
    {
        foreach (var (shape, offset) in _places)
        {
            using var slice = All.narrow(0, offset, Elements(shape));
            using var view = slice.view(shape);
            yield return view.detach();
        }
    }

    public void Dispose() => All.Dispose();

    private static long Elements(long[] shape) => shape.Aggregate(1L, (product, side) => product * side);
}
