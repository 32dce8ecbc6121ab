using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Core.Search;

namespace HwNas.Tests.Search;

public sealed class FrontFileTests
{
    private static readonly FrontSubnet Example = new(
        "r32-w16.24.32-d2.2.2-k3.5.3.5.3.5-e6.6.6", 100 / 3.0, 1 / 3.0,
        ImmutableSortedDictionary<string, double>.Empty.Add("macs", 12_345_678).Add("latency_us@pi5", 1e4 / 3),
        ImmutableSortedDictionary<string, LatencyEstimate>.Empty.Add("pi5", new LatencyEstimate(1e4 / 3, 1e4 / 7, 1e4 / 9)),
        OnFront: true);

    [Fact]
    public void As_many_subnets_as_a_search_may_have_can_be_read_again()
    {
        const int Subnets = 2_000;
        var bytes = StrictJson.Serialize(new { Subnets = Enumerable.Repeat(Example, Subnets).ToImmutableArray() }).Length;

        Assert.InRange(FrontFile.MostSubnets(Example) * (double)bytes / Subnets, 0.5 * (64 << 20), 64 << 20);
    }

    [Fact]
    public void A_search_with_more_is_refused_with_how_many_fit()
    {
        var most = (int)FrontFile.MostSubnets(Example);
        FrontFile.RequireReadable(Example, known: 80, evaluations: most - 80);

        var error = Assert.Throws<InputException>(() => FrontFile.RequireReadable(Example, known: 81, evaluations: most - 80));
        Assert.Contains($"about {most:N0} fit. Ask for fewer evaluations.", error.Message);
        Assert.Contains("another run", Assert.Throws<InputException>(
            () => FrontFile.RequireReadable(Example, known: most, evaluations: 1)).Message);
    }
}
