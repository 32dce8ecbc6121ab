using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Devices;

public sealed class ProfileComparisonTests
{
    private static readonly DeviceProfile Profile = SomeProfile.Of(SmallSpaces.PerStage);

    [Fact]
    public void A_profile_is_in_the_order_of_itself()
    {
        var comparison = ProfileComparison.Of(Profile, Profile);
        Assert.Equal(1, comparison.KendallTau, 1e-12);
        Assert.Equal(1, comparison.MedianRatio, 1e-12);
        Assert.Equal((Profile.Entries.Length, 0, 0), (comparison.CommonLayers, comparison.OnlyFirst, comparison.OnlySecond));
        Assert.Equal(Profile.Entries.Length, comparison.Kinds.Sum(kind => kind.Layers));
    }

    [Fact]
    public void A_device_that_is_three_times_slower_on_strided_blocks_only_is_seen_as_that()
    {
        var slow = Profile with
        {
            Calibration = new Calibration(1, 1, 0),
            Entries = [.. Profile.Entries.Select(entry => entry with
            {
                MedianUs = 1 + ((entry.MedianUs - 4) * (entry.Layer.Contains("-s2-", StringComparison.Ordinal) ? 3 : 1)),
            })],
        };
        foreach (var kind in ProfileComparison.Of(Profile, slow).Kinds)
        {
            var expected = kind.Kind.EndsWith("-s2", StringComparison.Ordinal) ? 3 : 1;
            Assert.Equal(
                (expected, expected, expected),
                (Math.Round(kind.MedianRatio, 9), Math.Round(kind.LeastRatio, 9), Math.Round(kind.MostRatio, 9)));
        }
    }

    [Fact]
    public void The_reverse_order_has_a_tau_of_minus_one()
    {
        var distinct = Profile with { Entries = [.. Profile.Entries.Select((entry, i) => entry with { MedianUs = 10 + i })] };
        var reverse = Profile with { Entries = [.. Profile.Entries.Select((entry, i) => entry with { MedianUs = 1000 - i })] };
        Assert.Equal(-1, ProfileComparison.Of(distinct, reverse).KendallTau, 1e-12);
    }

    [Fact]
    public void Profiles_without_common_layers_cannot_be_compared()
    {
        var other = SomeProfile.Of(MbConvSpace.Load("fashion-mnist"));
        var stranger = other with
        {
            Entries = [.. other.Entries.Where(entry => Profile.Entries.All(mine => mine.Layer != entry.Layer))],
        };
        Assert.Throws<InputException>(() => ProfileComparison.Of(Profile, stranger));
    }
}
