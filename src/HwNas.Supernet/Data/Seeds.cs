namespace HwNas.Supernet.Data;

/// <summary>Seeds made of seeds: the same in every process, which System.HashCode is not.</summary>
internal static class Seeds
{
    /// <summary>A seed of its own for each number, not below 0 (SplitMix64 of both).</summary>
    public static int Of(int seed, int number)
    {
        var z = (((ulong)(uint)seed << 32) | (uint)number) + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) >> 33);
    }
}
