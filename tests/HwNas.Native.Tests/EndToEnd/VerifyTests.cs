using HwNas.Supernet.Data;
using HwNas.Core;
using System.Collections.Immutable;
using HwNas.Core.Data;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Onnx.Profiling;
using HwNas.Tests.Devices;
using HwNas.Tests.Graphs;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>What verify refuses before it measures, and what it says of what it has measured.</summary>
public sealed class VerifyTests : IDisposable
{
    private static readonly MbConvSpace Space = MbConvSpace.Load("fashion-mnist");

    private readonly TemporaryFolder _folder = new();

    public VerifyTests() => SomeData.WriteIdx(_folder.File("bars"), training: 40, test: 20, height: 28, width: 28, classes: 10);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_that_gives_no_numbers_is_refused()
    {
        WriteModel(weight => weight * float.NaN);
        Assert.Contains("outputs that are no numbers", Refused("model.onnx"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_other_classes_than_its_card_says_is_refused()
    {
        WriteModel(outputs: 5);
        Assert.Contains("and the 10 classes that its card says", Refused("model.onnx"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true, ModelOutput.Probabilities, ModelPrecision.Fp32)]
    [InlineData(PixelLayout.Nhwc, false, ModelOutput.Logits, ModelPrecision.Fp32)]
    [InlineData(PixelLayout.Nchw, true, ModelOutput.Logits, ModelPrecision.Fp16)]
    public void A_model_of_every_form_is_fed_what_it_takes(
        PixelLayout? layout, bool dynamicBatch, ModelOutput output, ModelPrecision precision)
    {
        var pixels = layout is { } of ? new PixelInput(of, 28, 28) : null;
        var accuracies = new List<double>();
        foreach (var form in (ModelForm[])[new(), new()
        {
            Pixels = pixels, DynamicBatch = dynamicBatch, Output = output, Precision = precision,
        }])
        {
            WriteModel(form: form);
            Tool.RunWell(_folder.Path, Verify("model.onnx"));
            var found = Assert.Single(ModelCard.Read(_folder.File("model.json")).Verifications);
            accuracies.Add(found.TestTop1Percent);
            Assert.Contains(form.Precision.ToString().ToLowerInvariant(), found.Runtime, StringComparison.Ordinal);
        }

        Assert.Equal(accuracies[0], accuracies[1]);
    }

    [Fact]
    public void Models_that_cannot_be_judged_or_compared_are_refused()
    {
        WriteModel(form: new ModelForm { Output = ModelOutput.Features });
        Assert.Contains("is a backbone", Refused("model.onnx"), StringComparison.Ordinal);
        WriteModel(form: new ModelForm { Pixels = new PixelInput(PixelLayout.Nhwc, 32, 28) });
        Assert.Contains("takes images of 32x28 pixels", Refused("model.onnx"), StringComparison.Ordinal);
        WriteModel(form: new ModelForm { Precision = ModelPrecision.Fp16 });
        With(SomeProfile.Of(Space), device: id => DeviceProbe.Describe(id)).Write(_folder.File("here.json"));
        Assert.Contains(
            "'model.onnx' is fp16. Give a profile of fp16", Refused("model.onnx", "--profile", "here.json"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--opset 16", "--opset 16 is not in 17..")]
    [InlineData("--backbone --output probabilities", "--backbone has no classes")]
    [InlineData("--backbone --precision int8", "nobody knows what int8 costs")]
    [InlineData("--max-loss 1", "--max-loss is about 8-bit integers")]
    [InlineData("--precision int8 --calibration-images 0", "--calibration-images 0 is not in 1..")]
    public void Forms_that_make_no_sense_are_not_exported(string options, string message)
    {
        var result = Tool.Run(_folder.Path, ["export", .. options.Split(' ')]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_model_twice_is_refused()
    {
        WriteModel();
        Assert.Contains("is given twice", Refused("model.onnx", "./model.onnx"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_of_another_device_is_not_compared_with_this_one()
    {
        WriteModel();
        SomeProfile.Of(Space).Write(_folder.File("phone.json"));
        var error = Refused("model.onnx", "--profile", "phone.json");
        Assert.Contains("The profile is of 'test-box' (Core 1), but this machine is another", error, StringComparison.Ordinal);

        // A program that uses the library is told the same.
        var request = new VerifyRequest([_folder.File("model.onnx")], DataSets.Open(_folder.File("bars")))
        {
            Profile = SomeProfile.Of(Space), Space = Space,
        };
        var refused = await Assert.ThrowsAsync<InputException>(() => Verification.RunAsync(request, new RunContext()));
        Assert.Contains("this machine is another", refused.Message, StringComparison.Ordinal);

        var inBrowser = With(SomeProfile.Of(Space), runtime: key => key with { Name = "onnxruntime-web", Provider = "wasm" });
        inBrowser.Write(_folder.File("phone.json"));
        Assert.Contains("Add --browser", Refused("model.onnx", "--profile", "phone.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_outside_its_interval_is_said_loudly_and_so_is_another_speed_of_the_machine()
    {
        // A profile of this machine by which everything takes many times as long as it does.
        WriteModel();
        var profile = With(SomeProfile.Of(Space), device: id => DeviceProbe.Describe(id));
        (profile with { Calibration = profile.Calibration with { OverheadUs = 5000 } }).Write(_folder.File("here.json"));
        var result = Tool.Run(_folder.Path, [.. Verify("model.onnx"), "--profile", "here.json", "--strict"]);
        Assert.Equal(1, result.ExitCode);
        var output = result.Output;
        Assert.Contains("OUTSIDE", output, StringComparison.Ordinal);
        Assert.Contains("TOO FEW", output, StringComparison.Ordinal);
        Assert.Contains("and took 5000.00 µs for the profile", output, StringComparison.Ordinal);

        var found = Assert.Single(ModelCard.Read(_folder.File("model.json")).Verifications);
        Assert.True(found.PredictedLowUs > found.MeasuredHighUs, found.ToString());
        Assert.NotEmpty(found.Warnings);
        Assert.Equal("test-box", found.Device);
    }

    [Fact]
    public void Two_spaces_of_one_name_are_told_apart()
    {
        WriteModel();
        var other = MbConvSpace.Create(Space.Definition with { Source = "mine", Resolutions = [20] }, "mine");
        File.WriteAllText(_folder.File("mine.json"), other.ToJson());
        With(SomeProfile.Of(other), device: id => DeviceProbe.Describe(id)).Write(_folder.File("here.json"));
        foreach (var profile in (string[][])[["--profile", "here.json"], []])
        {
            var error = Refused(["model.onnx", "--space", "mine.json", .. profile]);
            Assert.Contains(SearchSpace.Title(Space.Name, Space.Hash), error, StringComparison.Ordinal);
            Assert.Contains(SearchSpace.Title(other.Name, other.Hash), error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_in_the_place_of_a_profile_is_refused_before_anything_is_measured()
    {
        var result = Tool.Run(_folder.Path, "profile", "--out", "bars");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'bars' is a folder", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("warm-up", result.Error, StringComparison.Ordinal);
    }

    private static string[] Verify(params string[] arguments) => ["verify", .. arguments, "--data", "bars", "--seconds", "0.5"];

    private string Refused(params string[] arguments)
    {
        var result = Tool.Run(_folder.Path, Verify(arguments));
        Assert.True(result.ExitCode == 2, result.ToString());
        return result.Error;
    }

    // The smallest network with random weights, and its card, which says 10 classes.
    private void WriteModel(Func<float, float>? spoil = null, int outputs = 10, ModelForm? form = null)
    {
        var space = MbConvSpace.Create(Space.Definition with { Classes = outputs }, "test");
        var plan = space.PlanOf(space.Smallest);
        var weights = SomeWeights.Of(plan, seed: 1);
        if (spoil is not null)
        {
            weights = new SubnetWeights(plan, SubnetWeights.Names(plan).ToDictionary(
                weight => weight.Name,
                weight => new WeightArray(weight.Spec.Shape, [.. weights[weight.Name].Values.Select(spoil)])));
        }

        var normalisation = new Normalisation([0.3], [0.3]);
        var cost = NetworkCost.Of(plan);
        OnnxModelWriter.WriteFile(_folder.File("model.onnx"), weights, new OnnxModelMetadata
        {
            Space = Space.Name,
            SpaceHash = Space.Hash,
            Architecture = plan.Id,
            ValidationTop1Percent = 50,
            Macs = cost.Macs,
            Params = cost.Params,
            Resolution = plan.Input.Height,
            Classes = 10,
            ClassNames = "[]",
            Normalisation = normalisation,
            Form = form ?? new ModelForm(),
        });
        StrictJson.WriteFile(_folder.File("model.json"), new ModelCard
        {
            ToolVersion = "test",
            Model = new InputReference("model.onnx", ContentHash.OfFile(_folder.File("model.onnx"))),
            Form = form ?? new ModelForm(),
            Space = new InputReference(Space.Name, Space.Hash),
            Supernet = new InputReference("supernet.safetensors", "none"),
            Architecture = plan.Id,
            Resolution = plan.Input.Height,
            Normalisation = normalisation,
            Classes = [.. Enumerable.Range(0, 10).Select(i => $"{i}")],
            ValidationTop1Percent = 50,
            ValidationStandardErrorPercent = 1,
            Costs = ImmutableSortedDictionary<string, double>.Empty.Add("macs", cost.Macs).Add("params", cost.Params),
            PredictedLatencyUs = ImmutableSortedDictionary<string, LatencyEstimate>.Empty,
        });
    }

    private static DeviceProfile With(
        DeviceProfile profile, Func<string, DeviceDescription>? device = null, Func<RuntimeKey, RuntimeKey>? runtime = null)
    {
        var of = device?.Invoke(profile.Device.Id) ?? profile.Device;
        var key = runtime?.Invoke(profile.Runtime) ?? profile.Runtime;
        return profile with { Device = of, Runtime = key, Fingerprint = DeviceProfile.FingerprintOf(of, key, profile.Space) };
    }
}
