using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HwNas.Supernet.Torch;

/// <summary>
/// Native libraries of Linux. The system's loader trusts a file: what it maps beyond the end of a truncated one ends the
/// process. So a file is looked at first.
/// </summary>
internal static partial class ElfFile
{
    private const int HeaderBytes = 64, SegmentBytes = 56, BindNow = 2;

    // From <elf.h>: EM_X86_64 and EM_AARCH64.
    private const ushort X64 = 62, Arm64 = 183;

    /// <summary>Loads a library and resolves all that it needs at once, so that nothing can be missing later.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message is the loader's.</exception>
    public static nint LoadNow(string path)
    {
        // Once before, so that binding dlerror itself does not take the message away.
        _ = dlerror();
        var library = dlopen(path, BindNow);
        return library != 0
            ? library
            : throw new DllNotFoundException(Marshal.PtrToStringUTF8(dlerror()) ?? $"'{path}' cannot be loaded");
    }

    /// <summary>Checks that a file is a whole library for this processor.</summary>
    /// <exception cref="BadImageFormatException">It is not; the message says why.</exception>
    public static void Check(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(file, header, 0) < HeaderBytes || !header.StartsWith("\u007FELF\u0002\u0001"u8))
            throw new BadImageFormatException($"'{path}' is no 64-bit library");
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        if (machine != (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : X64))
            throw new BadImageFormatException($"'{path}' is for another processor");
        var segmentsAt = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
        var segments = new byte[SegmentBytes * BinaryPrimitives.ReadUInt16LittleEndian(header[56..])];
        if (segmentsAt < HeaderBytes || segmentsAt > length || RandomAccess.Read(file, segments, segmentsAt) < segments.Length)
            throw new BadImageFormatException($"'{path}' is damaged: it ends within its headers");
        for (var at = 0; at < segments.Length; at += SegmentBytes)
        {
            var (begin, bytes) = (
                BinaryPrimitives.ReadUInt64LittleEndian(segments.AsSpan(at + 8)),
                BinaryPrimitives.ReadUInt64LittleEndian(segments.AsSpan(at + 32)));
            if (begin > (ulong)length || bytes > (ulong)length - begin)
            {
                throw new BadImageFormatException(
                    $"'{path}' is damaged: it has {length} bytes, and its contents go on to {unchecked(begin + bytes)}");
            }
        }
    }

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string path, int mode);

    [LibraryImport("libc.so.6")]
    private static partial nint dlerror();
}
