using System.Collections.Frozen;
using System.Globalization;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;

namespace HwNas.Onnx.Kits;

/// <summary>What a kit holds for people: a README, a list of its models, and a script for <c>onnxruntime_perf_test</c>.</summary>
internal static class KitTexts
{
    private const string Readme = "README.txt";
    private const string Manifest = "manifest.tsv";
    private const string Script = "run-with-perf-test.sh";

    // A step that shares no factor with the number of models visits all of them: each gives an order, where a device's
    // shell has no way to shuffle.
    private static readonly int[] Primes = [7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59];

    /// <summary>Names of the files.</summary>
    public static FrozenSet<string> Names { get; } = new[] { Readme, Manifest, Script }.ToFrozenSet();

    /// <summary>The files of a job's kit.</summary>
    public static IEnumerable<(string Name, string Text)> Of(MeasurementJob job) =>
    [
        (Readme, Fill(Resource(Readme), job)),
        (Manifest, string.Concat(job.Models.Index()
            .Select(model =>
                $"{MeasurementKit.ModelEntry(model.Index)}\t{model.Item.Sha256}\t{model.Item.Bytes}\t{model.Item.Name}\n")
            .Prepend("file\tsha256\tbytes\tmodel\n"))),
        (Script, Fill(Resource(Script), job)),
    ];

    private static string Fill(string text, MeasurementJob job)
    {
        var values = new Dictionary<string, object>
        {
            ["JOB"] = job.Hash,
            ["MODELS"] = job.Models.Length,
            ["PROVIDER"] = job.Runtime.Provider,
            ["THREADS"] = job.Runtime.IntraOpThreads,
            ["BATCH"] = job.Runtime.Batch,
            ["LEVEL"] =
                job.Runtime.GraphLevel switch { GraphLevel.None => 0, GraphLevel.Basic => 1, GraphLevel.Extended => 2, _ => 99 },
            ["STRIDES"] = string.Join(' ', Strides(job.Models.Length)),
        };
        return values.Aggregate(text, (filled, value) => filled.Replace(
            $"@{value.Key}@", Convert.ToString(value.Value, CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    private static IEnumerable<int> Strides(int models) => Primes.Where(prime => models % prime != 0);

    private static string Resource(string name)
    {
        using var stream = typeof(KitTexts).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
