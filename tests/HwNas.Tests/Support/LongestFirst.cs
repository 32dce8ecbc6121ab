using HwNas.Tests.Scripts;
using HwNas.Tests.Search;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("HwNas.Tests.Support.LongestFirst", "HwNas.Tests")]

namespace HwNas.Tests.Support;

/// <summary>
/// The classes that take longest begin first: where one of them comes last, it runs alone while a processor is idle.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [nameof(BudgetTests), nameof(MovedFeedTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection =>
            Array.FindIndex(Long, name => collection.DisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var place
                ? place
                : Long.Length);
}
