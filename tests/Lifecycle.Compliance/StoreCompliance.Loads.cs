using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Compliance;

public abstract partial class StoreCompliance
{
    [Fact]
    public async Task A_customer_is_loaded_with_its_snapshot_and_the_rows_from_there_on()
    {
        await AppendAsync([.. Rows("ann", 1, 5), .. Rows("bob", 1, 3), .. Rows("cid", 1, 2)]);
        await Projection.WriteAsync([Snapshot("ann", 4), Snapshot("cid", 2)], 10, Cancel);
        var loaded = (await Store.LoadAsync(
            [Customer("ann"), Customer("bob"), Customer("cid"), Customer("nobody")], 100, Cancel))
            .ToDictionary(one => one.Customer);

        Assert.Equal(4, loaded.Count);
        AssertSame(Snapshot("ann", 4), loaded[Customer("ann")].Row);
        AssertSame(await Journal.ReadAsync(Customer("ann"), 4, 9, Cancel), loaded[Customer("ann")].Rows);
        Assert.Null(loaded[Customer("bob")].Row);
        AssertSame(await Journal.ReadAsync(Customer("bob"), 1, 9, Cancel), loaded[Customer("bob")].Rows);
        Assert.Equal([2L], loaded[Customer("cid")].Rows.Select(row => row.Seq));
        Assert.Equal((null, 0), (loaded[Customer("nobody")].Row, loaded[Customer("nobody")].Rows.Count));
    }

    [Fact]
    public async Task Loading_stops_at_as_many_rows_of_each_customer_as_were_asked_for()
    {
        await AppendAsync([.. Rows("ann", 1, 5), .. Rows("bob", 1, 5)]);
        await Projection.WriteAsync([Snapshot("bob", 3)], 10, Cancel);
        var loaded = await Store.LoadAsync([Customer("ann"), Customer("bob")], 2, Cancel);
        Assert.Equal([1L, 2], loaded.Single(one => one.Customer == Customer("ann")).Rows.Select(row => row.Seq));
        Assert.Equal([3L, 4], loaded.Single(one => one.Customer == Customer("bob")).Rows.Select(row => row.Seq));
        Assert.Equal(5, Assert.Single(await Store.LoadAsync([Customer("ann")], 100, Cancel)).Rows.Count);
    }

    [Fact]
    public async Task What_was_written_is_taken_up_once_from_where_it_ended()
    {
        Assert.Equal(0, await Projection.ClaimAsync(Cancel));
        Assert.Null(await Projection.ClaimAsync(Cancel));
        await AppendAsync(Rows("ann", 1, 5));
        await Projection.WriteAsync([Snapshot("ann", 3)], 3, Cancel);
        Assert.Null(await Projection.ClaimAsync(Cancel));
        await ReopenAsync();
        Assert.Equal(3, await Projection.ReadWatermarkAsync(Cancel));
        Assert.Equal(3, await Projection.ClaimAsync(Cancel));
        Assert.Null(await Projection.ClaimAsync(Cancel));
        await Projection.WriteAsync([Snapshot("ann", 5)], 5, Cancel);
        Assert.Equal(5, await Projection.ReadWatermarkAsync(Cancel));
    }
}
