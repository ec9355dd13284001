using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>
/// A standby took over that lacks the last commits: the process goes on with new connections, and what it knows of the
/// server before is of no use.
/// </summary>
public sealed class LostCommitsTests(TestServer server) : DatabaseTests(server)
{
    [Theory]
    [InlineData("application_name like '%journal%'")]
    [InlineData("application_name like '%lifecycle%'")]
    public async Task What_builds_on_a_lost_row_is_a_conflict_and_all_else_is_written(string ended)
    {
        var store = await ShareAsync();
        await store.Journal.AppendAsync(Batch([.. Rows("ann", 1, 3), .. Rows("bob", 1, 3)]), Cancel);
        await store.Journal.AppendAsync(Batch([.. Rows("ann", 4, 5), .. Rows("bob", 4, 4)]), Cancel);
        await SqlAsync($"delete from journal where customer = '{Customer("ann").ToGuid()}' and seq >= 5");
        await EndSessionsAsync(ended);
        var result = await store.Journal.AppendAsync(Batch([.. Rows("ann", 6, 6), .. Rows("bob", 5, 6)]), Cancel);
        Assert.Equal([Customer("ann")], result.Conflicts);
        Assert.Equal(4, (await store.Journal.ReadAsync(Customer("ann"), 1, 100, Cancel)).Count);
        Assert.Equal(6, (await store.Journal.ReadAsync(Customer("bob"), 1, 100, Cancel)).Count);
    }

    [Fact]
    public async Task Another_predecessor_than_the_one_that_was_committed_is_a_conflict()
    {
        var store = await OwnAsync();
        await store.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        Assert.Equal(
            [Customer("ann")],
            (await store.Journal.AppendAsync(Batch(Rows("ann", 4, 4, branch: "other")), Cancel)).Conflicts);
        Assert.Equal(
            [Customer("ann")], (await store.Journal.AppendAsync(Batch(Rows("ann", 5, 5)), Cancel)).Conflicts);
        Assert.Empty((await store.Journal.AppendAsync(Batch(Rows("ann", 4, 5)), Cancel)).Conflicts);
        Assert.Equal(5, (await ReadWholeAsync(store)).Count);
    }
}
