using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Compliance;

public abstract partial class StoreCompliance
{
    [Fact]
    public async Task A_customers_rows_are_read_from_a_seq_on_up_to_a_limit()
    {
        await AppendAsync([.. Rows("ann", 1, 9), .. Rows("bob", 1, 9)]);
        var read = await Journal.ReadAsync(Customer("ann"), 4, 3, Cancel);
        Assert.Equal([4L, 5, 6], read.Select(r => r.Seq));
        Assert.All(read, r => Assert.Equal(Customer("ann"), r.Customer));
        Assert.Empty(await Journal.ReadAsync(Customer("ann"), 10, 3, Cancel));
    }

    [Fact]
    public async Task A_customers_rows_are_read_back_from_before_a_seq()
    {
        await AppendAsync([.. Rows("ann", 1, 9), .. Rows("bob", 1, 9)]);
        var read = await Journal.ReadBackAsync(Customer("ann"), 4, 2, Cancel);
        Assert.Equal([3L, 2], read.Select(r => r.Seq));
        Assert.Equal([9L], (await Journal.ReadBackAsync(Customer("ann"), long.MaxValue, 1, Cancel)).Select(r => r.Seq));
        Assert.Empty(await Journal.ReadBackAsync(Customer("ann"), 1, 2, Cancel));
    }

    [Fact]
    public async Task Named_rows_are_read_oldest_first_without_those_that_are_not_there()
    {
        await AppendAsync(Rows("ann", 1, 9));
        var read = await Journal.ReadAsync(Customer("ann"), [7L, 2, 7, 40, 5], Cancel);
        Assert.Equal([2L, 5, 7], read.Select(r => r.Seq));
        Assert.Empty(await Journal.ReadAsync(Customer("ann"), [], Cancel));
    }

    [Fact]
    public async Task Event_keys_are_found_with_their_rows()
    {
        await AppendAsync([.. Rows("ann", 1, 300), .. Rows("bob", 1, 300)]);
        var keys = Rows("ann", 1, 300).Concat(Rows("bob", 1, 300)).Select(r => r.EventKey!.Value);
        var found = await Journal.FindAsync([.. keys, Hash("unknown")], Cancel);
        Assert.Equal(600, found.Count);
        Assert.All(found, pair => Assert.Equal(pair.Key, pair.Value.EventKey));
        Assert.Equal(7, found[Row("bob", 7).EventKey!.Value].Seq);
        Assert.Empty(await Journal.FindAsync([], Cancel));
    }

    [Fact]
    public async Task Event_keys_are_read_page_by_page_each_once()
    {
        await AppendAsync([.. Rows("ann", 1, 5), .. Rows("bob", 1, 4), Row("cid", 1) with { EventKey = null }]);
        var pages = new List<IReadOnlyList<StoredEventKey>>();
        while (await Journal.ReadEventKeysAsync(pages is [.., [.., var last]] ? last.EventKey : null, 4, Cancel) is
               { Count: > 0 } page)
            pages.Add(page);
        Assert.Equal([4, 4, 1], pages.Select(page => page.Count));
        var expected = Rows("ann", 1, 5).Concat(Rows("bob", 1, 4)).Select(r => r.EventKey!.Value).ToHashSet();
        Assert.Equal(expected, pages.SelectMany(page => page).Select(key => key.EventKey).ToHashSet());
        var found = await Journal.FindAsync(expected, Cancel);
        Assert.All(
            pages.SelectMany(page => page), key => Assert.Equal(found[key.EventKey].Position, key.Position));
    }

    [Fact]
    public async Task The_feed_is_read_page_by_page()
    {
        await AppendAsync(Rows("ann", 1, 5));
        await AppendAsync(Rows("bob", 1, 5));
        var pages = new List<long[]>();
        while (await Journal.ReadFeedAsync(pages is [.., [.., var last]] ? last : 0, 4, Cancel) is { Count: > 0 } page)
            pages.Add([.. page.Select(r => r.Position)]);
        Assert.Equal([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]], pages);
    }

    [Fact]
    public async Task Customers_are_listed_once_in_key_order_from_the_journal_itself()
    {
        var names = Enumerable.Range(0, 25).Select(i => $"c{i}").ToArray();
        await AppendAsync(names.SelectMany(n => Rows(n, 1, 3)));
        var expected = names.Select(Customer).Order().ToArray();
        var all = await Journal.ReadCustomersAsync(null, 100, Cancel);
        Assert.Equal(expected, all);
        Assert.Equal(expected[..10], await Journal.ReadCustomersAsync(null, 10, Cancel));
        Assert.Equal(expected[10..20], await Journal.ReadCustomersAsync(expected[9], 10, Cancel));
        Assert.Empty(await Journal.ReadCustomersAsync(expected[^1], 10, Cancel));
    }

    [Fact]
    public async Task Keys_order_by_their_bytes_as_unsigned_numbers()
    {
        Hash16[] keys =
            [new(0, 1), new(1, 0), new(long.MaxValue, 5), new(1UL << 63, 0), new(ulong.MaxValue, ulong.MaxValue)];
        await AppendAsync(keys.Select(k => Row("any", 1) with { Customer = new(k), EventKey = k }));
        Assert.Equal(keys, (await Journal.ReadCustomersAsync(null, 100, Cancel)).Select(c => c.Value));
        Assert.Equal(keys, (await Journal.ReadFeedAsync(0, 100, Cancel)).Select(r => r.EventKey!.Value));
    }

    [Fact]
    public async Task Reads_beside_appends_see_whole_batches()
    {
        var appends = Task.Run(
            async () =>
            {
                for (var seq = 1; seq <= 60; seq += 3) await AppendAsync(Rows("ann", seq, seq + 2));
            },
            Cancel);
        var reads = Enumerable.Range(0, 12).Select(_ => Task.Run(
            async () =>
            {
                do Assert.Equal(0, (await Journal.ReadFeedAsync(0, 1000, Cancel)).Count % 3);
                while (!appends.IsCompleted);
            },
            Cancel));
        await Task.WhenAll([appends, .. reads]);
        Assert.Equal(60, await Journal.ReadHeadAsync(Cancel));
    }
}
