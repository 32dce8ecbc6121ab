using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.RealData;

/// <summary>One subnet of OFA-MobileNetV3 1.0 with its published figures (IntelLabs/DyNAS-T).</summary>
/// <param name="Architecture">The subnet.</param>
/// <param name="Params">Published parameters.</param>
/// <param name="Macs">Published MACs.</param>
/// <param name="Top1Percent">Published ImageNet top-1, in percent.</param>
internal sealed record DynasT(Architecture Architecture, long Params, long Macs, double Top1Percent)
{
    private const int MostBlocks = 4;

    /// <summary>All subnets of the folder, each once, in order of file and line.</summary>
    public static ImmutableArray<DynasT> ReadAll(MbConvSpace ofa) =>
    [
        .. Directory.GetFiles(SharedData.PathOf("dynas-t"), "*.csv").Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => ReadLine(ofa, line))
            .DistinctBy(subnet => subnet.Architecture),
    ];

    private static DynasT ReadLine(MbConvSpace ofa, string line)
    {
        var kernels = List(line, "ks");
        var expansions = List(line, "e");
        var depths = List(line, "d");
        var figures = line[(line.LastIndexOf('"') + 2)..].Split(',');
        var definition = ofa.Definition;
        var stages = definition.Stages.Select((stage, index) => index == 0
            ? new StageArchitecture(stage.Widths[0], [3], [1])
            : new StageArchitecture(stage.Widths[0], Active(kernels, index - 1), Active(expansions, index - 1)));
        var architecture = new Architecture(
            List(line, "r")[0], definition.Stem.Widths[0], [.. stages], definition.Head.Widths[0]);
        return new DynasT(
            architecture,
            long.Parse(figures[1], CultureInfo.InvariantCulture),
            long.Parse(figures[3], CultureInfo.InvariantCulture),
            double.Parse(figures[4], CultureInfo.InvariantCulture));

        ImmutableArray<int> Active(int[] values, int stage) => [.. values.Skip(stage * MostBlocks).Take(depths[stage])];
    }

    private static int[] List(string line, string key) =>
        [.. Regex.Match(line, $@"'{key}': \[([0-9, ]+)\]").Groups[1].Value
            .Split(',')
            .Select(v => int.Parse(v, CultureInfo.InvariantCulture))];
}
