using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.Spaces;

namespace HwNas.Tests.Devices;

public sealed class DeviceProfileTests : IDisposable
{
    private static readonly MbConvSpace Space = SmallSpaces.PerStage;

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-").FullName;

    private string PathOf => Path.Combine(_folder, "profile.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_profile_reads_back_as_it_was_written_and_writing_again_gives_the_same_bytes()
    {
        SomeProfile.Of(Space).Write(PathOf);
        var text = File.ReadAllText(PathOf);
        var read = DeviceProfile.Read(PathOf);

        Assert.Equal(
            SomeProfile.Of(Space).Entries.Select(e => (e.Layer, e.MedianUs)), read.Entries.Select(e => (e.Layer, e.MedianUs)));
        Assert.Equal(64, read.Hash.Length);
        read.Write(PathOf);
        Assert.Equal(text, File.ReadAllText(PathOf));
    }

    [Fact]
    public void Any_edited_figure_is_noticed_by_the_hash()
    {
        SomeProfile.Of(Space).Write(PathOf);
        File.WriteAllText(
            PathOf, File.ReadAllText(PathOf).Replace("\"scale\": 1.25", "\"scale\": 1.24", StringComparison.Ordinal));
        Assert.Contains("its own hash", Refuse(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        SomeProfile.Of(Space).Write(PathOf);
        var text = File.ReadAllText(PathOf);
        var random = new Random(3);
        for (var i = 0; i < 50; i++)
        {
            File.WriteAllText(PathOf, text[..random.Next(text.Length - 2)]);
            Refuse();
        }
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("runtime")]
    [InlineData("calibration")]
    [InlineData("entries")]
    [InlineData("validation")]
    public void A_missing_key_is_named(string key) =>
        Assert.Contains(key, RefuseAfter(profile => profile.Remove(key)), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_key_is_named() =>
        Assert.Contains("surprise", RefuseAfter(profile => profile["surprise"] = 1), StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("-3.5")]
    [InlineData("1e12")]
    [InlineData("1e999")]
    [InlineData("\"12\"")]
    [InlineData("null")]
    public void Times_that_nothing_takes_are_refused(string time) =>
        RefuseAfter(profile => profile["entries"]![2]!["median_us"] = JsonNode.Parse(time));

    [Fact]
    public void A_median_outside_of_its_interval_is_refused() =>
        Assert.Contains("interval", RefuseAfter(profile => profile["entries"]![2]!["ci_low_us"] = 1e6), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, null)]
    [InlineData(12, 12)]
    [InlineData(null, 12)]
    public void A_layer_that_is_there_twice_is_named(int? firstResolution, int? secondResolution) =>
        Assert.Contains("twice", RefuseAfter(profile => AddFirstAgain(profile, firstResolution, secondResolution)),
            StringComparison.Ordinal);

    [Fact]
    public void A_layer_may_have_a_time_for_each_resolution()
    {
        var profile = SomeProfile.Of(Space);
        var first = profile.Entries[0];
        var split = profile with
        {
            Entries =
            [
                first with { Resolution = 12 },
                first with { Resolution = 13, MedianUs = first.CiHighUs },
                .. profile.Entries[1..],
            ],
        };
        Assert.Equal(split.Entries.Length, split.Write(PathOf).Entries.Length);
        Assert.Contains("resolution", RefuseAfter(p => AddFirstAgain(p, 12, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_of_one_device_under_the_name_of_another_are_refused() =>
        Assert.Contains(
            "fingerprint", RefuseAfter(profile => profile["device"]!["cpu_model"] = "Core 2"), StringComparison.Ordinal);

    [Fact]
    public void A_profile_of_another_runtime_has_another_fingerprint()
    {
        var profile = SomeProfile.Of(Space);
        string[] fingerprints =
        [
            profile.Fingerprint,
            Of(profile.Runtime with { IntraOpThreads = 2 }),
            Of(profile.Runtime with { GraphLevel = GraphLevel.Basic }),
            Of(profile.Runtime with { Precision = ModelPrecision.Int8 }),
            Of(profile.Runtime with { Version = "1.28.0" }),
            Of(profile.Runtime with { Batch = 8 }),
            Of(profile.Runtime with { Provider = "xnnpack" }),
            Of(profile.Runtime with { Name = "onnxruntime-web" }),
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());

        string Of(RuntimeKey key) => DeviceProfile.FingerprintOf(profile.Device, key, profile.Space);
    }

    [Fact]
    public void A_prediction_is_the_overhead_and_the_scaled_sum_of_the_layers_without_theirs()
    {
        var table = LatencyTable.For(SomeProfile.Of(Space), Space);
        foreach (var genome in Space.Genomes.Enumerate())
        {
            var plan = Space.PlanOf(genome);
            var expected = 4 + plan.Blocks.Sum(layer => (1.25 * (SomeProfile.MedianUs(layer.LatencyKey) - 4)) + 0.5);
            var estimate = table.Estimate(plan);
            Assert.Equal(expected, estimate.MedianUs, 1e-9);
            Assert.True(estimate.LowUs < estimate.MedianUs && estimate.MedianUs < estimate.HighUs);
        }
    }

    [Fact]
    public void A_profile_that_lacks_layers_is_refused_and_the_first_missing_ones_are_named()
    {
        var profile = SomeProfile.Of(Space);
        var missing = profile.Entries[3].Layer;
        var partial = profile with { Entries = profile.Entries.RemoveAt(3) };

        Assert.Equal([missing], LatencyTable.MissingLayers(partial, Space));
        Assert.Contains(
            missing, Assert.Throws<InputException>(() => LatencyTable.For(partial, Space)).Message, StringComparison.Ordinal);
    }

    // Edits the file and mends its hash, so that only the validation can notice.
    private static void AddFirstAgain(JsonObject profile, int? firstResolution, int? secondResolution)
    {
        var again = profile["entries"]![0]!.DeepClone();
        (profile["entries"]![0]!["resolution"], again["resolution"]) = (firstResolution, secondResolution);
        profile["entries"]!.AsArray().Add(again);
    }

    private string RefuseAfter(Action<JsonObject> edit)
    {
        SomeProfile.Of(Space).Write(PathOf);
        var profile = JsonNode.Parse(File.ReadAllText(PathOf))!.AsObject();
        edit(profile);
        profile["hash"] = ContentHash.OfCanonicalJson(profile);
        File.WriteAllText(PathOf, profile.ToJsonString());
        return Refuse();
    }

    private string Refuse()
    {
        var message = Assert.Throws<InputException>(() => DeviceProfile.Read(PathOf)).Message;
        Assert.Contains(PathOf, message, StringComparison.Ordinal);
        return message;
    }
}
