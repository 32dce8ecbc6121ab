using HwNas.Core.Devices;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.Support;

namespace HwNas.Tests.Devices;

/// <summary>
/// The profiles of this repository are what they say: whole, of today's schema and spaces, judged by
/// networks that they did not know.
/// </summary>
public sealed class CommittedProfilesTests
{
    public static TheoryData<string> Profiles() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "device-profiles"), "*.json")
            .Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_profile_is_valid_covers_its_space_and_was_judged_by_twenty_held_out_networks(string name)
    {
        var profile = DeviceProfile.Read(Path.Combine(Repository.Root, "device-profiles", name));
        var space = MbConvSpace.Load(profile.Space.Name);
        Assert.Equal(space.Hash, profile.Space.Hash);
        Assert.Empty(LatencyTable.MissingLayers(profile, space));
        Assert.Equal(20, profile.Validation.HeldOut!.Nets);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "device-profiles", Path.ChangeExtension(name, ".samples.jsonl"))));
        Assert.Contains(
            name, File.ReadAllText(Path.Combine(Repository.Root, "device-profiles", "README.md")), StringComparison.Ordinal);
    }
}
