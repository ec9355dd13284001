using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Identity;

/// <summary>Whose orders and returns are, however often their ids came together and parted.</summary>
public sealed class UnmergeTests : IAsyncLifetime
{
    private EngineFixture _fixture = null!;
    private int _requests;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Instant Now => Instant.From(_fixture.Clock.GetUtcNow());

    public async ValueTask InitializeAsync() => _fixture = await EngineFixture.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _fixture.VerifyAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task An_order_that_an_alias_brought_the_first_time_may_be_another_ones_the_second_time()
    {
        await _fixture.TakeAsync("card", Some.Order("1", Now, 10_000));
        await MergeAsync("ann", "card");
        await MergeAsync("bob", "ann");
        await UnmergeAsync("bob", "ann");
        await UnmergeAsync("ann", "card");
        await MergeAsync("bob", "card");
        await MergeAsync("bob", "ann");
        await _fixture.TakeAsync("ann", Some.Return("2", Now, "1", 4_000));
        await UnmergeAsync("bob", "ann");

        Assert.Equal((6_000, 0), (await SpendAsync("bob"), await SpendAsync("ann")));
        await UnmergeAsync("bob", "card");
        Assert.Equal((0, 6_000), (await SpendAsync("bob"), await SpendAsync("card")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public async Task An_order_that_left_with_an_alias_stays_with_it_when_the_id_it_was_placed_for_leaves(int days)
    {
        await MergeKnownAsync("ann", "card");
        await MergeAsync("bob", "ann");
        await _fixture.TakeAsync("card", Some.Order("1", Now, 10_000));
        await UnmergeAsync("bob", "ann");
        await UnmergeAsync("ann", "card");
        // By then it is no longer among the open orders, and looked for in every journal.
        await _fixture.AdvanceAsync(TimeSpan.FromDays(days));
        await _fixture.TakeAsync("card", Some.Return("2", Now, "1", 1_000));
        await _fixture.TakeAsync("ann", Some.Return("3", Now, "1", 4_000));

        Assert.Equal((6_000, 0), (await SpendAsync("ann"), await SpendAsync("card")));
        Assert.Equal((0, 1), (await AwaitedAsync("ann"), await AwaitedAsync("card")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_old_order_in_the_journal_of_a_former_customer_is_of_the_alias(bool together)
    {
        await MergeKnownAsync("ann", "card");
        await _fixture.TakeAsync("card", Some.Order("1", Now, 10_000));
        await UnmergeAsync("ann", "card");
        await _fixture.AdvanceAsync(TimeSpan.FromDays(200));
        await _fixture.TakeAsync("card", Some.Visit("late", Now));
        if (together) await MergeAsync("bob", "ann");
        await MergeAsync("bob", "card");
        await _fixture.TakeAsync("bob", Some.Return("2", Now, "1", 4_000));
        Assert.Equal(6_000, await SpendAsync("bob"));
        await UnmergeAsync("bob", "card");

        Assert.Equal((0, 6_000), (await SpendAsync("bob"), await SpendAsync("card")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_came_back_while_the_customer_led_elsewhere_goes_with_the_alias_of_the_order(bool further)
    {
        await _fixture.TakeAsync("card", Some.Order("1", Now, 10_000));
        await MergeKnownAsync("ann", "card");
        await MergeAsync("bob", "ann");
        if (further) await MergeAsync("tel", "bob");
        await _fixture.TakeAsync(further ? "tel" : "bob", Some.Return("2", Now, "1", 4_000));
        if (further) await UnmergeAsync("tel", "bob");
        await UnmergeAsync("bob", "ann");
        Assert.Equal((6_000, 60), await HasAsync("ann"));
        await UnmergeAsync("ann", "card");

        Assert.Equal(((0, 0), (6_000, 60)), (await HasAsync("ann"), await HasAsync("card")));
    }

    [Fact]
    public async Task A_return_that_waits_goes_with_the_alias_also_when_the_customer_was_elsewhere()
    {
        await MergeKnownAsync("ann", "card");
        await _fixture.TakeAsync("card", Some.Return("2", Now, "1", 4_000));
        await MergeAsync("bob", "ann");
        await UnmergeAsync("bob", "ann");
        await UnmergeAsync("ann", "card");
        Assert.Equal((0, 1), (await AwaitedAsync("ann"), await AwaitedAsync("card")));
        await _fixture.TakeAsync("card", Some.Order("1", Now, 10_000));

        Assert.Equal((6_000, 0), (await SpendAsync("card"), await AwaitedAsync("card")));
    }

    [Fact]
    public async Task Two_returns_that_waited_take_back_no_more_than_the_whole_order()
    {
        await _fixture.TakeAsync("ann", Some.Return("2", Now, "1", 8_000));
        await _fixture.TakeAsync("ann", Some.Return("3", Now, "1", 8_000));
        await _fixture.TakeAsync("bob", Some.Order("1", Now, 10_000));
        await MergeAsync("bob", "ann");

        var view = await ViewAsync("bob");
        Assert.Equal((0, 0), await HasAsync("bob"));
        Assert.Equal((0, 6_000), (view.Metrics.AwaitedReturns, view.Metrics.UnmatchedReturnMinor));
    }

    private async Task MergeKnownAsync(string into, string from)
    {
        await _fixture.TakeAsync(into, Some.Visit("v", Now));
        await MergeAsync(into, from);
    }

    private async Task MergeAsync(string into, string from) => Assert.IsType<Outcome.Accepted>(
        await _fixture.Customers.MergeAsync(into, from, new("test", $"m{_requests++}", Now), Cancel));

    private async Task UnmergeAsync(string customer, string alias) => Assert.IsType<Outcome.Accepted>(
        await _fixture.Customers.UnmergeAsync(customer, alias, new("test", $"u{_requests++}", Now), Cancel));

    private async Task<CustomerView> ViewAsync(string id) =>
        (await _fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel))!;

    private async Task<long> SpendAsync(string id) => (await HasAsync(id)).SpendMinor;

    private async Task<(long SpendMinor, long Points)> HasAsync(string id)
    {
        var view = await ViewAsync(id);
        return (
            view.Metrics.Windows.Single(window => window.Name == "lifetime").Totals.SpendMinor,
            view.Points.Available + view.Points.Pending);
    }

    private async Task<long> AwaitedAsync(string id) => (await ViewAsync(id)).Metrics.AwaitedReturns;
}
