using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace HwNas.Tests.RealData;

/// <summary>One network of NAS-Bench-Macro (xiusu/NAS-Bench-Macro, CIFAR-10).</summary>
/// <param name="Genome">Eight digits: 0 skips the layer, 1 is MB3 k3, 2 is MB6 k5.</param>
/// <param name="Top1Percent">Mean accuracy of three trainings, in percent.</param>
/// <param name="Params">Parameters.</param>
/// <param name="Flops">Multiply-accumulates.</param>
internal sealed record NasBenchMacro(string Genome, double Top1Percent, long Params, long Flops)
{
    /// <summary>All 6,561 networks, by genome.</summary>
    public static NasBenchMacro[] ReadAll()
    {
        using var file = File.OpenRead(SharedData.PathOf("nas-bench-macro-cifar10.json.gz"));
        using var text = new GZipStream(file, CompressionMode.Decompress);
        using var document = JsonDocument.Parse(text);
        return
        [
            .. document.RootElement.EnumerateObject()
                .Select(network => new NasBenchMacro(
                    network.Name,
                    network.Value.GetProperty("mean_acc").GetDouble(),
                    network.Value.GetProperty("params").GetInt64(),
                    network.Value.GetProperty("flops").GetInt64()))
                .OrderBy(network => network.Genome, StringComparer.Ordinal),
        ];
    }

    /// <summary>The networks as a table with the columns genome, accuracy, flops and params.</summary>
    public static string ToCsv(IEnumerable<NasBenchMacro> networks) => string.Concat(networks
        .Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Genome},{n.Top1Percent:R},{n.Flops},{n.Params}\n"))
        .Prepend("genome,accuracy,flops,params\n"));
}
