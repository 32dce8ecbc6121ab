using System.Runtime.InteropServices;

namespace HwNas.Supernet.Torch;

/// <summary>
/// Settings of the C library's allocator for training. With its defaults every step returns its large buffers to the
/// system and takes them back page by page, which is thousands of page faults a step.
/// </summary>
internal static partial class NativeAllocator
{
    // <malloc.h>
    private const int MostFast = 1, TrimThreshold = -1, TopPad = -2, MmapMax = -4;

    private const int TopPadBytes = 64 << 20;

    /// <summary>Keeps freed memory in the process. Only glibc knows these settings; elsewhere nothing happens.</summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libc.so.6", out var libc)
            || !NativeLibrary.TryGetExport(libc, "mallopt", out _))
        {
            return;
        }

        // Fast bins are emptied whenever a large buffer is asked for or freed, which is all the time here.
        _ = mallopt(MostFast, 0);
        _ = mallopt(MmapMax, 0);
        _ = mallopt(TrimThreshold, int.MaxValue);
        _ = mallopt(TopPad, TopPadBytes);
    }

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);
}
