using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor: a handle to libtorch's own object, freed on disposal, by its scope, or by the finalizer.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            Interlocked.Increment(ref s_total);
            DisposeScope.Register(this);
        }

        /// <summary>Takes the handle over from another tensor, and its place in its scope.</summary>
        private protected Tensor(Tensor source)
        {
            _handle = source.Handle;
            DisposeScope.Replace(source, this);
            source._handle = 0;
            GC.SuppressFinalize(source);
        }

        ~Tensor() => Free();

        /// <summary>Number of live tensors.</summary>
        public static long TotalCount => Interlocked.Read(ref s_total);

        internal nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        internal int ScopeIndex { get; set; }

        public void Dispose()
        {
            OwningDisposeScope?.Remove(this);
            Free();
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Remove(this);
            return this;
        }

        private void Free()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            Interlocked.Decrement(ref s_total);
            Native.Check(Native.hw_tensor_free(handle));
        }
    }
}
