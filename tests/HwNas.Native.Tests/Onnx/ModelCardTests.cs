using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Files;
using HwNas.Core.Search;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;

namespace HwNas.Native.Tests.Onnx;

public sealed class ModelCardTests
{
    [Fact]
    public void A_card_of_an_older_version_is_read_and_becomes_one_of_this()
    {
        using var folder = new TemporaryFolder();
        StrictJson.WriteFile(folder.File("new.json"), Card());
        var older = JsonNode.Parse(File.ReadAllText(folder.File("new.json")))!.AsObject();
        older["schema"] = "hwnas/model-card/1";
        older.Remove("form");
        older.Remove("taps");
        older["precision"] = "fp32";
        older.Remove("data");
        (older["normalisation"]!["mean"], older["normalisation"]!["deviation"]) = (0.25, 0.5);
        StrictJson.WriteFile(folder.File("old.json"), older);

        var read = ModelCard.Read(folder.File("old.json"));
        Assert.Equal((ModelCard.CurrentSchema, null, new ModelForm()), (read.Schema, read.Data, read.Form));
        Assert.Equal(new Normalisation([0.25], [0.5]), read.Normalisation);
        Assert.Equal(new InputReference("photos", "d"), ModelCard.Read(folder.File("new.json")).Data);
    }

    [Fact]
    public void A_card_without_a_deviation_above_0_is_refused()
    {
        using var folder = new TemporaryFolder();
        StrictJson.WriteFile(folder.File("x.json"), Card() with { Normalisation = new Normalisation([0.5], [0]) });
        Assert.Contains(
            "normalisation",
            Assert.Throws<InputException>(() => ModelCard.Read(folder.File("x.json"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 38.6, true)]
    [InlineData(20, 21, false)]
    [InlineData(20, 11, true)]
    public void A_time_that_changed_since_it_was_verified_before_is_said(double beforeUs, double nowUs, bool isSaid)
    {
        static ModelVerification Of(double us, string device = "edge") =>
            new(device, "cpu", 10, 90, null, null, us, us - 0.2, us + 0.2);

        var change = Card().With(Of(beforeUs)).ChangeOf(Of(nowUs));
        Assert.Equal(isSaid, change is not null);
        Assert.Null(Card().With(Of(beforeUs)).ChangeOf(Of(nowUs, "other")));
        Assert.Null(Card().ChangeOf(Of(nowUs)));
        if (isSaid)
            Assert.Contains($"took {beforeUs:F1} µs when it was verified before, and takes {nowUs:F1} µs", change);
    }

    private static ModelCard Card() => new()
    {
        ToolVersion = "0",
        Model = new InputReference("x.onnx", "m"),
        Space = new InputReference("tiny", "s"),
        Supernet = new InputReference("supernet.safetensors", "w"),
        Data = new InputReference("photos", "d"),
        Architecture = "a",
        Resolution = 20,
        Normalisation = new Normalisation([0.1, 0.2, 0.3], [0.4, 0.5, 0.6]),
        Classes = ["cat", "dog"],
        ValidationTop1Percent = 90,
        ValidationStandardErrorPercent = 1,
        Costs = ImmutableSortedDictionary<string, double>.Empty.Add("macs", 1).Add("params", 2).Add("peak_activation_bytes", 3),
        PredictedLatencyUs =
            ImmutableSortedDictionary<string, HwNas.Core.Devices.LatencyEstimate>.Empty,
    };
}
