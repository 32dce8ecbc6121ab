using System.Collections.Immutable;
using System.Text;
using HwNas.Cli.Formats;
using HwNas.Core;
using HwNas.Core.Data;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Graphs;
using HwNas.Core.Metrics;
using HwNas.Core.Predictors;
using HwNas.Core.Search;
using HwNas.Core.Search.Tables;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;
using HwNas.Onnx.Export;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Agents;
using HwNas.Remote.Browser;
using HwNas.Supernet.Data;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;
using SkiaSharp;

namespace HwNas.Benchmarks.Torture;

/// <summary>A small whole file of every kind that HwNas reads, with its reader.</summary>
/// <param name="folder">A folder for files; nothing else may use it.</param>
/// <param name="time">The clock.</param>
internal sealed class Corpus(string folder, TimeProvider time)
{
    private static readonly MbConvSpace Space = TortureData.Space;
    private static readonly NetworkPlan Plan = Space.PlanOf(Space.Smallest);
    private static readonly InputReference SpaceReference = new(Space.Name, Space.Hash);
    private static readonly InputReference Supernet = new("supernet.safetensors", new string('a', 64));

    /// <summary>All readers.</summary>
    public IReadOnlyList<Reader> Readers() =>
        [.. Spaces(), .. Measurements(), .. Runs(), .. Tables(), .. Images(), .. Messages()];

    private IEnumerable<Reader> Spaces()
    {
        yield return Text("space of inverted bottlenecks", Space.ToJson(), text => Extremes(SearchSpace.Parse(text, "space")));
        yield return Text(
            "space of cells", SearchSpace.Load("nas-bench-201").ToJson(), text => Extremes(SearchSpace.Parse(text, "space")),
            weight: 20);
        yield return Text("network as JSON", Space.ToJson(Space.Largest), text => Space.PlanOf(Space.Parse(text, "network")));
        yield return Text("network as id", Space.IdOf(Space.Largest), text => Space.PlanOf(Space.Parse(text, "network")));
        yield return Text("networks in lines", Space.ToJson(Space.Largest) + "\n" + Space.IdOf(Space.Smallest) + "\n", text =>
        {
            foreach (var (_, network) in ArchitectureLines.Read(new StringReader(text), "networks"))
                _ = Space.Parse(network, "network");
        });

        var gene = Space.Genomes.Genes[0];
        var predictor = new PredictorFile(
            PredictorFile.CurrentSchema, "torture", [new PredictorInput(gene.Name, gene.Choices)],
            [
                new PredictorLayer(
                    [[.. gene.Choices.Select(choice => choice / 7.0)], [.. gene.Choices.Select(_ => -0.5)]], [1, 2]),
                new PredictorLayer([[3, -4]], [70]),
            ]);
        yield return Text("predictor", StrictJson.Serialize(predictor), text =>
            NetworkPredictor.For(PredictorFile.Parse(text, "predictor"), Space).Predict(Space.Smallest));

        static void Extremes(ISearchSpace space)
        {
            _ = space.PlanOf(space.Smallest);
            _ = space.PlanOf(space.Largest);
        }
    }

    private IEnumerable<Reader> Measurements()
    {
        var bundle = JobWriter.ForSpace(Space, new ProfileOptions
        {
            CalibrationNets = 3,
            HeldOutNets = 1,
            Measurement = new MeasurementSettings
            {
                MinPasses = 4, MaxPasses = 4, MinSeconds = 0.001, MaxSeconds = 20, LeadUs = 0, MinSampleUs = 0,
            },
        });
        var record = new JobRunner("edge", time).Run(bundle, journalPath: null, progress: null, CancellationToken.None);
        // With times that add up, however busy the machine is.
        record = record with { Passes = [.. Enumerable.Range(1, 4).Select(pass => Additive(bundle.Job.Plan, pass))] };
        record = MeasurementRecord.Parse(StrictJson.Serialize(record), "record");
        var header = MeasurementJournalHeader.Of(bundle.Job, record.Device, record.Runtime);
        yield return Text("job", StrictJson.Serialize(bundle.Job), text => MeasurementJob.Parse(text, "job"));
        yield return Text(
            "measurement", StrictJson.Serialize(record),
            text => ProfileAssembly.Profile(MeasurementRecord.Parse(text, "record")), weight: 20);
        yield return Written("kit", path => MeasurementKit.Write(path, bundle), path =>
        {
            using var kit = MeasurementKit.Open(path);
            kit.CheckModels();
        }, weight: 5);
        yield return Written("profile", path => ProfileAssembly.Profile(record).Write(path), path =>
            LatencyTable.For(DeviceProfile.Read(path), Space).Estimate(Plan));
        yield return Written("samples of a profile", path => MeasurementJournal.Write(path, record), path =>
            MeasurementJournal.Open(path, header, time).Dispose());
        yield return Text("results of a kit's script", Script(bundle.Job), text =>
            PerfTestResults.Read(Write("script.csv", text), bundle.Job, record.Device, "1.29.0"), weight: 30);
    }

