using HwNas.Core;

namespace HwNas.Tests;

public sealed class PluralTests
{
    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    [InlineData(2, "2 rows")]
    [InlineData(12_000, "12000 rows")]
    public void One_is_one(long count, string text) => Assert.Equal(text, Plural.Of(count, "row"));

    [Fact]
    public void Words_may_have_a_plural_of_their_own() =>
        Assert.Equal("1 pass, 2 passes", $"{Plural.Of(1, "pass", "passes")}, {Plural.Of(2, "pass", "passes")}");
}
