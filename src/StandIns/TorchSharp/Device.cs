namespace TorchSharp;

public enum DeviceType
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
            this.type = type;
            this.index = index;
        }

        public DeviceType type { get; }

        public int index { get; }
    }
}
