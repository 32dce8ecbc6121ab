using static TorchSharp.torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Opens a scope of this thread that disposes the tensors made in it.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScope.Open();
}

/// <summary>
/// Owns the tensors that its thread makes while it is the innermost scope. A tensor knows its place in its scope, so
/// that entering and leaving one costs no search.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? t_current;

    private readonly DisposeScope? _outer;
    private Tensor[] _items = new Tensor[32];
    private int _count;

    private DisposeScope(DisposeScope? outer) => _outer = outer;

    /// <summary>Disposes everything in the scope and closes it, together with inner scopes left open.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            _items[i].OwningDisposeScope = null;
            _items[i].Dispose();
        }

        _count = 0;
        for (var scope = t_current; scope is not null; scope = scope._outer)
        {
            if (scope != this) continue;
            t_current = _outer;
            return;
        }
    }

    internal static DisposeScope Open() => t_current = new DisposeScope(t_current);

    internal static void Register(Tensor tensor) => t_current?.Add(tensor);

    /// <summary>Puts <paramref name="replacement"/> in the place of a tensor whose handle it has taken over.</summary>
    internal static void Replace(Tensor tensor, Tensor replacement)
    {
        if (tensor.OwningDisposeScope is not { } scope) return;
        scope.Remove(tensor);
        scope.Add(replacement);
    }

    internal void MoveToOuter(Tensor tensor)
    {
        Remove(tensor);
        _outer?.Add(tensor);
    }

    internal void Remove(Tensor tensor)
    {
        var last = _items[--_count];
        _items[tensor.ScopeIndex] = last;
        last.ScopeIndex = tensor.ScopeIndex;
        _items[_count] = null!;
        tensor.OwningDisposeScope = null;
    }

    private void Add(Tensor tensor)
    {
        if (_count == _items.Length) Array.Resize(ref _items, 2 * _count);
        tensor.OwningDisposeScope = this;
        tensor.ScopeIndex = _count;
        _items[_count++] = tensor;
    }
}
