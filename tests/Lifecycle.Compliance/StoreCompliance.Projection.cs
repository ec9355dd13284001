using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Compliance;

public abstract partial class StoreCompliance
{
    private IProjection Projection => Store.Projection;

    [Fact]
    public async Task A_snapshot_reads_back_with_every_column()
    {
        var row = Snapshot("ann", 3, Start.PlusDays(2)) with { LastOrderAt = Start.Plus(7) };
        var bare = Snapshot("bob", 1) with { FirstOrderAt = null, Stage = "沉默" };
        await Projection.WriteAsync([row, bare], 4, Cancel);
        AssertSame(row, await Projection.ReadAsync(Customer("ann"), Cancel));
        AssertSame(bare, await Projection.ReadAsync(Customer("bob"), Cancel));
        Assert.Null(await Projection.ReadAsync(Customer("cid"), Cancel));
    }

    [Fact]
    public async Task An_older_snapshot_does_not_replace_a_newer_one_and_an_equal_one_does()
    {
        await Projection.WriteAsync([Snapshot("ann", 5)], 5, Cancel);
        await Projection.WriteAsync([Snapshot("ann", 4)], 6, Cancel);
        Assert.Equal(5, (await Projection.ReadAsync(Customer("ann"), Cancel))!.Seq);
        await Projection.WriteAsync([Snapshot("ann", 5) with { Stage = "Loyal" }], 7, Cancel);
        Assert.Equal("Loyal", (await Projection.ReadAsync(Customer("ann"), Cancel))!.Stage);
        await Projection.WriteAsync([Snapshot("ann", 6)], 8, Cancel);
        Assert.Equal(6, (await Projection.ReadAsync(Customer("ann"), Cancel))!.Seq);
    }

    [Fact]
    public async Task The_watermark_is_that_of_the_last_write()
    {
        Assert.Equal(0, await Projection.ReadWatermarkAsync(Cancel));
        await Projection.WriteAsync([Snapshot("ann", 1)], 7, Cancel);
        await Projection.WriteAsync([], 9, Cancel);
        Assert.Equal(9, await Projection.ReadWatermarkAsync(Cancel));
    }

