using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>Several writers of the table of customers, and writers that are gone.</summary>
public sealed class ProjectionWriterTests(TestServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task The_watermark_is_that_of_the_writer_who_is_furthest_behind()
    {
        var (one, other) = (await ShareAsync(), await ShareAsync());
        Assert.Equal(0, await one.Projection.ClaimAsync(Cancel));
        Assert.Null(await other.Projection.ClaimAsync(Cancel));
        await one.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        await other.Journal.AppendAsync(Batch(Rows("bob", 1, 3)), Cancel);
        await one.Projection.WriteAsync([Snapshot("ann", 3)], 6, Cancel);
        Assert.Equal(0, await other.Projection.ReadWatermarkAsync(Cancel));
        await other.Projection.WriteAsync([Snapshot("bob", 3)], 5, Cancel);
        Assert.Equal(5, await one.Projection.ReadWatermarkAsync(Cancel));
    }

    [Fact]
    public async Task Who_comes_later_has_nothing_of_its_own_below_the_journals_head()
    {
        var one = await ShareAsync();
        await one.Projection.ClaimAsync(Cancel);
        await one.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        await one.Projection.WriteAsync([Snapshot("ann", 3)], 3, Cancel);
        var other = await ShareAsync();
        Assert.Null(await other.Projection.ClaimAsync(Cancel));
        Assert.Equal(3, await other.Projection.ReadWatermarkAsync(Cancel));
    }

    [Fact]
    public async Task What_a_writer_that_is_gone_left_is_taken_over_by_one_of_the_others()
    {
        var (one, two, three) = (await ShareAsync(), await ShareAsync(), await ShareAsync());
        foreach (var store in new[] { one, two, three }) await store.Projection.ClaimAsync(Cancel);
        await one.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        await two.Journal.AppendAsync(Batch(Rows("bob", 1, 3)), Cancel);
        await one.Projection.WriteAsync([Snapshot("ann", 2)], 2, Cancel);
        await two.Projection.WriteAsync([Snapshot("bob", 3)], 6, Cancel);
        await three.Projection.WriteAsync([], 6, Cancel);
        Assert.Null(await two.Projection.ClaimAsync(Cancel));

        await one.DisposeAsync();
        var claims = await Task.WhenAll(two.Projection.ClaimAsync(Cancel), three.Projection.ClaimAsync(Cancel));

        Assert.Equal([null, 2L], claims.Order());
        Assert.Equal(2, await three.Projection.ReadWatermarkAsync(Cancel));
        var heir = claims[0] is null ? three : two;
        await heir.Projection.WriteAsync([Snapshot("ann", 3)], 6, Cancel);
        Assert.Equal(6, await three.Projection.ReadWatermarkAsync(Cancel));
        Assert.Null(await heir.Projection.ClaimAsync(Cancel));
    }

    [Fact]
    public async Task A_writer_that_can_still_commit_is_not_taken_for_gone()
    {
        var (one, other) = (await ShareAsync(), await ShareAsync());
        await one.Projection.ClaimAsync(Cancel);
        await other.Projection.ClaimAsync(Cancel);
        await one.Projection.WriteAsync([Snapshot("ann", 1)], 4, Cancel);
        await other.Projection.WriteAsync([Snapshot("bob", 1)], 9, Cancel);
        await EndSessionsAsync("application_name = 'lifecycle projection'");
        Assert.Null(await one.Projection.ClaimAsync(Cancel));
        Assert.Null(await other.Projection.ClaimAsync(Cancel));
        Assert.Equal(4, await one.Projection.ReadWatermarkAsync(Cancel));
        await other.Projection.WriteAsync([Snapshot("bob", 2)], 11, Cancel);
        await one.Projection.WriteAsync([Snapshot("ann", 2)], 12, Cancel);
        Assert.Equal(11, await one.Projection.ReadWatermarkAsync(Cancel));
    }

    [Fact]
    public async Task A_writer_that_was_taken_for_gone_is_registered_before_it_commits_again()
    {
        var (one, other) = (await ShareAsync(), await ShareAsync());
        await one.Projection.ClaimAsync(Cancel);
        await other.Projection.ClaimAsync(Cancel);
        await one.Journal.AppendAsync(Batch(Rows("ann", 1, 4)), Cancel);
        await one.Projection.WriteAsync([Snapshot("ann", 4)], 4, Cancel);
        await EndSessionsAsync("application_name like 'lifecycle%'");
        Assert.Equal(4, await other.Projection.ClaimAsync(Cancel));
        await other.Projection.WriteAsync([], 4, Cancel);

        await one.Journal.AppendAsync(Batch(Rows("ann", 5, 6)), Cancel);
        await other.Projection.WriteAsync([], 6, Cancel);
        Assert.Equal(4, await other.Projection.ReadWatermarkAsync(Cancel));
        // Its next write finds that it was away, and what it then claims is what it has in memory only.
        await Assert.ThrowsAsync<StoreException>(() => one.Projection.WriteAsync([Snapshot("ann", 6)], 6, Cancel));
        Assert.Equal(4, await one.Projection.ClaimAsync(Cancel));
        await one.Projection.WriteAsync([Snapshot("ann", 6)], 6, Cancel);
        Assert.Equal(6, await other.Projection.ReadWatermarkAsync(Cancel));
    }

    [Fact]
    public async Task Rows_that_a_crash_of_the_server_took_are_made_anew_before_the_watermark_moves()
    {
        var store = await OwnAsync();
        await store.Projection.ClaimAsync(Cancel);
        await store.Projection.WriteAsync([Snapshot("ann", 1)], 3, Cancel);
        await store.Projection.WriteAsync([Snapshot("ann", 2)], 5, Cancel);
        await store.Projection.WriteAsync([Snapshot("bob", 2)], 5, Cancel);
        // What the table is like when the log ended before the last two of these transactions.
        await SqlAsync("delete from customers; update writers set watermark = 3, writes = writes - 2");

        var failure = await Assert.ThrowsAsync<StoreException>(
            () => store.Projection.WriteAsync([Snapshot("cid", 1)], 8, Cancel));
        Assert.Contains("made anew", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await store.Projection.CountAsync(Cancel));
        Assert.Equal(3, await store.Projection.ClaimAsync(Cancel));
        Assert.Null(await store.Projection.ClaimAsync(Cancel));
        await store.Projection.WriteAsync([Snapshot("cid", 1)], 8, Cancel);
        Assert.Equal(8, await store.Projection.ReadWatermarkAsync(Cancel));
    }

    [Fact]
    public async Task Rows_lost_at_an_unchanged_watermark_are_noticed_too()
    {
        var store = await OwnAsync();
        await store.Projection.ClaimAsync(Cancel);
        await store.Projection.WriteAsync([Snapshot("ann", 1)], 3, Cancel);
        await store.Projection.WriteAsync([Snapshot("bob", 1)], 3, Cancel);
        await SqlAsync("delete from customers; update writers set writes = writes - 1");
        await Assert.ThrowsAsync<StoreException>(() => store.Projection.WriteAsync([], 8, Cancel));
        Assert.Equal(3, await store.Projection.ClaimAsync(Cancel));
    }

    [Fact]
    public async Task What_was_taken_over_by_a_claim_whose_answer_was_lost_is_claimed_again()
    {
        var store = await OwnAsync();
        await store.Projection.ClaimAsync(Cancel);
        await store.Projection.WriteAsync([Snapshot("ann", 1)], 5, Cancel);
        // What the table is like when such a claim has taken over a writer who had come to 2.
        await SqlAsync("update writers set watermark = 2, writes = writes + 1");
        Assert.Equal(2, await store.Projection.ClaimAsync(Cancel));
        Assert.Null(await store.Projection.ClaimAsync(Cancel));
    }

    [Fact]
    public async Task An_emptied_table_is_made_anew_from_the_beginning()
    {
        var first = await OwnAsync();
        await first.Projection.ClaimAsync(Cancel);
        await first.Projection.WriteAsync([Snapshot("ann", 1)], 3, Cancel);
        await first.DisposeAsync();
        await SqlAsync("truncate customers, writers");
        var store = await OwnAsync();
        Assert.Equal(0, await store.Projection.ReadWatermarkAsync(Cancel));
        Assert.Equal(0, await store.Projection.ClaimAsync(Cancel));
    }

    [Fact]
    public async Task A_large_state_stays_whole_and_rows_of_one_call_may_repeat_a_customer()
    {
        var store = await OwnAsync();
        var large = Snapshot("ann", 2, stateBytes: 300_000);
        await store.Projection.WriteAsync([large, Snapshot("ann", 1), Snapshot("bob", 1)], 3, Cancel);
        var read = await store.Projection.ReadAsync(Customer("ann"), Cancel);
        Assert.Equal(large.State.ToArray(), read!.State.ToArray());
        Assert.Equal(2, read.Seq);
    }
}
