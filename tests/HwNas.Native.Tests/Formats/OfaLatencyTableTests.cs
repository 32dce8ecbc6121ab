using FsCheck;
using FsCheck.Fluent;
using HwNas.Cli.Formats;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.Devices;

namespace HwNas.Native.Tests.Formats;

public sealed class OfaLatencyTableTests : IDisposable
{
    private static readonly MbConvSpace Space = AtResolutions(160, 224);

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keys_are_those_that_once_for_all_asks_for()
    {
        var text = OfaLatencyTable.Export(SomeProfile.Of(Space), Space, 224);
        foreach (var key in new[]
        {
            "Conv-input:224x224x3-output:112x112x16:",
            "expanded_conv-input:112x112x16-output:112x112x16-expand:16-kernel:3-stride:1-idskip:1-se:0-hs:0:",
            "expanded_conv-input:56x56x24-output:28x28x40-expand:72-kernel:5-stride:2-idskip:0-se:1-hs:0:",
            "expanded_conv-input:14x14x112-output:7x7x160-expand:672-kernel:7-stride:2-idskip:0-se:1-hs:1:",
            "Conv_1-input:7x7x160-output:7x7x960:",
            "AvgPool2D-input:7x7x960-output:1x1x960:",
            "Conv_2-input:1x1x960-output:1x1x1280:",
            "Logits-input:1x1x1280-output:1000:",
        })
        {
            Assert.Contains("\n" + key + "\n", "\n" + text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_exported_and_imported_predicts_the_same()
    {
        var profile = SomeProfile.Of(Space);
        var read = Import(profile).Write(Path.Combine(_folder, "read.json"));
        var (before, after) = (LatencyTable.For(profile, Space), LatencyTable.For(read, Space));
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            var plan = Space.PlanOf(Space.Genomes.Sample(random));
            Assert.Equal(before.Estimate(plan).MedianUs, after.Estimate(plan).MedianUs, 1e-6 * before.Estimate(plan).MedianUs);
        }

        Assert.False(after.HasIntervals);
        Assert.Contains("once-for-all", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("bignas")]
    [InlineData("cifar-32")]
    public void Other_spaces_fit_into_the_format_too(string name)
    {
        var space = MbConvSpace.Load(name);
        var profile = SomeProfile.Of(space);
        var paths = space.Definition.Resolutions.Select(resolution =>
        {
            File.WriteAllText(Path.Combine(_folder, $"{resolution}.yaml"), OfaLatencyTable.Export(profile, space, resolution));
            return Path.Combine(_folder, $"{resolution}.yaml");
        }).ToList();
        Assert.Empty(LatencyTable.MissingLayers(OfaLatencyTable.Import(paths, space, "pixel", default), space));
    }

    [Fact]
    public void Resolutions_that_no_file_has_are_not_covered()
    {
        var wider = AtResolutions(160, 192, 224);
        var read = Import(SomeProfile.Of(Space));
        var missing = LatencyTable.MissingLayers(read, wider);
        Assert.NotEmpty(missing);
        Assert.All(missing, key => Assert.DoesNotContain(Space.DistinctBlocks(), layer => layer.LatencyKey == key));
    }

    [Fact]
    public void A_head_is_the_sum_of_one_table_and_tables_that_differ_are_said()
    {
        // The parts of the head after the pooling have one key in every table: each resolution must take its own table's.
        var profile = SomeProfile.Of(Space);
        var slower = OfaLatencyTable.Export(profile, Space, 224).Split('\n');
        slower[slower.IndexOf("Logits-input:1x1x1280-output:1000:") + 2] = "  mean: 0.7";
        File.WriteAllText(Path.Combine(_folder, "224.yaml"), string.Join('\n', slower));
        File.WriteAllText(Path.Combine(_folder, "160.yaml"), OfaLatencyTable.Export(profile, Space, 160));

        var read = OfaLatencyTable.Import(
            [Path.Combine(_folder, "160.yaml"), Path.Combine(_folder, "224.yaml")], Space, "pixel", default);
        var (before, after) = (LatencyTable.For(profile, Space), LatencyTable.For(read, Space));
        Assert.Equal([0, 700], Space.Resolutions.Select(resolution =>
        {
            var head = Space.BlocksAt(resolution).Single(block => block.Name == "head");
            return Math.Round(after.LayerUs(head, resolution) - before.LayerUs(head, resolution), 6);
        }));
        Assert.DoesNotContain(read.Warnings, warning => warning.Contains("apart", StringComparison.Ordinal));

        // The same resolution measured twice.
        File.WriteAllText(Path.Combine(_folder, "again.yaml"), OfaLatencyTable.Export(profile, Space, 224));
        var twice = OfaLatencyTable.Import(
            [Path.Combine(_folder, "224.yaml"), Path.Combine(_folder, "again.yaml")], Space, "pixel", default);
        Assert.Contains("times up to 700.0 µs apart", twice.Warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_table_does_not_say_is_unknown_not_0()
    {
        var read = Import(SomeProfile.Of(Space)).Write(Path.Combine(_folder, "read.json"));
        Assert.Equal(
            ((double?)null, (double?)null, (double?)null),
            (read.Protocol.PrecisionPercent, read.Protocol.DriftPercent, read.Validation.NoiseFloorPercent));
        var text = ProfileText.Of(read, Screen.File);
        Assert.Matches("(?m)^precision +unknown$", text);
        Assert.Matches("(?m)^noise floor +unknown$", text);
        Assert.Matches(@"(?m)^device +\S+ \(unknown\)$", text);
        Assert.DoesNotMatch("0 passes|±0|drift", text);
    }

    [Theory]
    [InlineData("count: 5\n  mean: 2.5\n  var: 0.25", 0.5)]
    [InlineData("count: 5.0\n  mean: 2.5\n  std: 0.5", 0.5)]
    [InlineData("mean: 2.5", 0)]
    public void Rows_are_read_as_their_makers_write_them(string row, double stdMs)
    {
        File.WriteAllText(Path.Combine(_folder, "x.yaml"), $"key:\n  {row}\n");
        var read = Assert.Single(OfaTableFile.Read(Path.Combine(_folder, "x.yaml"))).Value;
        Assert.Equal((2.5, stdMs), (read.MeanMs, read.StdMs));
    }

    [Theory]
    [InlineData("{\n \"a\": {\n  \"count\": 7,\n  \"mean\": 2.5,\n  \"std\": 0.5\n }\n}")]
    [InlineData("{\n\t\"a\": {\n\t\t\"count\": 7,\n\t\t\"mean\": 2.5,\n\t\t\"std\": 5e-1\n\t}\n}\n")]
    public void Tables_in_JSON_are_read(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "x.json"), text);
        Assert.Equal(new OfaRow(7, 2.5, 0.5), OfaTableFile.Read(Path.Combine(_folder, "x.json"))["a"]);
    }

    [Theory]
    [InlineData("a:\n  mean: NaN\n", "line 1: the row 'a' has 'mean: NaN', which is no number of milliseconds")]
    [InlineData("a:\n  mean: .nan\n", "line 1: the row 'a' has 'mean: .nan'")]
    [InlineData("a:\n  mean: 1\n  count: 1.5\n", "line 1: the row 'a' has 'count: 1.5', which is no whole number")]
    [InlineData("a:\n  mean: 1\nb: 0.01\n", "line 3: the row 'b' is '0.01', but needs a mean")]
    [InlineData("a:\n  mean: 1\n  shell: x\n", "line 1: the row 'a' has 'shell'; a row has count, mean and std")]
    [InlineData("a:\n  count: 1\n", "the row 'a' has no mean")]
    [InlineData("a: {}\n", "the row 'a' has no mean")]
    [InlineData("a:\n  mean: 1\na:\n  mean: 1\n", "line 3: the row 'a' is there twice")]
    [InlineData("a:\n  mean: [1]\n", "line 2: this is no latency table")]
    [InlineData("? &a\n: *a\n", "but needs a mean")]
    [InlineData("{\"a\": {\"mean\": [1]}}", "the row 'a' has 'mean: a list or object'")]
    [InlineData("a:\n  mean: 1\n  std: 1\n  var: 1\n", "the row 'a' has both std and var")]
    public void What_is_wrong_is_named_with_its_row(string text, string problem)
    {
        File.WriteAllText(Path.Combine(_folder, "x.yaml"), text);
        var error = Assert.Throws<InputException>(() => OfaTableFile.Read(Path.Combine(_folder, "x.yaml")));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Conv-input:224x224x3-output:112x112x16:\n  count: 1\n  mean: -1\n  std: 0\n")]
    [InlineData("Conv-input:224x224x3-output:112x112x16:\n  count: 1\n  mean: .nan\n  std: 0\n")]
    [InlineData("Conv-input:224x224x3-output:112x112x16:\n  count: 1\n")]
    [InlineData("Conv-input:224x224x3-output:112x112x16:\n  count: 1\n  mean: 1\n  shell: x\n")]
    [InlineData("a: 1\n")]
    [InlineData("- a\n")]
    [InlineData("")]
    [InlineData("other:\n  count: 1\n  mean: 1\n  std: 1\n")]
    [InlineData("a: &a [*a]\n")]
    public void Rubbish_is_an_input_error(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "x.yaml"), text);
        Assert.Throws<InputException>(() => OfaLatencyTable.Import([Path.Combine(_folder, "x.yaml")], Space, "pixel", default));
    }

    [Fact]
    public void Whatever_the_file_holds_it_is_read_or_refused()
    {
        var text = OfaLatencyTable.Export(SomeProfile.Of(Space), Space, 160)[..4000];
        var path = Path.Combine(_folder, "x.yaml");
        var mutants = from position in Gen.Choose(0, text.Length - 1)
                      from letter in Gen.Elements(':', '-', '\n', ' ', '{', '[', '&', '*', '!', '9', '\t', '"', '\0')
                      select text.Remove(position, 1).Insert(position, letter.ToString());
        Check.One(Config.QuickThrowOnFailure.WithReplay(5, 7), Prop.ForAll(mutants.ToArbitrary(), mutant =>
        {
            File.WriteAllText(path, mutant);
            try
            {
                return OfaLatencyTable.Import([path], Space, "pixel", default).Entries.Length >= 0;
            }
            catch (InputException)
            {
                return true;
            }
        }));
    }

    private static MbConvSpace AtResolutions(params int[] resolutions) =>
        MbConvSpace.Create(MbConvSpace.Load("ofa-mobilenetv3").Definition with { Resolutions = [.. resolutions] }, "test");

    private DeviceProfile Import(DeviceProfile profile)
    {
        var paths = Space.Definition.Resolutions.Select(resolution =>
        {
            var path = Path.Combine(_folder, $"{resolution}_lookup_table.yaml");
            File.WriteAllText(path, OfaLatencyTable.Export(profile, Space, resolution));
            return path;
        }).ToList();
        return OfaLatencyTable.Import(paths, Space, "pixel", DateTimeOffset.UnixEpoch);
    }
}
