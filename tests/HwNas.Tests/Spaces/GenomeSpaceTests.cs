using System.Collections.Immutable;
using System.Numerics;
using HwNas.Core;
using HwNas.Core.Spaces;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

public sealed class GenomeSpaceTests
{
    public static TheoryData<bool> Scopes => [true, false];

    [Fact]
    public void Count_is_exact_where_genes_are_per_stage() =>
        Assert.Equal(2 * 2 * 3 * 2 * 2 * 2 * 3 * 2, SmallSpaces.PerStage.Genomes.Count);

    // Stage a: (2·2) + (2·2)² + (2·2)³ for each width; stage b: 3 + 3².
    [Fact]
    public void Count_is_exact_where_genes_are_per_block() =>
        Assert.Equal(2 * (2 * (4 + 16 + 64)) * (3 + 9) * 2, SmallSpaces.PerBlock.Genomes.Count);

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Enumeration_gives_each_distinct_architecture_once_in_order(bool perStage)
    {
        var space = Small(perStage);

        var all = space.Genomes.Enumerate().ToList();

        Assert.Equal(space.Genomes.Count, all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(all.Count, all.Select(space.Decode).Distinct().Count());
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.True(pair.First.Choices.SequenceCompareTo(pair.Second.Choices) < 0));
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Enumeration_is_what_all_raw_vectors_canonicalize_to(bool perStage)
    {
        var genomes = Small(perStage).Genomes;
        var canonical = RawVectors(genomes).Select(raw => genomes.Create(raw)).ToHashSet();

        Assert.True(canonical.SetEquals(genomes.Enumerate()));
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Sampling_is_uniform_over_distinct_networks(bool perStage)
    {
        const int draws = 400_000;
        var genomes = Small(perStage).Genomes;
        var random = new Random(20_040);
        var seen = genomes.Enumerate().ToDictionary(genome => genome, _ => 0);

        for (var draw = 0; draw < draws; draw++)
            seen[genomes.Sample(random)]++;

        // Chi-square with n − 1 degrees of freedom: mean n − 1, deviation √(2(n − 1)); within 4 deviations of it.
        var expected = (double)draws / seen.Count;
        var chiSquare = seen.Values.Sum(count => (count - expected) * (count - expected) / expected);
        var freedom = seen.Count - 1;
        Assert.InRange(chiSquare, freedom - (4 * Math.Sqrt(2 * freedom)), freedom + (4 * Math.Sqrt(2 * freedom)));
    }

    // Once-for-all: a share of 9⁴ / (9² + 9³ + 9⁴) = 81/91 of the networks have depth 4 in a stage.
    [Fact]
    public void Depths_are_as_likely_as_their_share_of_networks()
    {
        const int draws = 100_000;
        var genomes = MbConvSpace.Load("ofa-mobilenetv3").Genomes;
        var random = new Random(7);
        var depth = genomes.IndexOf(GeneKind.Depth, 3);

        var deepest = Enumerable.Range(0, draws).Count(_ => genomes.Sample(random)[depth] == 2);

        var deviation = Math.Sqrt(draws * (81.0 / 91) * (10.0 / 91));
        Assert.InRange(deepest, (draws * 81.0 / 91) - (4 * deviation), (draws * 81.0 / 91) + (4 * deviation));
    }

    [Fact]
    public void Weights_beyond_doubles_are_counted_and_sampled()
    {
        // 64 blocks with two genes of 64 choices: more networks than a 64-bit number or a float can hold.
        ImmutableArray<int> choices = [.. Enumerable.Range(1, 64)];
        var genes = new List<Gene> { new(GeneKind.Depth, 0, -1, "depth", choices) };
        for (var block = 0; block < 64; block++)
        {
            genes.Add(new Gene(GeneKind.Kernel, 0, block, $"{block}.kernel", choices));
            genes.Add(new Gene(GeneKind.Expansion, 0, block, $"{block}.expansion", choices));
        }

        var genomes = new GenomeSpace(genes);

        var expected = Enumerable.Range(1, 64).Aggregate(BigInteger.Zero, (sum, depth) => sum + BigInteger.Pow(4096, depth));
        Assert.Equal(expected, genomes.Count);
        Assert.Equal(63, genomes.Sample(new Random(1))[0]);
    }

    [Fact]
    public void Equal_seeds_draw_equal_genomes() => AnySpace.CheckGenomes((space, _) =>
        Assert.Equal(space.Genomes.Sample(new Random(3)), space.Genomes.Sample(new Random(3))));

    [Fact]
    public void Canonical_form_is_stable_and_zero_where_inactive() => AnySpace.CheckGenomes((space, genome) =>
    {
        var genomes = space.Genomes;
        var again = genomes.Create(genome.Choices);
        Assert.Equal(genome, again);
        Assert.Equal(genome.GetHashCode(), again.GetHashCode());
        for (var gene = 0; gene < genome.Length; gene++)
            Assert.True(genomes.IsActive(genome.Choices, gene) || genome[gene] == 0);
    });

    [Fact]
    public void Text_of_a_genome_parses_back() => AnySpace.CheckGenomes((space, genome) =>
        Assert.Equal(genome, space.Genomes.Parse(genome.ToString())));

    [Fact]
    public void Text_of_a_single_gene_with_many_choices_parses_back()
    {
        var genomes = new GenomeSpace([new Gene(GeneKind.Operator, 0, -1, "only", [.. Enumerable.Range(0, 30)])]);

        Assert.All(genomes.Enumerate(), genome => Assert.Equal(genome, genomes.Parse(genome.ToString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("012")]
    [InlineData("0x00000")]
    [InlineData("+1-0-0-0-0-0-0-0")]
    [InlineData(" 1-0-0-0-0-0-0-0")]
    [InlineData("9-9-9-9-9-9-9-9")]
    [InlineData("300-0-0-0-0-0-0-0")]
    public void Wrong_texts_are_refused(string text) =>
        Assert.Throws<InputException>(() => SmallSpaces.PerStage.Genomes.Parse(text));

    [Fact]
    public void A_depth_behind_the_genes_that_it_switches_off_is_refused() =>
        Assert.Throws<ArgumentException>(() => new GenomeSpace(
        [
            new Gene(GeneKind.Kernel, 0, 0, "kernel", [3, 5]),
            new Gene(GeneKind.Depth, 0, -1, "depth", [1, 2]),
        ]));

    private static MbConvSpace Small(bool perStage) => perStage ? SmallSpaces.PerStage : SmallSpaces.PerBlock;

    private static IEnumerable<byte[]> RawVectors(GenomeSpace genomes)
    {
        IEnumerable<byte[]> vectors = [[]];
        foreach (var gene in genomes.Genes)
        {
            vectors = vectors.SelectMany(
                vector => Enumerable.Range(0, gene.Choices.Length).Select(choice => (byte[])[.. vector, (byte)choice]));
        }

        return vectors;
    }
}
