using System.Text;
using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Compliance;

public abstract partial class StoreCompliance
{
    private static readonly string[] Rivals = ["left", "right"];

    [Theory]
    [InlineData("the stored seq again", 3, 3, "main")]
    [InlineData("an earlier seq", 2, 2, "main")]
    [InlineData("a gap", 5, 5, "main")]
    [InlineData("the next seq on another history", 4, 4, "other")]
    [InlineData("another beginning", 1, 1, "other")]
    [InlineData("a run that overlaps the stored rows", 3, 5, "main")]
    public async Task Rows_that_do_not_follow_the_head_are_left_out(string what, int from, int to, string branch)
    {
        await AppendAsync(Rows("ann", 1, 3));
        // Fresh keys: the history alone is the conflict.
        var stale = Rows("ann", from, to, branch)
            .Select(r => r with { EventKey = Hash($"{what} {r.Seq}") }).ToArray();
        await AssertLeftOutAsync("ann", stale, stored: 3);
    }

    [Fact]
    public async Task A_first_row_with_another_seq_or_a_predecessor_is_left_out()
    {
        await AssertLeftOutAsync("ann", [Row("ann", 2)], stored: 0);
        await AssertLeftOutAsync("ann", [Row("ann", 1) with { Prev = Hash("something") }], stored: 0, other: "cid");
    }

    [Fact]
    public async Task A_stored_event_key_leaves_out_all_rows_of_its_customer()
    {
        await AppendAsync(Rows("zoe", 1, 2));
        var rows = Rows("ann", 1, 3);
        rows[1] = rows[1] with { EventKey = Row("zoe", 2).EventKey };
        await AssertLeftOutAsync("ann", rows, stored: 0);
    }

    [Fact]
    public async Task An_event_key_twice_in_a_customers_rows_leaves_the_customer_out()
    {
        var rows = Rows("ann", 1, 3);
        rows[2] = rows[2] with { EventKey = rows[0].EventKey };
        await AssertLeftOutAsync("ann", rows, stored: 0);
    }

    [Fact]
    public async Task An_event_key_of_two_customers_in_a_batch_is_the_firsts()
    {
        var (first, second) = InOrder("ann", "bob");
        var repeated = Row(second, 1) with { EventKey = Row(first, 1).EventKey };
        var result = await AppendAsync(Row(first, 1), repeated);
        Assert.Equal([Customer(second)], result.Conflicts);
        Assert.Single(await Journal.ReadFeedAsync(0, 10, Cancel));
    }

    [Fact]
    public async Task An_event_key_of_a_customer_that_is_left_out_is_free_for_another()
    {
        var (first, second) = InOrder("ann", "bob");
        // The first row of the first customer is fine; its second row repeats the key and stops both.
        var rows = Rows(first, 1, 2);
        rows[1] = rows[1] with { EventKey = rows[0].EventKey };
        var result = await AppendAsync([.. rows, Row(second, 1) with { EventKey = rows[0].EventKey }]);
        Assert.Equal([Customer(first)], result.Conflicts);
        Assert.Equal(Customer(second), Assert.Single(await Journal.ReadFeedAsync(0, 10, Cancel)).Customer);
    }

    [Fact]
    public async Task A_batch_of_conflicts_alone_writes_nothing()
    {
        await AppendAsync(Row("ann", 1));
        var result = await AppendAsync(Row("ann", 1, "other"));
        Assert.Equal([Customer("ann")], result.Conflicts);
        Assert.Equal(1, await Journal.ReadHeadAsync(Cancel));
        Assert.Equal(2, (await AppendAsync(Row("ann", 2))).FirstPosition);
    }

