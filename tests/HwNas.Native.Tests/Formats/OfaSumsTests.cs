using System.Globalization;
using System.Text;
using System.Text.Json;
using HwNas.Cli.Formats;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Metrics;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.RealData;

namespace HwNas.Native.Tests.Formats;

/// <summary>
/// Predictions from imported tables are the sums that the tables' own estimators make (once-for-all:
/// <c>ofa/nas/efficiency_predictor/latency_lookup_table.py</c>), written down here once more, each resolution from its table.
/// </summary>
public sealed class OfaSumsTests : IDisposable
{
    private static readonly int[] Strides = [2, 2, 2, 1, 2];

    private readonly string _folder = Directory.CreateTempSubdirectory("hwnas-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SharedDataFact]
    public void Sums_over_the_published_tables_are_those_of_once_for_all()
    {
        // Of the Samsung Note10, with 24 keys that several resolutions have, at different times.
        int[] resolutions = [160, 176, 192, 208, 224];
        var space = SpaceOf("ofa-mobilenetv3-w1.2", resolutions);
        var paths = resolutions.ToDictionary(side => side, side => SharedData.PathOf($"ofa/{side}_lookup_table.yaml"));
        AgreesWithOfa(space, [24, 24, 32, 48, 96, 136, 192, 1152, 1536], paths, networks: 200);
    }

    [Fact]
    public void Layers_that_resolutions_share_are_summed_from_the_table_of_the_resolution()
    {
        // 12×12 and 24×24 maps, and all from the 1×1 maps on, are the same layers at several of these sides.
        int[] resolutions = [176, 192, 208, 224];
        var space = SpaceOf("ofa-mobilenetv3", resolutions);
        int[] widths = [16, 16, 24, 40, 80, 112, 160, 960, 1280];
        var paths = resolutions.ToDictionary(side => side, side => Path.Combine(_folder, $"{side}.yaml"));
        foreach (var (side, path) in paths)
        {
            // Every key that any network asks for, with a time of this resolution's own.
            var asked = new HashSet<string>();
            foreach (var (kernel, expansion) in from k in (int[])[3, 5, 7] from e in (int[])[3, 4, 6] select (k, e))
            {
                OfaUs(widths, side, Same(4, 5), Same(kernel, 20), Same(expansion, 20), key =>
                {
                    asked.Add(key);
                    return 0;
                });
            }

            File.WriteAllText(path, string.Concat(asked.Select(
                (key, i) => string.Create(CultureInfo.InvariantCulture, $"{key}:\n  count: 9\n  mean: {side + (i / 7.0):R}\n"))));
        }

        AgreesWithOfa(space, widths, paths, networks: 40);

        // Without its table a resolution is not covered, though others have most of its layers.
        var without = OfaLatencyTable.Import([paths[192]], space, "note10", default);
        Assert.Contains(LatencyTable.MissingLayers(without, space), key => key.StartsWith("head-", StringComparison.Ordinal));
        Assert.Throws<InputException>(() => LatencyTable.For(without, space));
        Assert.Empty(LatencyTable.MissingLayers(without, SpaceOf("ofa-mobilenetv3", [192])));
    }

    [Fact]
    public void Sums_over_a_table_of_ProxylessNAS_are_its_own()
    {
        // What its estimator asks for: expansions as ratios, no squeeze-and-excitation, and under Logits all that follows
        // Conv_1, from the map that is pooled. Rows have a variance.
        var text = new StringBuilder();
        double Row(string key, double meanMs)
        {
            text.Append(CultureInfo.InvariantCulture, $"{key}:\n  count: 100\n  mean: {meanMs:R}\n  var: 0.0004\n");
            return 1000 * meanMs;
        }

        var expectedUs = Row("Conv-input:224x224x3-output:112x112x32", 1.5)
            + Row("expanded_conv-input:112x112x32-output:112x112x16-expand:1-kernel:3-stride:1-idskip:0", 2.25)
            + Row("expanded_conv-input:112x112x16-output:56x56x24-expand:3-kernel:5-stride:2-idskip:0", 3.125)
            + Row("expanded_conv-input:56x56x24-output:56x56x24-expand:3-kernel:5-stride:1-idskip:1", 4.0625)
            + Row("Conv_1-input:56x56x24-output:56x56x1280", 5.5)
            + Row("Logits-input:56x56x1280-output:1000", 6.75);
        Row("expanded_conv-input:112x112x16-output:56x56x24-expand:6-kernel:5-stride:2-idskip:0", 7);
        Row("expanded_conv-input:56x56x24-output:56x56x24-expand:6-kernel:5-stride:1-idskip:1", 8);
        var path = Path.Combine(_folder, "mobile_trim.yaml");
        File.WriteAllText(path, text.ToString());

        var ofa = MbConvSpace.Load("ofa-mobilenetv3").Definition;
        var plain = ofa.Stages[1] with { SqueezeExcite = false, Activation = Core.Graphs.Activation.Relu };
        var space = MbConvSpace.Create(
            ofa with
            {
                Name = "proxyless",
                Resolutions = [224],
                Stem = ofa.Stem with { Widths = [32], Activation = Core.Graphs.Activation.Relu },
                Stages =
                [
                    plain with { Name = "mb1", Widths = [16], Depths = [1], Kernels = [3], Expansions = [1], Stride = 1 },
                    plain with { Name = "mb2", Widths = [24], Depths = [1, 2], Kernels = [5], Expansions = [3, 6], Stride = 2 },
                ],
                Head = ofa.Head with { Widths = [1280], ExpandRatio = null, ExpandWidth = null },
            },
            "proxyless");
        var table = LatencyTable.For(OfaLatencyTable.Import([path], space, "pixel", default), space);
        var network = space.Genomes.Enumerate().Select(space.PlanOf)
            .Single(plan => plan.Blocks.Length == 5 && plan.Blocks.Skip(2).Take(2).All(block => block.Nodes[0].Output.Channels
                == 3 * block.Inputs[0].Channels));
        Assert.Equal(expectedUs, table.Estimate(network).MedianUs, 1e-6);
    }

    private static void AgreesWithOfa(MbConvSpace space, int[] widths, Dictionary<int, string> paths, int networks)
    {
        // Files in any order: their names say nothing.
        var profile = OfaLatencyTable.Import([.. paths.Values.Reverse()], space, "note10", default);
        Assert.DoesNotContain(profile.Warnings, warning => warning.Contains("apart", StringComparison.Ordinal));
        Assert.Contains(profile.Entries, entry => entry.Resolution is not null);
        var table = LatencyTable.For(profile, space);
        var metrics = new MetricTable(space, [new LatencyMetrics(profile, table, confidence: null)]);
        var tables = paths.ToDictionary(path => path.Key, path => MeansMs(path.Value));
        var random = new Random(1);
        for (var i = 0; i < networks; i++)
        {
            var side = space.Resolutions[i % space.Resolutions.Length];
            var (d, ks, e) = (Draw(5, [2, 3, 4]), Draw(20, [3, 5, 7]), Draw(20, [3, 4, 6]));
            var genome = space.Parse(JsonSerializer.Serialize(new { ks, e, d, r = new[] { side } }));
            var expectedUs = OfaUs(widths, side, d, ks, e, key => 1000 * tables[side][key]);
            Assert.Equal(expectedUs, table.Estimate(space.PlanOf(genome)).MedianUs, 1e-9 * expectedUs);
            Assert.Equal(expectedUs, metrics.Of(genome)["latency_us@note10"], 1e-9 * expectedUs);

            int[] Draw(int count, int[] choices) =>
                [.. Enumerable.Range(0, count).Select(_ => choices[random.Next(choices.Length)])];
        }

        // What is written and exported again has the same sums.
        var side0 = space.Resolutions[1];
        var file = Path.GetTempFileName();
        try
        {
            var again = profile.Write(file);
            Assert.Equal(profile.Entries.Length, DeviceProfile.Read(file).Entries.Length);
            File.WriteAllText(file, OfaLatencyTable.Export(again, space, side0));
            Assert.All(MeansMs(file), row => Assert.Equal(SumOfParts(tables[side0], row.Key), row.Value, 1e-9));
        }
        finally
        {
            File.Delete(file);
        }
    }

    // An export keeps the parts of a head together, under the first.
    private static double SumOfParts(Dictionary<string, double> table, string key) => key.Split('-')[0] switch
    {
        "Conv_1" => table[key] + table.Where(row => row.Key.Split('-')[0] is "AvgPool2D" or "Conv_2" or "Logits")
            .Sum(row => row.Value),
        "AvgPool2D" or "Conv_2" or "Logits" => 0,
        _ => table[key],
    };

    // predict_network_latency_given_config, in its order.
    private static double OfaUs(int[] widths, int side, int[] d, int[] ks, int[] e, Func<string, double> us)
    {
        static string Shape(int size, int channels) => $"{size}x{size}x{channels}";
        var size = (side + 1) / 2;
        var sum = us($"Conv-input:{Shape(side, 3)}-output:{Shape(size, widths[0])}")
            + us($"expanded_conv-input:{Shape(size, widths[0])}-output:{Shape(size, widths[1])}-expand:{widths[0]}"
                + "-kernel:3-stride:1-idskip:1-se:0-hs:0");
        var channels = widths[1];
        for (var i = 0; i < 20; i++)
        {
            var stage = i / 4;
            if (i % 4 >= d[stage])
                continue;
            var stride = i % 4 == 0 ? Strides[stage] : 1;
            var (to, width) = (((size - 1) / stride) + 1, widths[stage + 2]);
            sum += us(
                $"expanded_conv-input:{Shape(size, channels)}-output:{Shape(to, width)}-expand:{channels * e[i]}"
                + $"-kernel:{ks[i]}-stride:{stride}-idskip:{(i % 4 == 0 ? 0 : 1)}"
                + $"-se:{(stage is 1 or 3 or 4 ? 1 : 0)}-hs:{(stage >= 2 ? 1 : 0)}");
            (size, channels) = (to, width);
        }

        return sum + us($"Conv_1-input:{Shape(size, channels)}-output:{Shape(size, widths[^2])}")
            + us($"AvgPool2D-input:{Shape(size, widths[^2])}-output:{Shape(1, widths[^2])}")
            + us($"Conv_2-input:{Shape(1, widths[^2])}-output:{Shape(1, widths[^1])}")
            + us($"Logits-input:{Shape(1, widths[^1])}-output:1000");
    }

    // The keys and means of a table, line by line.
    private static Dictionary<string, double> MeansMs(string path)
    {
        var (key, means) = ("", new Dictionary<string, double>());
        foreach (var line in File.ReadLines(path))
        {
            if (!line.StartsWith(' '))
                key = line.TrimEnd(':');
            else if (line.Trim().StartsWith("mean: ", StringComparison.Ordinal))
                means.Add(key, double.Parse(line.Trim()["mean: ".Length..], CultureInfo.InvariantCulture));
        }

        return means;
    }

    private static int[] Same(int value, int count) => [.. Enumerable.Repeat(value, count)];

    private static MbConvSpace SpaceOf(string name, int[] resolutions) =>
        MbConvSpace.Create(MbConvSpace.Load(name).Definition with { Resolutions = [.. resolutions] }, "test");
}
