using HwNas.Native.Tests.EndToEnd;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("HwNas.Native.Tests.Support.LongestFirst", "HwNas.Native.Tests")]

namespace HwNas.Native.Tests.Support;

/// <summary>
/// The collections that take minutes begin first: where one of them comes last, it runs alone while a processor is idle.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [ShortQuickstart.Collection, nameof(SampleTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection =>
            Array.FindIndex(Long, name => collection.DisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var place
                ? place
                : Long.Length);
}
