using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>Makes no gradients on this thread until it is disposed.</summary>
    public static IDisposable no_grad() => new NoGradients();

    /// <summary>Seeds the default generators of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        nint handle;
        Native.Check(Native.hw_manual_seed((ulong)seed, &handle));
        return Generator.Owning(handle);
    }

    /// <summary>Threads of one operator, for calls from this thread.</summary>
    public static void set_num_threads(int num) => Native.Check(Native.hw_set_threads(num));

    /// <summary>A source of random numbers with a state of its own.</summary>
    public sealed class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0)
        {
            nint handle;
            Native.Check(Native.hw_generator_new(seed, &handle));
            _handle = handle;
        }

        private Generator()
        {
        }

        ~Generator() => Free();

        internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        // No constructor: it would take the integer seeds of callers that see internals.
        internal static Generator Owning(nint handle) => new() { _handle = handle };

        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        private void Free()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) Native.Check(Native.hw_generator_free(handle));
        }
    }

    /// <summary>Restores the mode of before on disposal.</summary>
    private sealed class NoGradients : IDisposable
    {
        private readonly int _before = Native.hw_grad_mode();

        public NoGradients() => Native.Check(Native.hw_set_grad_mode(0));

        public void Dispose() => Native.Check(Native.hw_set_grad_mode(_before));
    }
}
