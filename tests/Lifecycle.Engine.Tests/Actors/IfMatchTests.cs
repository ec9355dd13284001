using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>A caller's version is compared before the ticks that this instant makes due.</summary>
public sealed class IfMatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ticks_that_became_due_since_the_caller_read_do_not_make_its_version_stale()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Order("o-1", fixture.Clock.Now, 10_000));
        await fixture.AdvanceAsync(TimeSpan.FromDays(14));
        var view = await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        Assert.Equal((1, 100), (view!.Version, view.Points.Available));
        // The points matured in between: an entry comes before the redemption, and the caller could not know.
        var taken = await fixture.SendAsync("ann", Some.Redeem("r-1", fixture.Clock.Now, 100), ifMatch: 1);
        Assert.Equal(3, Assert.IsType<Outcome.Accepted>(taken).Receipt.Version);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_stale_version_is_told_the_one_to_use_and_nothing_is_journaled_of_it()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 50));
        await fixture.SendAsync("ann", Some.Order("o-1", fixture.Clock.Now, 10_000));
        await fixture.AdvanceAsync(TimeSpan.FromDays(14));
        var stale = Assert.IsType<Outcome.Stale>(
            await fixture.SendAsync("ann", Some.Redeem("r-1", fixture.Clock.Now, 100), ifMatch: 1));
        Assert.All(await fixture.RowsAsync("ann"), row => Assert.True(row.Seq <= stale.Version));
        var view = await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        Assert.Equal((stale.Version, 150), (view!.Version, view.Points.Available));
        Assert.IsType<Outcome.Accepted>(
            await fixture.SendAsync("ann", Some.Redeem("r-1", fixture.Clock.Now, 100), ifMatch: stale.Version));
    }

    [Fact]
    public async Task A_redelivery_gets_its_receipt_although_the_version_has_moved_on()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 50));
        for (var i = 0; i < 2; i++)
        {
            var taken = await fixture.SendAsync("ann", Some.Redeem("r-1", fixture.Clock.Now, 10), ifMatch: 1);
            Assert.Equal((2, i == 1), Assert.IsType<Outcome.Accepted>(taken) is var t ? (t.Receipt.Version, t.Replayed) : default);
        }
    }

    [Fact]
    public async Task Inputs_of_one_request_are_compared_with_what_the_ones_before_made()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var now = fixture.Clock.Now;
        var answers = await fixture.Customers.ApplyAsync(
            "ann",
            [
                new(Some.Adjust("a-1", now, 50), IfMatch: 0), new(Some.Adjust("a-2", now, 50), IfMatch: 1),
                new(Some.Adjust("a-3", now, 50), IfMatch: 1),
            ],
            Cancel);
        Assert.Equal(2, answers.OfType<Outcome.Accepted>().Count());
        Assert.Equal(2, Assert.IsType<Outcome.Stale>(answers[2]).Version);
    }
}
