using static TorchSharp.torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Opens a scope of this thread that disposes the tensors made in it.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScope.Open();

    /// <summary>Runs <paramref name="expr"/> in a scope of its own and moves only its result out.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
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
    private IDisposable[] _items = new IDisposable[32];
    private int _count;

    private DisposeScope(DisposeScope? outer) => _outer = outer;

    public int DisposablesCount => _count;

    internal static DisposeScope Open() => t_current = new DisposeScope(t_current);

    internal static void Register(Tensor tensor) => t_current?.Add(tensor);

    public T Attach<T>(T disposable)
        where T : IDisposable
    {
        if (disposable is Tensor tensor) tensor.OwningDisposeScope?.Remove(tensor);
        Add(disposable);
        return disposable;
    }

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        if (Remove(disposable)) _outer?.Add(disposable);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) MoveToOuter<IDisposable>(disposable);
    }

    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Remove(disposable);
        return disposable;
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) Remove(disposable);
    }

    public bool Contains(IDisposable disposable) => IndexOf(disposable) >= 0;

    public void DisposeEverything() => DisposeEverythingBut([]);

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var keep = inKeep.Where(Contains).ToHashSet(ReferenceEqualityComparer.Instance);
        var (items, count) = (_items, _count);
        _items = new IDisposable[Math.Max(32, keep.Count)];
        _count = 0;
        for (var i = 0; i < count; i++)
        {
            if (keep.Contains(items[i]))
            {
                Add(items[i]);
                continue;
            }
            if (items[i] is Tensor tensor) tensor.OwningDisposeScope = null;
            items[i].Dispose();
        }
    }

    /// <summary>Disposes everything in the scope and closes it, together with inner scopes left open.</summary>
    public void Dispose()
    {
        DisposeEverything();
        for (var scope = t_current; scope is not null; scope = scope._outer)
        {
            if (scope != this) continue;
            t_current = _outer;
            return;
        }
    }

    /// <summary>Puts <paramref name="replacement"/> in the place of a tensor whose handle it has taken over.</summary>
    internal static void Replace(Tensor tensor, Tensor replacement)
    {
        if (tensor.OwningDisposeScope is not { } scope) return;
        scope.Remove(tensor);
        scope.Add(replacement);
    }

    internal bool Remove(IDisposable disposable)
    {
        var index = IndexOf(disposable);
        if (index < 0) return false;
        var last = _items[--_count];
        _items[index] = last;
        _items[_count] = null!;
        if (last is Tensor moved) moved.ScopeIndex = index;
        if (disposable is Tensor tensor) tensor.OwningDisposeScope = null;
        return true;
    }

    private void Add(IDisposable disposable)
    {
        if (disposable is Tensor tensor)
        {
            tensor.OwningDisposeScope = this;
            tensor.ScopeIndex = _count;
        }
        if (_count == _items.Length) Array.Resize(ref _items, 2 * _count);
        _items[_count++] = disposable;
    }

    private int IndexOf(IDisposable disposable)
    {
        if (disposable is Tensor tensor) return tensor.OwningDisposeScope == this ? tensor.ScopeIndex : -1;
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_items[i], disposable)) return i;
        }
        return -1;
    }
}
