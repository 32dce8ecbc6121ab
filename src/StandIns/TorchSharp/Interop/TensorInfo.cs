using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What libtorch knows of a tensor, in one call (mirrors <c>Info</c> of native/tensors.cpp).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    internal long Dimensions;
    internal long Elements;
    internal int ScalarType;
    internal int ElementBytes;
    internal int DeviceType;
    internal int DeviceIndex;
    internal int IsContiguous;
    internal int Reserved;
}
