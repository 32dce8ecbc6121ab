using HwNas.Core.Metrics;

namespace HwNas.Tests;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(374_720, 5_195_760, "375 k to 5.19 M MACs")]
    [InlineData(374_320, 5_199_999, "375 k to 5.19 M MACs")]
    [InlineData(24, 999, "24 to 999 MACs")]
    [InlineData(5_195_760, 5_195_760, "5.20 M to 5.20 M MACs")]
    [InlineData(0, 0.001234, "0 to 0.00123 MACs")]
    public void A_range_is_read_at_a_glance_and_its_ends_can_be_had(double least, double most, string text) =>
        Assert.Equal(text, Figures.Range(CountMetrics.Macs, least, most));

    [Fact]
    public void Bytes_are_in_the_prefixes_that_limits_take() =>
        Assert.Equal("32.0 kB to 87.8 kB", Figures.Range(CountMetrics.PeakActivationBytes, 32_000, 87_808));
}
