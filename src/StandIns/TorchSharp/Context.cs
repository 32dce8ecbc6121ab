using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static Generator manual_seed(long seed)
    {
        nint handle;
        Native.Check(Native.hw_generator_default((int)DeviceType.CPU, -1, &handle));
        Native.Check(Native.hw_generator_set_seed(handle, (ulong)seed));
        return new Generator(handle);
    }

    public static void set_num_threads(int num) => Native.Check(Native.hw_set_threads(num));

    public static int get_num_threads() => Native.hw_threads();

    /// <summary>A source of random numbers with a state of its own.</summary>
    public sealed class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            nint handle;
            Native.Check(Native.hw_generator_new(seed, &handle));
            _handle = handle;
        }

        internal Generator(nint handle) => _handle = handle;

        ~Generator() => Free();

        internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

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
    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = Native.hw_grad_mode() != 0;

        public GradMode(bool enabled) => Native.Check(Native.hw_set_grad_mode(enabled ? 1 : 0));

        public void Dispose() => Native.Check(Native.hw_set_grad_mode(_before ? 1 : 0));
    }
}
