using System.Numerics;
using HwNas.Core.Graphs;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

/// <summary>The spaces that no paper has: as many networks, and as costly ones, as their tables say.</summary>
public sealed class OwnSpacesTests
{
    // Choices of resolution, widths, depths, kernels and expansions, multiplied as they stand in the tables.
    [Fact]
    public void Counts_are_the_products_of_all_choices()
    {
        Assert.Equal(
            6 * 2 * (2 * 2) * BigInteger.Pow(2 * 3 * 2 * 3, 3) * (2 * 4 * 2 * 3) * 2,
            MbConvSpace.Load("small-images").Genomes.Count);
        Assert.Equal(
            4 * 2 * (2 * 2) * BigInteger.Pow(2 * 2 * 2 * 3, 2) * BigInteger.Pow(2 * 3 * 2 * 3, 3) * 2,
            MbConvSpace.Load("photos").Genomes.Count);
    }

    // MACs of stem, stages and head in turn, from the tables by the rules of MobileNetV3: for each block side² · input · inner,
    // then (side / stride)² · (kernel² · inner + inner · output), and for squeeze-and-excitation twice inner times its quarter.
    public static TheoryData<string, bool, long, long[]> Ends => new()
    {
        { "small-images", false, 178_970, [84_672, 78_400, 246_960, 242_688, 327_168, 469_440, 167_040] },
        { "small-images", true, 3_491_986, [884_736, 2_686_976, 27_721_728, 12_888_576, 29_116_416, 16_929_792, 1_315_840] },
        { "photos", false, 725_338, [1_769_472, 1_638_400, 8_970_240, 4_327_296, 2_918_400, 5_841_408, 5_231_616, 1_644_800] },
        {
            "photos", true, 5_994_666,
            [8_128_512, 19_869_696, 176_268_288, 68_645_376, 64_680_000, 119_596_800, 93_375_264, 9_041_280]
        },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void The_ends_cost_what_their_rows_add_up_to(string name, bool largest, long parameters, long[] macs)
    {
        var space = MbConvSpace.Load(name);
        var cost = NetworkCost.Of(space.PlanOf(largest ? space.Largest : space.Smallest));
        Assert.Equal((macs.Sum(), parameters), (cost.Macs, cost.Params));
    }
}
