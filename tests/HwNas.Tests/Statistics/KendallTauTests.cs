using FsCheck;
using FsCheck.Fluent;
using HwNas.Core.Statistics;

namespace HwNas.Tests.Statistics;

public sealed class KendallTauTests
{
    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 10, 20, 30, 40 }, 1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 4, 3, 2, 1 }, -1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 1, 3, 2, 4 }, 2.0 / 3)] // 5 pairs agree, 1 does not
    [InlineData(new double[] { 1, 1, 2 }, new double[] { 1, 2, 3 }, 0.81649658)] // 2 / √(2·3)
    [InlineData(new double[] { 1, 1, 1 }, new double[] { 1, 2, 3 }, 0)]
    [InlineData(new double[] { }, new double[] { }, 0)]
    public void Tau_of_small_series_is_known(double[] first, double[] second, double expected) =>
        Assert.Equal(expected, KendallTau.Of(first, second), 1e-8);

    [Fact]
    public void Tau_is_that_of_counting_all_pairs()
    {
        // Few distinct values, so that ties in one and in both series occur.
        var series = Gen.Choose(-3, 3).Two().ArrayOf();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(series.ToArbitrary(), pairs =>
            {
                double[] first = [.. pairs.Select(pair => (double)pair.Item1)];
                double[] second = [.. pairs.Select(pair => (double)pair.Item2)];
                Assert.Equal(OfAllPairs(first, second), KendallTau.Of(first, second), 1e-12);
            }));
    }

    [Fact]
    public void Wrong_series_are_refused()
    {
        Assert.Throws<ArgumentException>(() => KendallTau.Of([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => KendallTau.Of([1, double.NaN], [1, 2]));
    }

    private static double OfAllPairs(double[] first, double[] second)
    {
        var (score, untiedFirst, untiedSecond) = (0, 0, 0);
        for (var i = 0; i < first.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (Math.Sign(first[i] - first[j]), Math.Sign(second[i] - second[j]));
                score += a * b;
                untiedFirst += a * a;
                untiedSecond += b * b;
            }
        }

        return untiedFirst * untiedSecond == 0 ? 0 : score / Math.Sqrt((double)untiedFirst * untiedSecond);
    }
}