    private IEnumerable<Reader> Runs()
    {
        var costs = new MetricTable(Space, [new CountMetrics()]).Of(Space.Smallest);
        var latency = ImmutableSortedDictionary<string, LatencyEstimate>.Empty;
        var predictor = new PredictorReport(10, 5, 0.5, 1, 0.4, 2);
        yield return Written("front", path => StrictJson.WriteFile(path, new FrontFile(
            FrontFile.CurrentSchema, ToolVersion.Text, FrontFile.UsualName, 1, "nsga2", "EnoughEvaluations", SpaceReference,
            Supernet, [], [.. CountMetrics.All], [Metric.Accuracy.Name, CountMetrics.Macs.Name], [new Budget("macs", 1e6)],
            Confidence: null, Plan.Id, [new CostFront("macs", [Plan.Id])], predictor,
            [new FrontSubnet(Plan.Id, 90, 1, costs, latency, OnFront: true)], "")),
            path => _ = FrontFile.Read(path).Front().Count());
        yield return Written("answer to a budget", path => StrictJson.WriteFile(path, new BestFile(
            BestFile.CurrentSchema, ToolVersion.Text, SpaceReference, Supernet, Supernet, [], [new Budget("macs", 1e6)],
            Confidence: null, predictor, PredictedOnly: false, Plan.Id,
            [new BestSubnet(Plan.Id, 90, 91, 1, costs, latency)], 1, "")),
            path => BestFile.Read(path));
        var options = new TrainingOptions { Steps = 2, BatchSize = 8 };
        yield return Written("training", path => StrictJson.WriteFile(path, new TrainingRecord(
            TrainingRecord.CurrentSchema, ToolVersion.Text, SpaceReference,
            new TrainingData("data", "data", Supernet.Hash, "28x28x1", 8, 2, 2, ["a", "b"], new Normalisation([0.5], [0.5])),
            options, new TrainingOutcome(Supernet.Hash, 1, 1, 1, 1, 1), "")), path => TrainingRecord.Read(path));
        yield return Written("card", path => StrictJson.WriteFile(path, Card(costs)), path => ModelCard.Read(path));
        yield return Written("checkpoint", path => WriteCheckpoint(path, options), path =>
        {
            using var supernet = SupernetCheckpoint.Read(path).CreateSupernet();
        }, weight: 5);
        yield return Text("recipe", RecipeFile.ToJson(RecipePresets.Find("alphanet")!), text =>
            RecipeFile.Load(Write("recipe.json", text)));
        yield return Text(
            "augmentation",
            """{"crop_padding":4,"crop_min_area":0.08,"flip":false,"rand_augment_operations":2,"hue":0.1,"fill":128}""",
            text => Augmentation.Load(Write("augmentation.json", text)));
        yield return Text("space of one network", new SubnetSpace(Space, Space.Smallest).ToJson(), text =>
            SearchSpace.Parse(text, "space.json"));
        yield return Text(
            "course of a training",
            """{"step":1,"largest_loss":1.5,"smallest_loss":2,"learning_rate":0.1,"images_per_second":10,"seconds":1.5"""
                + ""","accuracy":{"largest_top1_percent":90.5,"smallest_top1_percent":80,"images":500}}""" + "\n",
            text => TrainingMetrics.Read(Write("metrics.jsonl", text)));
        yield return Text(
            "course of a search", """{"evaluations":6,"front_size":2,"hypervolume":5.5,"elapsed_seconds":1.25}""" + "\n",
            text => SearchMetrics.Read(Write("search.metrics.jsonl", text)));
        yield return Logged("evaluations", path => EvaluationStore.Open(path, "evaluator", Space.Genomes, time), store =>
            store.Through((_, _) => [90.0, 1.0])(Space.Smallest, CancellationToken.None));
        var table = Benchmark("arch,acc\n00,1\n01,2\n10,3\n");
        var search = new SearchOptions { Strategy = "random", Evaluations = 3, Seed = 1 };
        var header = JournalHeader.Of(table.Search.Problem, search, "table");
        yield return Logged("journal of a search", path => EvaluationJournal.Open(path, header, table.Space, time), journal =>
            journal.Append(table.Space.Parse("00"), [1.0]));
    }

