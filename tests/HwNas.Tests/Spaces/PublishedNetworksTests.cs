using HwNas.Core.Graphs;
using HwNas.Core.Spaces.MbConv;
using HwNas.Tests.RealData;

namespace HwNas.Tests.Spaces;

/// <summary>The built-in spaces give the figures that their papers and code bases publish.</summary>
public sealed class PublishedNetworksTests
{
    [Theory]
    [InlineData("r192-c32-w16d1k3e1-w24d2k3e6-w40d2k5e6-w80d2k3e6-w112d2k5e6-w192d3k5e6-w320d1k3e6-h1280", 241.95, 4.486)]
    public void BigNas_small_has_its_published_cost(string id, double macsM, double paramsM) =>
        AssertCost("bignas", id, macsM, 2, paramsM, 3);

    [Fact]
    public void BigNas_spans_its_published_costs()
    {
        var space = MbConvSpace.Load("bignas");

        AssertCost("bignas", space.IdOf(space.Smallest), 217.6, 1, 3.84, 2);
        AssertCost("bignas", space.IdOf(space.Largest), 1891.5, 1, 11.0, 1);
    }

    [Theory]
    [InlineData("r192-c16-w16d1k3e1-w24d3k3e4-w32d3k3e4-w64d3k3e4-w112d3k3e4-w192d3k3e6-w216d1k3e6-h1792", 203.390, 8.954)]
    [InlineData("r224-c16-w16d1k3e1-w24d3k3e4-w32d3k3e5-w64d3k3e4-w112d3k3e4-w200d4k5e6-w224d1k3e6-h1984", 316.730, 11.150)]
    [InlineData("r256-c16-w16d1k3e1-w24d3k3e4-w32d3k3e4-w64d4k5e5-w112d3k3e4-w192d5k5e6-w216d1k3e6-h1984", 443.531, 11.810)]
    [InlineData("r288-c16-w16d1k3e1-w24d3k3e4-w32d3k3e6-w64d4k3e5-w112d4k3e4-w216d6k5e6-w224d1k3e6-h1984", 709.007, 15.155)]
    public void AttentiveNas_networks_have_their_published_costs(string id, double macsM, double paramsM) =>
        AssertCost("attentive-nas", id, macsM, 3, paramsM, 3);

    [Fact]
    public void AttentiveNas_spans_its_published_costs_and_count()
    {
        var space = MbConvSpace.Load("attentive-nas");

        AssertCost("attentive-nas", space.IdOf(space.Smallest), 203.39, 2, 8.954, 3);
        AssertCost("attentive-nas", space.IdOf(space.Largest), 1939.3, 1, 23.40, 2);
        Assert.Equal(4.40, Math.Round((double)space.Genomes.Count / 1e11, 2));
    }

    [Fact]
    public void Once_for_all_has_its_published_count()
    {
        // The paper: ((3 * 3)^2 + (3 * 3)^3 + (3 * 3)^4)^5 networks, for each of 25 resolutions.
        var perStage = new System.Numerics.BigInteger(81 + 729 + 6561);

        foreach (var name in new[] { "ofa-mobilenetv3", "ofa-mobilenetv3-w1.2" })
            Assert.Equal(25 * System.Numerics.BigInteger.Pow(perStage, 5), MbConvSpace.Load(name).Genomes.Count);
    }

    [SharedDataFact]
    public void Every_subnet_of_once_for_all_has_its_published_MACs_and_parameters_to_the_integer()
    {
        var space = MbConvSpace.Load("ofa-mobilenetv3");
        var subnets = DynasT.ReadAll(space);

        Assert.True(subnets.Length > 1000, $"only {subnets.Length} subnets were read");
        Assert.All(subnets, subnet =>
        {
            var cost = NetworkCost.Of(space.PlanOf(space.Decode(space.Encode(subnet.Architecture))));
            Assert.Equal((subnet.Macs, subnet.Params), (cost.Macs, cost.Params));
        });
    }

    private static void AssertCost(string spaceName, string id, double macsM, int macsDigits, double paramsM, int paramsDigits)
    {
        var space = MbConvSpace.Load(spaceName);
        var architecture = Architecture.Parse(id);

        var cost = NetworkCost.Of(space.PlanOf(space.Decode(space.Encode(architecture))));

        Assert.Equal(macsM, Math.Round(cost.Macs / 1e6, macsDigits));
        Assert.Equal(paramsM, Math.Round(cost.Params / 1e6, paramsDigits));
    }
}