    [Fact]
    public async Task A_second_secret_is_a_conflict_and_the_first_stays()
    {
        await Journal.AppendAsync(Batch(Row("ann", 1)) with { Secrets = [Secret("ann", "first")] }, Cancel);
        var result = await Journal.AppendAsync(
            Batch(Row("ann", 2), Row("bob", 1)) with { Secrets = [Secret("ann", "second"), Secret("bob")] }, Cancel);
        Assert.Equal([Customer("ann")], result.Conflicts);
        Assert.Equal("first", await SecretAsync("ann"));
        Assert.NotNull(await Store.Registry.ReadSecretAsync(Customer("bob"), Cancel));
        Assert.Equal([1L], (await Journal.ReadAsync(Customer("ann"), 1, 10, Cancel)).Select(r => r.Seq));
    }

    [Fact]
    public async Task A_customer_with_a_conflict_leaves_no_id_and_no_secret_behind()
    {
        var result = await Journal.AppendAsync(
            Batch(Row("ann", 2), Row("bob", 1)) with
            {
                Customers = [New("ann"), New("bob")],
                Secrets = [Secret("ann"), Secret("bob")],
            },
            Cancel);
        Assert.Equal([Customer("ann")], result.Conflicts);
        var ids = await Store.Registry.ReadIdsAsync([Customer("ann"), Customer("bob")], Cancel);
        Assert.Equal([Customer("bob")], ids.Keys);
        Assert.Null(await Store.Registry.ReadSecretAsync(Customer("ann"), Cancel));
    }

    [Fact]
    public async Task Of_two_appenders_with_the_same_next_row_one_wins()
    {
        const int rounds = 20;
        for (var seq = 1; seq <= rounds; seq++)
        {
            var rivals = Rivals
                .Select(name => Row("ann", seq) with { EventKey = Hash($"{name} {seq}") })
                .Select(row => Task.Run(() => AppendAsync(row), Cancel));
            var results = await Task.WhenAll(rivals);
            Assert.Equal(1, results.Count(r => r.Conflicts.Count == 1));
        }

        var feed = await Journal.ReadFeedAsync(0, 100, Cancel);
        Assert.Equal(rounds, feed.Count);
        Assert.All(feed, row => Assert.Equal(row.Position, row.Seq));
    }

    [Fact]
    public async Task Appenders_side_by_side_lose_nothing_and_leave_no_gap()
    {
        const int appenders = 8, batches = 10;
        await Task.WhenAll(Enumerable.Range(0, appenders).Select(a => Task.Run(
            async () =>
            {
                for (var seq = 1; seq <= batches; seq++)
                    Assert.Empty((await AppendAsync(Row($"c{a}", seq))).Conflicts);
            },
            Cancel)));
        var feed = await Journal.ReadFeedAsync(0, 1000, Cancel);
        Assert.Equal(Enumerable.Range(1, appenders * batches).Select(n => (long)n), feed.Select(r => r.Position));
        foreach (var customer in feed.GroupBy(r => r.Customer, r => r.Seq)) Assert.Equal(customer.Order(), customer);
    }

    private async Task AssertLeftOutAsync(string customer, JournalRow[] rows, int stored, string other = "bob")
    {
        var result = await AppendAsync([.. rows, Row(other, 1)]);
        Assert.Equal([Customer(customer)], result.Conflicts);
        Assert.Equal(stored, (await Journal.ReadAsync(Customer(customer), 1, 100, Cancel)).Count);
        var kept = Assert.Single(await Journal.ReadAsync(Customer(other), 1, 100, Cancel));
        Assert.Equal(result.FirstPosition, kept.Position);
        Assert.Equal(result.FirstPosition, await Journal.ReadHeadAsync(Cancel));
    }

    private async Task<string?> SecretAsync(string customer) =>
        await Store.Registry.ReadSecretAsync(Customer(customer), Cancel) is { } secret
            ? Encoding.UTF8.GetString(secret.Span)
            : null;

    private static (string First, string Second) InOrder(string one, string two) =>
        Customer(one).CompareTo(Customer(two)) < 0 ? (one, two) : (two, one);
}