    private IEnumerable<Reader> Tables()
    {
        yield return Text(
            "table of networks", "arch,\"acc, top 1\",flops\n00,1,9\n01,2.5,8\n10,,7\n11,3,nan\n", text => Benchmark(text));
        yield return Text(
            "latency table in YAML", "Conv-input:28x28x1-output:14x14x4:\n  count: 5\n  mean: 0.5\n  std: 0.1\n", Table,
            weight: 30);
        yield return Text(
            "latency table in JSON", """{"Conv-input:28x28x1-output:14x14x4": {"count": 5, "mean": 0.5, "var": 0.1}}""", Table,
            weight: 30);

        void Table(string text) => OfaTableFile.Read(Write("table.yaml", text));
    }

    private IEnumerable<Reader> Images()
    {
        var idx = Directory.CreateDirectory(Path.Combine(folder, "idx")).FullName;
        var files = TortureData.WriteIdx(idx, images: 12, side: 5);
        foreach (var file in files.Take(2))
            yield return Data($"IDX {file}", idx, file);
        var cifar = Directory.CreateDirectory(Path.Combine(folder, "cifar")).FullName;
        File.WriteAllBytes(Path.Combine(cifar, "data_batch_1.bin"), new byte[6 * 3073]);
        File.WriteAllBytes(Path.Combine(cifar, "test_batch.bin"), new byte[2 * 3073]);
        yield return Data("CIFAR data_batch_1.bin", cifar, "data_batch_1.bin", weight: 10);
        foreach (var (format, ending) in ((SKEncodedImageFormat, string)[])[
            (SKEncodedImageFormat.Png, "png"), (SKEncodedImageFormat.Jpeg, "jpg"), (SKEncodedImageFormat.Webp, "webp"),
        ])
        {
            yield return Picture(format, ending);
        }

        var layout = new PackedPixels.Layout(Supernet.Hash, Images: 3, ImageBytes: 48);
        yield return Written(
            "packed pictures",
            path => PackedPixels.Write(path, layout, write =>
            {
                write(0, new byte[48]);
                write(2, [.. Enumerable.Range(0, 48).Select(i => (byte)i)]);
            }),
            path =>
            {
                var packed = PackedPixels.TryOpen(path, layout) ?? throw new InputException("Another file.");
                foreach (var image in Enumerable.Range(0, layout.Images).Where(packed.Has))
                    packed.Read(image, new byte[layout.ImageBytes]);
            });

        Reader Picture(SKEncodedImageFormat format, string ending)
        {
            using var bitmap = new SKBitmap(new SKImageInfo(20, 12, SKColorType.Rgba8888, SKAlphaType.Unpremul));
            bitmap.Erase(SKColors.Orange);
            using var encoded = bitmap.Encode(format, 80);
            var path = Path.Combine(folder, $"picture.{ending}");
            return new Reader($"picture .{ending}", encoded.ToArray(), bytes =>
            {
                _ = ImageFile.ShapeOf(path, bytes);
                _ = ImageFile.Decode(path, bytes, new ImageShape(3, 8, 8));
            }, Weight: 30);
        }

        Reader Data(string name, string data, string file, int weight = 30)
        {
            var path = Path.Combine(data, file);
            return new Reader(name, File.ReadAllBytes(path), bytes =>
            {
                File.WriteAllBytes(path, bytes);
                _ = DataSets.Open(data).Hash;
            }, weight);
        }
    }

