namespace TorchSharp;

internal enum DeviceType
{
    CPU = 0,
    CUDA = 1,
}

public static partial class torch
{
    /// <summary>Where a tensor lives.</summary>
    public class Device
    {
        internal Device(DeviceType type, int index)
        {
            Type = type;
            Index = index;
        }

        internal DeviceType Type { get; }

        internal int Index { get; }
    }
}
