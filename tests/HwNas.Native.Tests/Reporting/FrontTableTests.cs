using HwNas.Cli.Reporting;
using HwNas.Core.Metrics;

namespace HwNas.Native.Tests.Reporting;

public sealed class FrontTableTests
{
    [Fact]
    public void The_text_table_is_aligned_and_leaves_empty_columns_out()
    {
        var table = new FrontTable(
        [
            SomeRow.Of("smallest", 84.12, 91.234, 95.5, 1_234_567, 12_345),
            SomeRow.Of("b", 87.5, 301.26, null, 12_345_678, 999) with { IsChosen = true },
        ]);
        Assert.Equal(
            """
               Subnet    Accuracy %  Predicted µs  Measured µs  Error %    MACs  Parameters
            ─  ────────  ──────────  ────────────  ───────────  ───────  ──────  ──────────
               smallest       84.12          91.2         95.5     -4.5  1.23 M      12.3 k
            →  b              87.50           301                        12.3 M         999

            """, table.ToText(Screen.File));
    }

    [Theory]
    [InlineData(999, "999")]
    [InlineData(1_000, "1.00 k")]
    [InlineData(99_949, "99.9 k")]
    [InlineData(99_951, "100 k")]
    [InlineData(999_499, "999 k")]
    [InlineData(999_501, "1.00 M")]
    [InlineData(1_500_000_000, "1.50 G")]
    public void Counts_are_shortened_to_three_digits(long macs, string text) =>
        Assert.Equal(
            text, new FrontTable([new FrontRow("x", 1, null, null) { Costs = [(CountMetrics.Macs, macs)] }]).Rows[0][^1]);

    [Fact]
    public void A_metric_of_ones_own_has_a_column()
    {
        var energy = new Metric("energy_mj", Direction.Minimize, "mJ") { Scale = new MetricScale("energy", "Energy", "mJ") };
        var table = new FrontTable([new FrontRow("x", 1, null, null) { Costs = [(CountMetrics.Macs, 7), (energy, 1.5)] }]);
        Assert.Equal(["MACs", "Energy mJ"], table.Columns.TakeLast(2).Select(column => column.Header));
        Assert.Equal(["7", "1.50"], table.Rows[0][^2..]);
    }

    [Fact]
    public void An_empty_front_is_an_empty_table() => Assert.Equal("\n\n", new FrontTable([]).ToText(Screen.File));
}
