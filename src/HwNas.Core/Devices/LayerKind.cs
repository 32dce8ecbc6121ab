namespace HwNas.Core.Devices;

/// <summary>
/// The kind of a layer, read from its latency key: profiles hold keys only, and may be of spaces that are not at hand.
/// </summary>
public static class LayerKind
{
    /// <summary>
    /// What the layer is, with kernel and stride where it has them: of
    /// <c>mbconv-i16x14x14-o32x7x7-m48-k3-s2-Relu-none</c> <c>mbconv-k3-s2</c>.
    /// </summary>
    public static string Of(string latencyKey)
    {
        ArgumentNullException.ThrowIfNull(latencyKey);
        var parts = latencyKey.Split('-');
        return string.Join('-', parts.Where((part, i) => i == 0 || IsNumbered(part, "ks")));
    }

    /// <summary>Height and width of its input, such as <c>14x14</c>; empty where the key has none.</summary>
    public static string InputSizeOf(string latencyKey)
    {
        ArgumentNullException.ThrowIfNull(latencyKey);
        var input = latencyKey.Split('-')
            .FirstOrDefault(part => part.StartsWith('i') && part.Contains('x', StringComparison.Ordinal));
        return input?.Split('x') is [_, var height, var width] ? $"{height}x{width}" : "";
    }

    private static bool IsNumbered(string part, string letters) =>
        part.Length > 1
        && letters.Contains(part[0], StringComparison.Ordinal)
        && !part.AsSpan(1).ContainsAnyExceptInRange('0', '9');
}
