using HwNas.Core.Networks;
using HwNas.Core.SearchSpaces;

namespace HwNas.Core.Devices;

/// <summary>What of a search space a profile covers.</summary>
/// <param name="Layers">Distinct layers of the space.</param>
/// <param name="Missing">Latency keys of the space that the profile lacks, in order of execution.</param>
/// <param name="Superfluous">Entries that no network of the space needs.</param>
/// <param name="SameSpace">Whether the profile was measured for this very table.</param>
public sealed record ProfileCoverage(int Layers, IReadOnlyList<string> Missing, int Superfluous, bool SameSpace)
{
    /// <summary>Whether every network of the space can be predicted.</summary>
    public bool IsComplete => Missing.Count == 0;

    /// <summary>Compares a profile with a space.</summary>
    public static ProfileCoverage Of(DeviceProfile profile, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(space);
        var entries = profile.Entries.Select(entry => entry.Layer).ToHashSet(StringComparer.Ordinal);
        string[] keys = [.. LayerCatalog.DistinctLayers(space).Select(layer => layer.LatencyKey)];
        return new ProfileCoverage(
            keys.Length, [.. keys.Where(key => !entries.Contains(key))], entries.Except(keys).Count(), profile.Space.Hash == space.Hash);
    }

    /// <summary>Throws unless every network of the space can be predicted.</summary>
    /// <exception cref="InputException">Layers are missing; the message names the first ones.</exception>
    public static void Require(DeviceProfile profile, SearchSpace space)
    {
        var coverage = Of(profile, space);
        if (coverage.IsComplete)
            return;
        throw new InputException(
            $"The profile of '{profile.Device.Id}' was measured for the space '{profile.Space.Name}' and lacks {coverage.Missing.Count} of the {coverage.Layers} layers of '{space.Name}', " +
            $"such as {string.Join(", ", coverage.Missing.Take(3))}. Measure the device for this space: `hwnas profile --space {space.Name}`.");
    }
}