    [Fact]
    public async Task Due_customers_come_longest_due_first_and_never_is_not_due()
    {
        await Projection.WriteAsync(
            [
                Snapshot("late", 1, Start.PlusDays(3)), Snapshot("soon", 1, Start.PlusDays(1)),
                Snapshot("mid", 1, Start.PlusDays(2)), Snapshot("never", 1),
            ],
            4, Cancel);
        Assert.Equal([Customer("soon"), Customer("mid")], await DueAsync(Start.PlusDays(2), 10));
        Assert.Equal([Customer("soon")], await DueAsync(Start.PlusDays(9), 1));
        Assert.Equal(3, (await DueAsync(Instant.Never, 10)).Count);
        await Projection.WriteAsync([Snapshot("soon", 2)], 5, Cancel);
        Assert.Equal([Customer("mid")], await DueAsync(Start.PlusDays(2), 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Shares_divide_the_customers_who_are_due(int shares)
    {
        var names = Enumerable.Range(0, 40).Select(i => $"c{i}").ToArray();
        await Projection.WriteAsync(
            [.. names.Select((name, i) => Snapshot(name, 1, Start.PlusDays(i)))], names.Length, Cancel);
        var found = new List<CustomerKey>();
        for (var i = 0; i < shares; i++)
        {
            var share = new KeyShare(i, shares);
            var due = await Projection.ReadDueAsync(Start.PlusDays(34), 100, share, Cancel);
            Assert.Equal(names[..35].Select(Customer).Where(share.Contains), due);
            Assert.Equal(due.Take(2), await Projection.ReadDueAsync(Start.PlusDays(34), 2, share, Cancel));
            found.AddRange(due);
        }

        Assert.Equal(names[..35].Select(Customer).Order(), found.Order());
    }

    [Fact]
    public async Task A_due_instant_moves_only_where_the_row_is_still_at_its_seq()
    {
        await Projection.WriteAsync([Snapshot("ann", 2), Snapshot("bob", 5), Snapshot("cid", 1, Start)], 8, Cancel);
        await Projection.WriteDueAsync(
            [
                new(Customer("ann"), 2, Start.PlusDays(1)), new(Customer("bob"), 4, Start), new(Customer("dan"), 1, Start),
                new(Customer("cid"), 1, Instant.Never),
            ],
            Cancel);
        Assert.Equal([Customer("ann")], await DueAsync(Start.PlusDays(1), 10));
        AssertSame(Snapshot("ann", 2, Start.PlusDays(1)), await Projection.ReadAsync(Customer("ann"), Cancel));
        Assert.Equal((3, 8), (await Projection.CountAsync(Cancel), await Projection.ReadWatermarkAsync(Cancel)));
    }

    [Fact]
    public async Task The_mark_of_a_sweep_is_that_of_the_last_write_and_empty_before()
    {
        Assert.Equal("", await Projection.ReadSweptAsync(Cancel));
        await Projection.WriteSweptAsync("one", Cancel);
        await Projection.WriteSweptAsync("two", Cancel);
        Assert.Equal("two", await Projection.ReadSweptAsync(Cancel));
    }

    [Fact]
    public async Task A_scan_goes_through_all_rows_in_key_order()
    {
        var names = Enumerable.Range(0, 25).Select(i => $"c{i}").ToArray();
        await Projection.WriteAsync([.. names.Select(n => Snapshot(n, 1))], 25, Cancel);
        var seen = new List<CustomerKey>();
        while (await Projection.ScanAsync(seen.Count == 0 ? null : seen[^1], 10, Cancel) is { Count: > 0 } page)
            seen.AddRange(page.Select(r => r.Customer));
        Assert.Equal(names.Select(Customer).Order(), seen);
    }

    [Fact]
    public async Task A_scan_of_states_says_what_the_rows_say()
    {
        var rows = Enumerable.Range(0, 25).Select(i => Snapshot($"c{i}", 1 + i)).OrderBy(r => r.Customer).ToArray();
        await Projection.WriteAsync(rows, 325, Cancel);
        var seen = new List<StoredState>();
        while (await Projection.ScanStatesAsync(seen.LastOrDefault()?.Customer, 10, Cancel) is { Count: > 0 } page)
            seen.AddRange(page);
        Assert.Equal(
            rows.Select(r => (r.Customer, r.Seq, r.Position, r.Hash, Convert.ToHexString(r.State.Span))),
            seen.Select(s => (s.Customer, s.Seq, s.Position, s.Hash, Convert.ToHexString(s.State.Span))));
    }

    [Fact]
    public async Task Rows_are_read_by_key_and_those_without_one_are_left_out()
    {
        await Projection.WriteAsync([Snapshot("ann", 1), Snapshot("bob", 2)], 2, Cancel);
        var rows = await Projection.ReadAsync([Customer("bob"), Customer("cid")], Cancel);
        AssertSame(Snapshot("bob", 2), Assert.Single(rows));
        Assert.Empty(await Projection.ReadAsync([], Cancel));
    }

    [Theory]
    [InlineData(RowColumn.Available, false)]
    [InlineData(RowColumn.SpendMinor, true)]
    [InlineData(RowColumn.Orders, false)]
    [InlineData(RowColumn.LastOrderAt, true)]
    [InlineData(RowColumn.LastOrderAt, false)]
    public async Task Rows_come_in_the_order_of_a_column_page_by_page(RowColumn column, bool descending)
    {
        var rows = Enumerable.Range(0, 23).Select(i => Snapshot($"c{i}", 1) with
        {
            Stage = i % 2 == 0 ? "Loyal" : "New", Available = i % 4 - 1, SpendMinor = i % 5, Orders = i % 3,
            LastOrderAt = i % 6 == 0 ? null : Start.Plus(i % 6 - 4),
        }).ToList();
        await Projection.WriteAsync(rows, 23, Cancel);
        var expected = rows.Where(row => row is { Stage: "Loyal", Available: >= 0 }).OrderBy(
            row => RowQuery.ValueOf(row, column)).ThenBy(row => row.Customer).Select(row => row.Customer);
        if (descending) expected = expected.Reverse();

        var seen = new List<CustomerRow>();
        var query = new RowQuery(column, descending, "Loyal", 0, null, 3);
        while (await Projection.ListAsync(query, Cancel) is { Count: > 0 } page)
        {
            seen.AddRange(page);
            query = query with { After = (RowQuery.ValueOf(page[^1], column), page[^1].Customer) };
        }

        Assert.Equal(expected, seen.Select(row => row.Customer));
        Assert.Equal(23, (await Projection.ListAsync(new(column, descending, null, null, null, 99), Cancel)).Count);
    }

    [Fact]
    public async Task An_older_snapshot_replaces_the_newer_one_that_it_names_and_no_other()
    {
        var (ann, bob) = (Snapshot("ann", 5), Snapshot("bob", 5));
        await Projection.WriteAsync([ann, bob], 10, Cancel);
        var useless = new RowVersion(ann.Seq, ann.Hash);
        await Projection.WriteAsync(
            [
                Snapshot("ann", 2) with { Replaces = useless }, Snapshot("bob", 2) with { Replaces = useless },
                Snapshot("cid", 2) with { Replaces = useless },
            ],
            12, Cancel);
        AssertSame(Snapshot("ann", 2), await Projection.ReadAsync(Customer("ann"), Cancel));
        AssertSame(bob, await Projection.ReadAsync(Customer("bob"), Cancel));
        AssertSame(Snapshot("cid", 2), await Projection.ReadAsync(Customer("cid"), Cancel));
        Assert.Equal((3, 12), (await Projection.CountAsync(Cancel), await Projection.ReadWatermarkAsync(Cancel)));
    }

    [Fact]
    public async Task A_cancelled_write_moves_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Projection.WriteAsync([Snapshot("ann", 1)], 1, new CancellationToken(canceled: true)));
        Assert.Equal(0, await Projection.ReadWatermarkAsync(Cancel));
        Assert.Null(await Projection.ReadAsync(Customer("ann"), Cancel));
    }

    private static void AssertSame(CustomerRow expected, CustomerRow? found)
    {
        Assert.NotNull(found);
        Assert.Equal(expected.State.ToArray(), found.State.ToArray());
        Assert.Equal(expected with { State = default }, found with { State = default });
    }

    private Task<IReadOnlyList<CustomerKey>> DueAsync(Instant until, int limit) =>
        Projection.ReadDueAsync(until, limit, KeyShare.All, Cancel);
}