    private static IEnumerable<Reader> Messages()
    {
        var hello = new BrowserHello("phone", "Phone", "Core", "Android", "Browser 1", 4, 4, "1.29.0", 1, true, 5000, 300, "");
        yield return Text("greeting of a browser", Line(hello), text => BrowserHello.Parse(text));
        yield return Text("pass of a browser", Line(new BrowserPass(1, 2, 30, [100, 200, -1])), text => BrowserPass.Parse(text));
        yield return Text("progress of a browser", Line(new BrowserStage("pilot", 1, 2)), text => BrowserStage.Parse(text));
        var info = new AgentInfo
        {
            ToolVersion = "1",
            Device = DeviceProbe.Describe("edge"),
            RuntimeVersion = "1",
            BusyWith = "",
        };
        yield return Text("agent's answer", StrictJson.Serialize(info), text => AgentInfo.Parse(text, "agent"));

        static string Line<T>(T message) => System.Text.Json.JsonSerializer.Serialize(message, StrictJson.LineOptions);
    }

    private static (GenomeSpace Space, TabularSearch Search) Benchmark(string csv)
    {
        var table = new TabularBenchmark(CsvTable.Parse(csv, "table"), "arch", RepeatedRows.Average);
        var column = csv.Contains("top 1", StringComparison.Ordinal) ? "acc, top 1" : "acc";
        return (table.Space, table.Search([new Metric(column, Direction.Maximize, "")], [], []));
    }

    private static Reader Text(string name, string sample, Action<string> read, int weight = 100) =>
        new(name, Encoding.UTF8.GetBytes(sample), bytes => read(Encoding.UTF8.GetString(bytes)), weight);

    private Reader Written(string name, Action<string> write, Action<string> read, int weight = 50)
    {
        var path = Path.Combine(folder, name.Replace(' ', '-'));
        write(path);
        return new Reader(name, File.ReadAllBytes(path), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            read(path);
        }, weight);
    }

    private Reader Logged<T>(string name, Func<string, T> open, Action<T> append)
        where T : IDisposable => Written(
            name,
            path =>
            {
                using var log = open(path);
                append(log);
            },
            path => open(path).Dispose());

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static void WriteCheckpoint(string path, TrainingOptions options)
    {
        using var supernet = new ElasticSupernet(Space, seed: 1);
        using var sandwich = new SandwichStep(supernet, options);
        SupernetCheckpoint.Write(path, supernet, options, step: 2, sandwich, null, ToolVersion.Text);
    }

    private static MeasuredPass Additive(RotationPlan plan, int pass)
    {
        const int OverheadNs = 1000;
        var layersNs = plan.Layers.Index().ToDictionary(layer => layer.Item, layer => 500 + (10 * layer.Index));
        ImmutableArray<long> ns =
        [
            OverheadNs,
            .. plan.Layers.Select(layer => (long)OverheadNs + layersNs[layer]),
            .. plan.Nets.Select(net => (long)OverheadNs + net.Layers.Sum(layer => layersNs[layer])),
        ];
        return new MeasuredPass(pass, ns, ns);
    }

    private static string Script(MeasurementJob job)
    {
        var text = new StringBuilder($"hwnas-perf-test,1,{job.Hash},2\n");
        foreach (var pass in (int[])[0, 1, 2])
        {
            for (var model = 0; model < job.Models.Length; model++)
            {
                text.Append($"{pass},{model},graph,1.5e-05,1000,99,0\n{pass},{model},graph,2.5e-05,1000,99,1\n");
                text.Append($"{pass},{model},done\n");
            }
        }

        return text.ToString();
    }

    private static ModelCard Card(ImmutableSortedDictionary<string, double> costs) => new()
    {
        ToolVersion = ToolVersion.Text,
        Model = new InputReference("x.onnx", Supernet.Hash),
        Space = SpaceReference,
        Supernet = Supernet,
        Architecture = Plan.Id,
        Resolution = 12,
        Normalisation = new Normalisation([0.5], [0.5]),
        Classes = ["a", "b"],
        ValidationTop1Percent = 90,
        ValidationStandardErrorPercent = 1,
        Costs = costs,
        PredictedLatencyUs = ImmutableSortedDictionary<string, LatencyEstimate>.Empty,
        Verifications = [new ModelVerification("edge", "cpu", 10, 90, null, 5, 5, 4, 6)],
    };
}
