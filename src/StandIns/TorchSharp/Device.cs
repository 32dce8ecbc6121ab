using System.Globalization;

namespace TorchSharp;

public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    META = 14,
}

public static partial class torch
{
    public static Device CPU { get; } = new(DeviceType.CPU);

    public static Device CUDA { get; } = new(DeviceType.CUDA);

    public static Device device(string description) => new(description);

    public static Device device(DeviceType type, int index = -1) => new(type, index);

    public static Device device(int index) => new(DeviceType.CUDA, index);

    /// <summary>Where tensors live: "cpu", or "cuda" with an index.</summary>
    public class Device
    {
        public Device(string description)
        {
            var parts = description.Split(':');
            type = parts[0].ToUpperInvariant() switch
            {
                "CPU" => DeviceType.CPU,
                "CUDA" => DeviceType.CUDA,
                "META" => DeviceType.META,
                _ => throw new ArgumentException($"Unknown device: '{description}'. Use 'cpu', 'cuda' or 'cuda:0'."),
            };
            index = parts.Length == 1 ? -1 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        }

        public Device(DeviceType type, int index = -1)
        {
            this.type = type;
            this.index = index;
        }

        public DeviceType type { get; }

        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString() =>
            index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";

        public override bool Equals(object? obj) => obj is Device other && type == other.type && index == other.index;

        public override int GetHashCode() => HashCode.Combine(type, index);
    }
}
