using System.Text.Json;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;

namespace HwNas.Tests.Data;

public sealed class NormalisationTests
{
    [Fact]
    public void Each_channel_has_its_own_mean_and_deviation()
    {
        // Two images of two pixels in two channels.
        var images = new LabelledImages("x", new ImageShape(2, 1, 2), [0, 1], [0, 255, 10, 10, 0, 255, 10, 10]);
        var found = Normalisation.Of(images);
        Assert.Equal(0.5, found.Mean[0], 12);
        Assert.Equal(0.5, found.Deviation[0], 12);
        Assert.Equal(10 / 255.0, found.Mean[1], 12);

        // A channel that is everywhere the same becomes 0, not infinite.
        Assert.Equal(1, found.Deviation[1]);
    }

    [Fact]
    public void It_is_compared_by_value_and_survives_its_json()
    {
        var one = new Normalisation([0.1, 0.2], [0.3, 0.4]);
        var json = JsonSerializer.Serialize(one, StrictJson.LineOptions);
        Assert.Equal("""{"mean":[0.1,0.2],"deviation":[0.3,0.4]}""", json);
        Assert.Equal(one, StrictJson.Deserialize<Normalisation>(StrictJson.ParseObject(json, "x"), "x"));
        Assert.NotEqual(one, new Normalisation([0.1, 0.2], [0.3, 0.5]));
    }

    [Fact]
    public void Files_of_older_versions_hold_one_number() =>
        Assert.Equal(
            new Normalisation([0.286], [0.353]),
            StrictJson.Deserialize<Normalisation>(StrictJson.ParseObject("""{"mean":0.286,"deviation":0.353}""", "x"), "x"));

    [Theory]
    [InlineData("""{"mean":[],"deviation":[]}""")]
    [InlineData("""{"mean":[0.1],"deviation":[0]}""")]
    [InlineData("""{"mean":[0.1],"deviation":[0.1,0.2]}""")]
    [InlineData("""{"mean":[0.1],"deviation":[-1]}""")]
    public void What_is_no_normalisation_is_refused(string json) =>
        Assert.Throws<InputException>(
            () => StrictJson.Deserialize<Normalisation>(StrictJson.ParseObject(json, "x"), "x").Checked("x"));
}
