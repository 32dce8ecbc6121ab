using System.Globalization;
using System.IO.Compression;
using HwNas.Core.Graphs;

namespace HwNas.Tests.RealData;

/// <summary>A row of NAS-Bench-201: every cell with its accuracy, and for two thirds of them the published costs.</summary>
/// <param name="Cell">The cell in the published form.</param>
/// <param name="FlopsM">FLOPs in millions; null where not given.</param>
/// <param name="ParamsM">Parameters in millions; null where not given.</param>
internal sealed record NasBench201(string Cell, decimal? FlopsM, decimal? ParamsM)
{
    public static IEnumerable<NasBench201> ReadAll()
    {
        using var file = File.OpenRead(SharedData.PathOf("nas-bench-201/nas-bench-201-cifar10-12-epochs.csv.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var columns = line.Split(',');
            yield return new NasBench201(columns[1], Figure(columns[3]), Figure(columns[4]));
        }
    }

    /// <summary>
    /// FLOPs as that benchmark counts them: beside multiply-accumulates, 2 for each value of batch norm, 1 for each of ReLU,
    /// the window for each pooled value; the global pooling counts as windows of 9×9.
    /// </summary>
    public static long FlopsOf(NetworkPlan plan) =>
        plan.Blocks.SelectMany(block => block.Nodes).Sum(node => node.Macs + node.Operation switch
        {
            BatchNorm => 2 * node.Output.Elements,
            Activate => node.Output.Elements,
            Pooling pooling => pooling.Kernel * pooling.Kernel * node.Output.Elements,
            GlobalPooling => 81 * node.Output.Elements,
            _ => 0,
        });

    private static decimal? Figure(string text) => text.Length == 0 ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
