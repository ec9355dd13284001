using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Tests;

public sealed class LatencyHistogramTests
{
    /// <summary>The width of a bucket.</summary>
    private const double Error = 1 / 64.0;

    [Fact]
    public void A_percentile_is_the_ranked_value_or_at_most_a_bucket_more() => Prop.ForAll(
        Gen.Choose(0, (int)TimeSpan.FromSeconds(60).Ticks).NonEmptyListOf().ToArbitrary(),
        Gen.Choose(1, 1_000).ToArbitrary(),
        (values, thousandths) =>
        {
            var histogram = new LatencyHistogram();
            foreach (var value in values) histogram.Record(TimeSpan.FromTicks(value));
            var exact = values.Order().ElementAt((int)Math.Ceiling(thousandths / 1_000.0 * values.Count) - 1);
            var found = histogram.Percentile(thousandths / 1_000.0).Ticks;
            return found >= exact && found <= exact * (1 + Error) + 1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_last_percentile_is_the_longest_exactly()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMilliseconds(3));
        histogram.Record(TimeSpan.FromMilliseconds(1_234.5678));

        Assert.Equal(TimeSpan.FromMilliseconds(1_234.5678), histogram.Percentile(1));
    }

    [Fact]
    public void What_takes_longer_than_the_last_bucket_still_counts()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMinutes(10));

        Assert.Equal(1, histogram.Count);
        Assert.InRange(histogram.Percentile(0.5), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Added_histograms_count_as_one()
    {
        var (one, other, both) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var i = 1; i <= 1_000; i++)
        {
            var time = TimeSpan.FromMicroseconds(i * i);
            (i % 3 == 0 ? one : other).Record(time);
            both.Record(time);
        }

        one.Add(other);

        Assert.Equal(Percentiles.Of(both), Percentiles.Of(one));
        Assert.Equal(1_000, one.Count);
    }
}
