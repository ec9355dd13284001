using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Tests.Support;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Metrics;

public sealed class WindowTests
{
    private readonly Journey _journey = new(Retail.Quick);

    [Theory]
    // Up to 90 days the bucket is the UTC hour: an order at 09:20 counts until N days after 09:00.
    [InlineData("7d", "2026-01-12T09:00:00Z")]
    [InlineData("30d", "2026-02-04T09:00:00Z")]
    [InlineData("90d", "2026-04-05T09:00:00Z")]
    // Beyond it is the UTC day.
    [InlineData("365d", "2027-01-05T00:00:00Z")]
    public void An_order_counts_while_its_bucket_starts_after_the_instant_less_the_window(string window, string leaves)
    {
        _journey.Take(Order("a", Utc("2026-01-05T09:20:00Z"), 1_000));
        Assert.Equal(1, _journey.Window(window, Utc(leaves).Plus(-1)).Orders);
        Assert.Equal(0, _journey.Window(window, Utc(leaves)).Orders);
        Assert.Equal(1, _journey.Window("lifetime", Utc(leaves)).Orders);
    }

    [Theory]
    [InlineData(89)]
    [InlineData(91)]
    [InlineData(200)]
    [InlineData(364)]
    public void Whether_an_event_comes_late_or_in_time_makes_no_difference_to_the_windows(int age)
    {
        var (inTime, late) = (new Journey(Retail.Quick), new Journey(Retail.Quick));
        var orders = Enumerable.Range(0, 20).Select(i => Order($"o{i}", Day(i * 0.3), 100 + i)).ToArray();
        foreach (var order in orders) inTime.Take(order);
        foreach (var order in orders.Reverse()) late.Take(order, Day(age));
        inTime.Take(Event("visit", Day(age)));
        late.Take(Event("visit", Day(age)));
        Assert.Equal(inTime.State.Buckets, late.State.Buckets);
        for (var day = age; day < age + 30; day++)
            foreach (var window in new[] { "7d", "30d", "90d", "365d", "lifetime" })
                Assert.Equal(inTime.Window(window, Day(day)), late.Window(window, Day(day)));
    }

    [Fact]
    public void Buckets_are_hours_for_90_days_and_days_for_400()
    {
        _journey.Take(Order("a", Day(0), 100));
        _journey.Take(Order("b", Day(0.1), 100));
        Assert.Equal(2, _journey.State.Buckets.Length);
        _journey.Take(Event("visit", Day(91)));
        Assert.Equal([2L, 0L], _journey.State.Buckets.ToArray().Select(bucket => bucket.Totals.Orders));
        _journey.Take(Event("visit", Day(401)));
        Assert.Equal([1L, 1L], _journey.State.Buckets.ToArray().Select(bucket => bucket.Totals.Visits));
        _journey.Take(Order("old", Day(0), 100), Day(401));
        Assert.Equal((2, 3), (_journey.State.Buckets.Length, _journey.State.Lifetime.Orders));
    }

    [Fact]
    public void Every_activity_counts_in_its_own_column()
    {
        foreach (var type in new[]
                 {
                     EventTypes.Visit, EventTypes.ProductViewed, EventTypes.ProductViewed, EventTypes.SearchPerformed,
                     EventTypes.ReferralCompleted, "something.else",
                 })
            _journey.Take(Event(type, Day(0)));
        Assert.Equal(new WindowTotals(0, 0, 0, 0, 1, 2, 1, 0), _journey.Window("7d", Day(0)));
        Assert.Equal(1, _journey.View(Day(0)).Metrics.Referrals);
    }

    [Fact]
    public void Recency_order_days_and_gaps_are_of_the_customers_local_days()
    {
        // 23:30 and 00:30 in Berlin: two order-days on one day of UTC; then twice on a day.
        _journey.Take(Order("a", Utc("2026-01-05T22:30:00Z"), 1_000));
        _journey.Take(Order("b", Utc("2026-01-05T23:30:00Z"), 2_000));
        _journey.Take(Order("c", Utc("2026-01-10T10:00:00Z"), 3_000));
        _journey.Take(Order("d", Utc("2026-01-10T20:00:00Z"), 4_001));
        var metrics = _journey.View(Utc("2026-01-13T20:00:00Z").Plus(-1)).Metrics;
        Assert.Equal((3, 2, 10_001, 2_500), (metrics.Frequency, metrics.RecencyDays, metrics.MonetaryMinor, metrics.AovMinor));
        // Gaps of 1 hour and of 4 days 10.5 hours, from first order to first order.
        Assert.Equal((2.24, 2.2), (metrics.InterpurchaseDays, metrics.InterpurchaseSpreadDays));
        Assert.Equal(Utc("2026-01-10T20:00:00Z").Plus(TimeSpan.FromHours(54)), metrics.NextOrderExpectedAt);
        Assert.Equal((Utc("2026-01-05T22:30:00Z"), Utc("2026-01-10T20:00:00Z")), (metrics.FirstOrderAt, metrics.LastOrderAt));
        Assert.Equal(3, _journey.View(Utc("2026-01-13T20:00:00Z")).Metrics.RecencyDays);
    }

    [Fact]
    public void Before_the_first_order_there_is_no_recency_and_no_average()
    {
        _journey.Take(Event(EventTypes.CustomerRegistered, Day(0)));
        var metrics = _journey.View(Day(1)).Metrics;
        Assert.Equal((null, null, null, null), (metrics.RecencyDays, metrics.AovMinor, metrics.InterpurchaseDays,
            metrics.NextOrderExpectedAt));
        _journey.Take(Order("a", Day(2), 100));
        Assert.Null(_journey.View(Day(2)).Metrics.InterpurchaseDays);
    }

    [Fact]
    public void More_orders_than_are_kept_one_by_one_leave_their_gaps()
    {
        var moments = OrderMoments.None;
        for (var i = 0; i < OrderMoments.MomentsMax * 3; i++)
        {
            var at = Day(i * 2 + (i % 3) * 0.2);
            moments = moments.Add(new(at, Retail.Quick.LocalDay(at)));
        }

        Assert.Equal(OrderMoments.MomentsMax, moments.Recent.Length);
        var all = Enumerable.Range(0, OrderMoments.MomentsMax * 3).Select(i => i * 2 + (i % 3) * 0.2).ToArray();
        var gaps = all.Zip(all.Skip(1), (a, b) => b - a).ToArray();
        var found = moments.Gaps();
        Assert.Equal((gaps.Length, Day(0)), (found.Count, moments.First));
        Assert.Equal(gaps.Average(), found.MeanDays!.Value, 6);
        Assert.Equal(Math.Sqrt(gaps.Select(g => Math.Pow(g - gaps.Average(), 2)).Average()), found.SpreadDays!.Value, 6);
        Assert.Same(moments, moments.Add(new(Day(-1), Retail.Quick.LocalDay(Day(-1)))));
    }
}
