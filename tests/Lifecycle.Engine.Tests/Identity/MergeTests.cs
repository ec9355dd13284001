using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Identity;

public sealed class MergeTests : IAsyncLifetime
{
    private EngineFixture _fixture = null!;
    private TestJournal? _appends;
    private int _requests;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Instant Now => Instant.From(_fixture.Clock.GetUtcNow());

    public async ValueTask InitializeAsync() => _fixture = await EngineFixture.OpenAsync(store =>
    {
        var wrapped = new TestStore(store);
        _appends = wrapped.Appends;
        return wrapped;
    });

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Every_id_leads_to_the_customer_and_an_input_under_any_counts_there()
    {
        await _fixture.TakeAsync("ann", Some.Order("1", Now, 10_000));
        await _fixture.TakeAsync("device", Some.Visit("v-1", Now));
        var joined = Accepted(await MergeAsync("ann", "device"));
        Accepted(await MergeAsync("ann", "ann@x"));

        Assert.IsType<Effect.Joined>(joined.Receipt.Effects[0]);
        Assert.Null(joined.Receipt.Customer);
        var taken = await _fixture.TakeAsync("ann@x", Some.Visit("v-2", Now));
        Assert.Equal("ann", taken.Receipt.Customer);
        foreach (var id in new[] { "ann", "device", "ann@x" })
        {
            var view = await ViewAsync(id);
            Assert.Equal((2, 1), (Lifetime(view).Visits, Lifetime(view).Orders));
            Assert.Equal(["device", "ann@x"], view.Aliases);
            Assert.Equal(id == "ann" ? null : "ann", view.Customer);
        }

        await _fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_customer_that_is_known_by_an_alias_alone_gets_its_own_id()
    {
        await _fixture.TakeAsync("anonymous", Some.Order("1", Now, 10_000));
        Accepted(await MergeAsync("ann", "anonymous"));
        await _fixture.ReopenAsync();

        var ids = await _fixture.Customers.IdentityAsync("anonymous", Cancel);
        Assert.Equal("ann", ids!.Customer);
        Assert.Equal(("anonymous", null), (Assert.Single(ids.Aliases).Id, ids.Aliases[0].Through));
        Assert.Equal("New", (await ViewAsync("ann")).Stage.Name);
    }

    [Fact]
    public async Task What_cannot_be_merged_is_refused_and_what_is_merged_already_is_success()
    {
        Assert.Equal(0, Refused(await MergeAsync("nobody", "no one")).Version);
        await _fixture.TakeAsync("ann", Some.Visit("v", Now));
        Assert.Equal(RefusalCodes.SameId, Refused(await MergeAsync("ann", "ann")).Code);
        Accepted(await MergeAsync("ann", "device"));
        var version = (await ViewAsync("ann")).Version;
        foreach (var (into, from) in new[] { ("ann", "device"), ("device", "ann") })
        {
            var again = Accepted(await MergeAsync(into, from));
            Assert.True(again.Replayed);
            Assert.Equal(version, again.Receipt.Version);
        }

        Assert.Equal(RefusalCodes.NotAnAlias, Refused(await UnmergeAsync("ann", "bob")).Code);
        Assert.Equal(RefusalCodes.NotAnAlias, Refused(await UnmergeAsync("ann", "ann")).Code);
        Assert.Equal(0, Refused(await UnmergeAsync("nobody", "ann")).Version);
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_receipt_and_another_body_is_an_id_used_again()
    {
        await _fixture.TakeAsync("ann", Some.Visit("v", Now));
        var request = new LinkRequest("test", "same", Now, IfMatch: 1);
        var first = Accepted(await _fixture.Customers.MergeAsync("ann", "device", request, Cancel));
        await _fixture.AdvanceAsync(TimeSpan.FromDays(1));
        await _fixture.TakeAsync("ann", Some.Visit("v-2", Now));
        var again = Accepted(await _fixture.Customers.MergeAsync(
            "ann", "device", request with { OccurredAt = Now }, Cancel));

        Assert.Equal((first.Receipt.Version, true), (again.Receipt.Version, again.Replayed));
        Assert.IsType<Outcome.IdReused>(await _fixture.Customers.MergeAsync("ann", "bob", request, Cancel));
        Assert.IsType<Outcome.Stale>(
            await _fixture.Customers.MergeAsync("ann", "bob", request with { Id = "new" }, Cancel));
    }

    [Fact]
    public async Task An_id_that_came_with_another_alias_leaves_with_it()
    {
        foreach (var (id, order) in new[] { ("a", "1"), ("b", "2"), ("c", "3") })
            await _fixture.TakeAsync(id, Some.Order(order, Now, 10_000));
        Accepted(await MergeAsync("b", "a"));
        Accepted(await MergeAsync("c", "b"));
        Assert.Equal(3, Lifetime(await ViewAsync("a")).Orders);
        Assert.Equal(
            [("a", "b"), ("b", null)],
            (await _fixture.Customers.IdentityAsync("c", Cancel))!.Aliases.Select(alias => (alias.Id, alias.Through)));

        Assert.Equal(RefusalCodes.AliasNested, Refused(await UnmergeAsync("c", "a")).Code);
        Accepted(await UnmergeAsync("a", "b"));
        Assert.Equal((2, 1), (Lifetime(await ViewAsync("a")).Orders, Lifetime(await ViewAsync("c")).Orders));
        Assert.Equal("b", (await ViewAsync("a")).Customer);
        Accepted(await UnmergeAsync("b", "a"));
        Assert.Equal((1, 1), (Lifetime(await ViewAsync("a")).Orders, Lifetime(await ViewAsync("b")).Orders));
        await _fixture.VerifyAsync();
    }

    [Fact]
    public async Task No_input_counts_twice_whatever_id_it_comes_under_and_whenever()
    {
        var (old, later) = (Some.Order("1", Now.PlusDays(-9), 10_000), Some.Order("2", Now, 20_000));
        await _fixture.TakeAsync("a", old);
        await _fixture.TakeAsync("c", Some.Visit("v", Now));
        Accepted(await MergeAsync("c", "a"));
        await _fixture.TakeAsync("a", later);
        foreach (var id in new[] { "a", "c" })
            foreach (var input in new[] { old, later })
                Assert.True((await _fixture.TakeAsync(id, input)).Replayed);
        for (var i = 0; i < 20; i++) await _fixture.TakeAsync("c", Some.Visit($"more-{i}", Now.Plus(i)));
        Accepted(await UnmergeAsync("c", "a"));
        await _fixture.ReopenAsync();

        foreach (var id in new[] { "a", "c" })
            foreach (var input in new[] { old, later })
                Assert.True((await _fixture.TakeAsync(id, input)).Replayed, $"{input.Id} counted again for {id}");
        Assert.Equal((2, 0), (Lifetime(await ViewAsync("a")).Orders, Lifetime(await ViewAsync("c")).Orders));
        Assert.Equal((0, 21), (Lifetime(await ViewAsync("a")).Visits, Lifetime(await ViewAsync("c")).Visits));
        Assert.False((await _fixture.TakeAsync("a", Some.Visit("more-1", Now.PlusDays(1)))).Replayed);
        await _fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_return_finds_its_order_in_whichever_journal_it_is()
    {
        await _fixture.TakeAsync("a", Some.Order("old", Now.PlusDays(-170), 10_000, ("A", 2, 5_000)));
        await _fixture.TakeAsync("a", Some.Order("new", Now, 30_000, ("B", 3, 30_000)));
        Accepted(await MergeAsync("c", "a"));
        await _fixture.TakeAsync("c", Some.Return("1", Now, null, null, ("B", 1, 10_000)));
        Assert.Equal(30_000, Lifetime(await ViewAsync("a")).SpendMinor);
        await _fixture.AdvanceAsync(TimeSpan.FromDays(20));
        // No longer among the open orders: it is found by its id in the alias's journal.
        await _fixture.TakeAsync("c", Some.Return("2", Now, "old", 10_000));
        Assert.Equal(20_000, Lifetime(await ViewAsync("a")).SpendMinor);

        Accepted(await UnmergeAsync("c", "a"));
        Assert.Equal(20_000, Lifetime(await ViewAsync("a")).SpendMinor);
        await _fixture.TakeAsync("a", Some.Return("3", Now, "new", 20_000));
        var view = await ViewAsync("a");
        Assert.Equal((0, 0), (Lifetime(view).SpendMinor, Lifetime(view).Orders));
        Assert.Equal(0, view.Points.Available + view.Points.Pending);
        await _fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_return_that_waited_meets_its_order_by_the_merge()
    {
        await _fixture.TakeAsync("a", Some.Return("1", Now, "1", 4_000));
        await _fixture.TakeAsync("c", Some.Order("1", Now, 10_000));
        var joined = Accepted(await MergeAsync("c", "a"));

        Assert.Contains(joined.Receipt.Effects, effect => effect is Effect.ReturnMatched { GrossMinor: 4_000 });
        Assert.Equal((6_000, 0), (
            Lifetime(await ViewAsync("c")).SpendMinor, (await ViewAsync("c")).Metrics.AwaitedReturns));
        await _fixture.VerifyAsync();
    }

    [Fact]
    public async Task Points_that_one_spent_and_the_other_had_earned_are_settled_when_they_part()
    {
        await _fixture.TakeAsync("a", Some.Adjust("1", Now, 100));
        await _fixture.TakeAsync("c", Some.Adjust("2", Now, 50));
        Accepted(await MergeAsync("c", "a"));
        await _fixture.TakeAsync("c", Some.Redeem("3", Now, 120));
        Accepted(await UnmergeAsync("c", "a"));

        Assert.Equal((100, -70), ((await ViewAsync("a")).Points.Available, (await ViewAsync("c")).Points.Available));
        await _fixture.VerifyAsync();
    }

    [Fact]
    public async Task The_past_is_that_of_the_id_before_it_became_an_alias()
    {
        await _fixture.TakeAsync("a", Some.Order("1", Now, 10_000));
        await _fixture.TakeAsync("c", Some.Visit("v", Now));
        var before = Now;
        await _fixture.AdvanceAsync(TimeSpan.FromDays(1));
        Accepted(await MergeAsync("c", "a"));
        var then = await _fixture.Customers.ViewAsync("a", new(before, null), Cancel);

        Assert.Equal((1, 0), (Lifetime(then!).Orders, Lifetime(then!).Visits));
        Assert.Null(then!.Customer);
        Assert.Equal(1, Lifetime(await ViewAsync("a")).Visits);
        var own = await _fixture.Customers.OwnEntriesAsync("a", long.MaxValue, 9, Cancel);
        Assert.IsType<Effect.Left>(own![1].Effects[0]);
        var led = await _fixture.Customers.EntriesAsync("a", long.MaxValue, 9, Cancel);
        Assert.IsType<Effect.Joined>(led![0].Effects[0]);
    }

    [Fact]
    public async Task A_customer_has_so_many_ids_and_no_more()
    {
        await _fixture.TakeAsync("c", Some.Visit("v", Now));
        for (var i = 1; i < IdentityLimits.IdsMax; i++) Accepted(await MergeAsync("c", $"id-{i}"));

        Assert.Equal(RefusalCodes.TooManyAliases, Refused(await MergeAsync("c", "one more")).Code);
        Assert.Equal(IdentityLimits.IdsMax - 1, (await ViewAsync("id-7")).Aliases.Length);
    }

    [Fact]
    public async Task Returns_that_waited_under_one_order_id_in_two_journals_are_each_met()
    {
        await _fixture.TakeAsync("a", Some.Return("1", Now, "1", 4_000));
        await _fixture.TakeAsync("c", Some.Return("2", Now, "1", 1_000));
        Accepted(await MergeAsync("c", "a"));
        await _fixture.TakeAsync("c", Some.Order("1", Now, 10_000));

        var view = await ViewAsync("c");
        Assert.Equal((5_000, 0), (Lifetime(view).SpendMinor, view.Metrics.AwaitedReturns));
        await _fixture.VerifyAsync();
    }

    [Fact]
    public async Task The_past_has_no_return_of_an_order_that_was_somebody_elses_then()
    {
        await _fixture.TakeAsync("a", Some.Visit("v", Now));
        await _fixture.TakeAsync("a", Some.Order("1", Now, 10_000));
        for (var i = 0; i < 4; i++) await _fixture.TakeAsync("c", Some.Visit($"v-{i}", Now));
        var before = Now;
        await _fixture.AdvanceAsync(TimeSpan.FromDays(1));
        Accepted(await MergeAsync("c", "a"));
        await _fixture.TakeAsync("c", Some.Return("1", before, "1", 10_000));
        var then = await _fixture.Customers.ViewAsync("c", new(before, null), Cancel);

        Assert.Equal((0, 0), (Lifetime(then!).Orders, Lifetime(then!).SpendMinor));
    }

    [Fact]
    public async Task A_what_if_on_the_past_knows_nothing_that_came_after_a_merge()
    {
        await _fixture.TakeAsync("a", Some.Adjust("1", Now, 100));
        await _fixture.TakeAsync("c", Some.Adjust("2", Now, 50));
        var before = Now;
        await _fixture.AdvanceAsync(TimeSpan.FromDays(1));
        Accepted(await MergeAsync("c", "a"));
        await _fixture.TakeAsync("a", Some.Adjust("3", Now, 7));
        var again = new Delivery(Some.Adjust("3", Now, 7));

        var then = await _fixture.Customers.WhatIfAsync("a", [again], new(before, null), null, Cancel);
        Assert.Equal((false, 107), (Accepted(then.Outcomes[0]).Replayed, then.View!.Points.Available));
        var now = await _fixture.Customers.WhatIfAsync("a", [again], PointInTime.Now, null, Cancel);
        Assert.Equal((true, 157), (Accepted(now.Outcomes[0]).Replayed, now.View!.Points.Available));
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_for_a_merge_keeps_no_lock()
    {
        // So many that one of them at least is locked before the two that are busy.
        var others = Enumerable.Range(0, 20).Select(i => $"c-{i}").ToArray();
        foreach (var id in others.Append("a").Append("b")) await _fixture.TakeAsync(id, Some.Visit("v", Now));
        var hold = _appends!.HoldAppends();
        var busy = MergeAsync("b", "a");
        await hold.Arrived;
        using var impatient = new CancellationTokenSource();
        var given = others.Select(other => Give("a", other)).Concat(others.Select(other => Give("b", other))).ToArray();
        await impatient.CancelAsync();
        foreach (var each in given) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => each);
        hold.Release();
        Accepted(await busy);

        foreach (var other in others)
            Accepted(await MergeAsync("a", other).WaitAsync(TimeSpan.FromSeconds(10), Cancel));

        Task<Outcome> Give(string into, string from) => _fixture.Customers.MergeAsync(
            into, from, new("test", $"{into}-{from}", Now), impatient.Token);
    }

    private Task<Outcome> MergeAsync(string into, string from) =>
        _fixture.Customers.MergeAsync(into, from, new("test", $"m{_requests++}", Now), Cancel);

    private Task<Outcome> UnmergeAsync(string customer, string alias) =>
        _fixture.Customers.UnmergeAsync(customer, alias, new("test", $"u{_requests++}", Now), Cancel);

    private async Task<CustomerView> ViewAsync(string id) =>
        (await _fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel))!;

    private static WindowTotals Lifetime(CustomerView view) =>
        view.Metrics.Windows.Single(window => window.Name == "lifetime").Totals;

    private static Outcome.Accepted Accepted(Outcome outcome) => Assert.IsType<Outcome.Accepted>(outcome);

    private static Outcome.Refused Refused(Outcome outcome) => Assert.IsType<Outcome.Refused>(outcome);
}
