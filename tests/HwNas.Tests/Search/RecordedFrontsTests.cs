using System.Security.Cryptography;
using System.Text;
using HwNas.Core.Search;
using HwNas.Tests.Support;

namespace HwNas.Tests.Search;

/// <summary>
/// What every strategy evaluates, one network at a time, is what it evaluated when it was measured last. Where a strategy is
/// changed on purpose, its lines in <c>recorded-fronts.txt</c> are written anew by hand (a hash of the order, then the front).
/// </summary>
public sealed class RecordedFrontsTests
{
    public static TheoryData<string> Strategies => [.. SearchStrategies.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void One_evaluation_at_a_time_gives_the_recorded_front(string strategy)
    {
        var recorded = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "HwNas.Tests", "Search", "recorded-fronts.txt"));
        var options = new SearchOptions { Strategy = strategy, Evaluations = 120, Seed = 11 };

        Assert.Contains($"{strategy} free {Describe(TestProblem.Run(TestProblem.Create(), options))}", recorded);
        Assert.Contains(
            $"{strategy} tight {Describe(TestProblem.Run(
                TestProblem.Create(new Limit("macs", LimitKind.AtMost, 120)), options with { FinishShare = 0.2 }))}",
            recorded);
    }

    private static string Describe(SearchResult result)
    {
        var order = Encoding.UTF8.GetBytes(string.Join(' ', result.Evaluated.Select(c => c.Genome)));
        return $"{Convert.ToHexStringLower(SHA256.HashData(order))[..16]} {string.Join(' ', result.Front.Select(c => c.Genome))}";
    }
}
