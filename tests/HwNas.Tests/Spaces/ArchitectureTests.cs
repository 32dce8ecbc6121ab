using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Spaces.MbConv;

namespace HwNas.Tests.Spaces;

public sealed class ArchitectureTests
{
    [Fact]
    public void Genome_architecture_id_and_JSON_are_one() => AnySpace.CheckGenomes((space, genome) =>
    {
        var architecture = space.Decode(genome);

        Assert.Equal(genome, space.Encode(architecture));
        Assert.Equal(architecture, Architecture.Parse(architecture.Id));
        Assert.Equal(architecture.Id, Architecture.Parse(architecture.Id).Id);
        Assert.Equal(architecture.Stages.Select(s => s.Depth), Architecture.Parse(architecture.Id).Stages.Select(s => s.Depth));
        var json = ArchitectureJson.Format(space, architecture);
        Assert.Equal(architecture, ArchitectureJson.Parse(space, json, "test"));
        Assert.Equal(json, ArchitectureJson.Format(space, ArchitectureJson.Parse(space, json, "test")));
    });

    [Fact]
    public void Ids_parse_or_are_refused_whatever_the_text()
    {
        var ids = AnySpace.AnyGenome.Generator.Select(pair => pair.Space.Decode(pair.Genome).Id);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(Mangle.Any(ids).ToArbitrary(), text =>
            {
                try
                {
                    Assert.Equal(Architecture.Parse(text), Architecture.Parse(Architecture.Parse(text).Id));
                }
                catch (InputException error)
                {
                    Assert.NotEmpty(error.Message);
                }
            }));
    }

    [Theory]
    [InlineData("r28-c16-w16d1k3e1-h64")]
    [InlineData("r28-c16-w16d1k3e1-w24d2k5.3e4-h64")]
    public void Canonical_ids_stay_as_they_are(string id) => Assert.Equal(id, Architecture.Parse(id).Id);

    [Theory]
    [InlineData("r028-c16-w16d2k3.3e1-h64", "r28-c16-w16d2k3e1-h64")]
    public void Other_spellings_become_canonical(string text, string id) => Assert.Equal(id, Architecture.Parse(text).Id);

    [Theory]
    [InlineData("")]
    [InlineData("r28")]
    [InlineData("r28-c16-h64")]
    [InlineData("r-c16-w16d1k3e1-h64")]
    [InlineData("r0-c16-w16d1k3e1-h64")]
    [InlineData("r28-c16-w16d1k3-h64")]
    [InlineData("r28-c16-w16e1k3d1-h64")]
    [InlineData("r28-c16-w16d3k3.5e1-h64")]
    [InlineData("r28-c16-w16d65k3e1-h64")]
    [InlineData("r28-c16-w16d1k3e1-h64-h64")]
    [InlineData("r99999999999-c16-w16d1k3e1-h64")]
    [InlineData("r28-c16-w16d1k+3e1-h64")]
    public void Broken_ids_are_refused(string id) => Assert.Throws<InputException>(() => Architecture.Parse(id));

    [Fact]
    public void An_architecture_of_another_space_is_refused_with_every_value_that_is_wrong()
    {
        var error = Assert.Throws<InputException>(() => SmallSpaces.PerStage.Encode(
            Architecture.Parse("r17-c8-w8d1k3e1-w8d4k3e2-w16d1k9e4-h33")));

        foreach (var wrong in new[] { "resolution 17", "a depth 4", "b kernel of block 0 9", "head width 33" })
            Assert.Contains(wrong, error.Message, StringComparison.Ordinal);
    }
}
