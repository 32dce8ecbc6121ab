using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace HwNas.Onnx.Export;

/// <summary>
/// The little-endian bytes of an array of numbers, without copying it: ONNX keeps weights as raw bytes, and a
/// copy of every weight would double the memory of an export. The array must not change before it is written.
/// </summary>
internal sealed class ArrayBytes<T>(T[] values) : MemoryManager<byte>
    where T : unmanaged
{
    public static ByteString Wrap(T[] values) => UnsafeByteOperations.UnsafeWrap(new ArrayBytes<T>(values).Memory);

    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var pin = GCHandle.Alloc(values, GCHandleType.Pinned);
        return new MemoryHandle((byte*)pin.AddrOfPinnedObject() + elementIndex, pin, this);
    }

    public override void Unpin()
    {
        // The memory handle frees its own pin.
    }

    protected override void Dispose(bool disposing)
    {
    }
}
