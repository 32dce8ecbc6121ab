using System.Globalization;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.RealData;

namespace HwNas.Benchmarks;

/// <summary>
/// Writes the published data of <c>../shared/data</c> as tables for <c>hwnas search --benchmark</c>. The once-for-all
/// subnets are a sample of their space, so most genomes of that table have no row.
/// </summary>
internal static class TableConversion
{
    public static void Run(TextWriter output, string folder)
    {
        Directory.CreateDirectory(folder);
        Write(output, Path.Combine(folder, "nas-bench-macro.csv"), NasBenchMacro.ToCsv(NasBenchMacro.ReadAll()));

        var space = MbConvSpace.Load("ofa-mobilenetv3");
        Write(output, Path.Combine(folder, "dynas-t.csv"), string.Concat(DynasT.ReadAll(space)
            .Select(n => string.Create(
                CultureInfo.InvariantCulture, $"{space.Encode(n.Architecture)},{n.Top1Percent:R},{n.Macs},{n.Params}\n"))
            .Prepend("genome,accuracy,macs,params\n")));
    }

    private static void Write(TextWriter output, string path, string text)
    {
        File.WriteAllText(path, text);
        output.WriteLine($"{path}: {text.Count(c => c == '\n') - 1} networks");
    }
}
