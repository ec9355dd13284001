using Lifecycle.Domain.Time;
using Lifecycle.Engine.Tests.Programs;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Identity;

/// <summary>Returns that wait for an order which comes with a merge.</summary>
public sealed class WaitingReturnTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_that_meet_their_order_in_one_entry_take_back_what_they_take_back_in_two(bool together)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        Instant Now() => fixture.Clock.Now;
        await fixture.Engine.Programs.StoreAsync(ShortLived, Cancel);
        await fixture.Engine.Programs.ActivateAsync(2, null, Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(5));
        // Of 72 points 26 expire and the rest is spent; 100 of another order expire too.
        await fixture.TakeAsync("bob", Some.Order("1", Now(), 7_200));
        await fixture.TakeAsync("bob", Some.Redeem("r", Now(), 46));
        await fixture.TakeAsync("bob", Some.Order("2", Now().PlusDays(-1), 10_000));
        await fixture.AdvanceAsync(TimeSpan.FromDays(6));
        await fixture.TakeAsync("bob", Some.Adjust("a", Now(), 500));

        if (!together) await MergeAsync(fixture);
        await fixture.TakeAsync("ann", Some.Return("3", Now(), "1", 4_000));
        await fixture.TakeAsync("ann", Some.Return("4", Now(), "1", 3_200));
        if (together) await MergeAsync(fixture);

        // The first one takes 26 expired and 14 others; the second one finds no lot any more: its points expired.
        var points = (await fixture.Customers.ViewAsync("bob", PointInTime.Now, Cancel))!.Points;
        Assert.Equal((486, 126 - 26 - 32, 72), (points.Available, points.Lifetime.Expired, points.Lifetime.Reversed));
        await fixture.VerifyAsync();
    }

    private static string ShortLived => Documents.WithEarn("earn: [{name: base, points: floor(event.amount_minor / 100)}]")
        .Replace("{name: Stars}", "{name: Stars, expiry: {rolling: 5 days, round: none}}", StringComparison.Ordinal);

    private static async Task MergeAsync(EngineFixture fixture) => Assert.IsType<Outcome.Accepted>(
        await fixture.Customers.MergeAsync("bob", "ann", new("test", "m", fixture.Clock.Now), Cancel));
}
