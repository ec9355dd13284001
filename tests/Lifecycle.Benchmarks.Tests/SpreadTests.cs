using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Tests;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3, 3, 3)]
    [InlineData(new[] { 9.0, 1, 5 }, 5, 1, 9)]
    [InlineData(new[] { 4.0, 1, 2, 100 }, 3, 1, 100)]
    public void The_median_lies_in_the_middle_and_the_ends_are_the_extremes(
        double[] runs, double median, double low, double high) =>
        Assert.Equal(new Spread(median, low, high), Spread.Of(runs));

    [Fact]
    public void Nothing_has_no_spread() => Assert.Throws<ArgumentException>(() => Spread.Of([]));
}
