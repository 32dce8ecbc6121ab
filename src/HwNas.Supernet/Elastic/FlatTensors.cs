using static TorchSharp.torch;

namespace HwNas.Supernet.Elastic;

/// <summary>Many tensors that lie one after the other in a single one, so that one operation reaches them all.</summary>
internal sealed class FlatTensors : IDisposable
{
    // A tensor begins where a cache line does.
    private const long Alignment = 16;

    private readonly (long[] Shape, long Offset)[] _places;

    /// <summary>Room for tensors of these shapes, filled with zeros.</summary>
    public FlatTensors(IEnumerable<long[]> shapes)
    {
        var length = 0L;
        _places = [.. shapes.Select(shape =>
        {
            var offset = length;
            length += (Elements(shape) + Alignment - 1) / Alignment * Alignment;
            return (shape, offset);
        })];
        All = zeros(length).DetachFromDisposeScope();
    }

    private FlatTensors(FlatTensors like)
    {
        _places = like._places;
        All = zeros_like(like.All).DetachFromDisposeScope();
    }

    /// <summary>All elements [n]; those between two tensors are zero and belong to none.</summary>
    public Tensor All { get; }

    /// <summary>Number of tensors.</summary>
    public int Count => _places.Length;

    /// <summary>A new view of a tensor.</summary>
    public Tensor this[int index]
    {
        get
        {
            var (shape, offset) = _places[index];
            using var slice = All.narrow(0, offset, Elements(shape));
            using var view = slice.view(shape);
            return view.detach();
        }
    }

    /// <summary>As many tensors of the same shapes, filled with zeros.</summary>
    public FlatTensors Zeros() => new(this);

    public void Dispose() => All.Dispose();

    private static long Elements(long[] shape) => shape.Aggregate(1L, (product, side) => product * side);
}
