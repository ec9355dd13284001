using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>No answer leaves before what it was decided on is durable, and deciding does not wait for it.</summary>
public sealed class DurableAnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_answer_waits_for_the_head_it_was_decided_on()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        await fixture.SendAsync("ann", Some.Visit("v-0", now));
        var hold = store!.Appends.HoldAppends();
        Task<Outcome>[] sent =
        [
            fixture.SendAsync("ann", Some.Visit("v-1", now)),
            fixture.SendAsync("ann", Some.Visit("v-1", now)),
            fixture.SendAsync("ann", Some.Visit("v-0", now)),
            fixture.SendAsync("ann", Some.Redeem("r-1", now, 5)),
            fixture.SendAsync("ann", Some.Visit("v-2", now), ifMatch: 1),
            fixture.ApplyAsync("ann", Some.Redeem("r-2", now, 5), keyed: false),
        ];
        await hold.Arrived.WaitAsync(Cancel);
        Assert.All(sent, task => Assert.False(task.IsCompleted));
        Assert.Equal(1, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Version);
        hold.Release();

        Assert.Equal((2, false), Taken(await sent[0]));
        Assert.Equal((2, true), Taken(await sent[1]));
        Assert.Equal((1, true), Taken(await sent[2]));
        Assert.Equal(3, Assert.IsType<Outcome.Refused>(await sent[3]).Version);
        Assert.Equal(3, Assert.IsType<Outcome.Stale>(await sent[4]).Version);
        Assert.Equal(3, Assert.IsType<Outcome.Refused>(await sent[5]).Version);
        Assert.Equal(3, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Version);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task What_comes_during_a_commit_is_decided_meanwhile_and_written_in_one_transaction()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        // In memory, so that each is decided and handed over at once.
        for (var i = 0; i < 20; i++) await fixture.SendAsync($"c{i}", Some.Visit("w", now));
        var hold = store!.Appends.HoldAppends();
        var sent = new List<Task<Outcome>> { fixture.SendAsync("c0", Some.Visit("v", now)) };
        await hold.Arrived.WaitAsync(Cancel);
        for (var i = 0; i < 60; i++) sent.Add(fixture.SendAsync($"c{i % 20}", Some.Adjust($"a-{i}", now, 1)));
        hold.Release();
        await Task.WhenAll(sent);
        Assert.Equal([1, 60], store.Appends.Tried.Skip(20).Select(tried => tried.Batch.Rows.Count));
        // c0 had an entry in flight when its next ones were decided.
        Assert.Equal([1L, 2, 3, 4, 5], (await fixture.RowsAsync("c0")).Select(row => row.Seq));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_caller_who_leaves_takes_nothing_with_them()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        using var leaving = new CancellationTokenSource();
        var hold = store!.Appends.HoldAppends();
        var left = fixture.Customers.ApplyAsync("ann", [new Delivery(Some.Adjust("a-1", now, 5))], leaving.Token);
        var stays = fixture.SendAsync("ann", Some.Adjust("a-2", now, 6));
        await hold.Arrived.WaitAsync(Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        store.Appends.FailBefore();
        hold.Release();
        Assert.Equal((2, false), Taken(await stays));
        Assert.Equal((1, true), Taken(await fixture.SendAsync("ann", Some.Adjust("a-1", now, 5))));
        await fixture.VerifyAsync();
    }

    private static (long Version, bool Replayed) Taken(Outcome outcome) =>
        Assert.IsType<Outcome.Accepted>(outcome) is var taken ? (taken.Receipt.Version, taken.Replayed) : default;
}
