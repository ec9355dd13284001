using Lifecycle.Engine.Store;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Compliance;

/// <summary>What every <see cref="IStore"/> must do. Each test begins with an empty store.</summary>
public abstract partial class StoreCompliance : IAsyncLifetime
{
    private IStore? _store;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IStore Store => _store!;

    protected IJournal Journal => Store.Journal;

    /// <summary>Opens the test's own store: empty at first, and afterwards with what was written before.</summary>
    protected abstract Task<IStore> OpenAsync();

    /// <summary>Removes what the test left.</summary>
    protected abstract Task DeleteAsync();

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await DeleteAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task CloseAsync()
    {
        if (_store is { } store) await store.DisposeAsync();
        _store = null;
    }

    protected async Task ReopenAsync()
    {
        await CloseAsync();
        _store = await OpenAsync();
    }

    [Fact]
    public async Task An_appended_row_reads_back_with_every_column()
    {
        var row = Row("ann", 1);
        var tick = Row("ann", 2) with { EventKey = null };
        Assert.Equal(1, (await AppendAsync(row, tick)).FirstPosition);
        var read = await Journal.ReadAsync(Customer("ann"), 1, 10, Cancel);
        AssertSame([row with { Position = 1 }, tick with { Position = 2 }], read);
    }

    [Fact]
    public async Task A_trial_of_the_journal_leaves_nothing_behind()
    {
        await AppendAsync(Row("ann", 1));
        await Journal.TryWriteAsync(Cancel);
        await Journal.TryWriteAsync(Cancel);
        Assert.Equal(1, await Journal.ReadHeadAsync(Cancel));
        Assert.Equal(2, (await AppendAsync(Row("ann", 2))).FirstPosition);
        await ReopenAsync();
        await Journal.TryWriteAsync(Cancel);
    }

    [Fact]
    public async Task An_empty_store_reads_as_empty()
    {
        Assert.Equal(0, await Journal.ReadHeadAsync(Cancel));
        Assert.Empty(await Journal.ReadFeedAsync(0, 10, Cancel));
        Assert.Empty(await Journal.ReadCustomersAsync(null, 10, Cancel));
        Assert.Empty(await Journal.ReadAsync(Customer("ann"), 1, 10, Cancel));
        Assert.Empty(await Journal.FindAsync([Hash("key")], Cancel));
    }

    [Fact]
    public async Task Positions_have_no_gaps_and_follow_the_order_of_the_batches()
    {
        var first = await AppendAsync([.. Rows("ann", 1, 3), .. Rows("bob", 1, 2)]);
        var conflict = await AppendAsync([.. Rows("ann", 9, 9), .. Rows("cid", 1, 2)]);
        var last = await AppendAsync([.. Rows("ann", 4, 4)]);
        Assert.Equal([1, 6, 8], new[] { first, conflict, last }.Select(r => r.FirstPosition));
        var feed = await Journal.ReadFeedAsync(0, 100, Cancel);
        Assert.Equal(Enumerable.Range(1, 8).Select(p => (long)p), feed.Select(r => r.Position));
        Assert.Equal(8, await Journal.ReadHeadAsync(Cancel));
    }

    [Fact]
    public async Task A_store_that_was_closed_and_opened_shows_the_same()
    {
        await Journal.AppendAsync(
            Batch([.. Rows("ann", 1, 3)]) with { Customers = [New("ann")], Secrets = [Secret("ann")] }, Cancel);
        await Store.Projection.WriteAsync([Snapshot("ann", 3)], 3, Cancel);
        var before = await Journal.ReadFeedAsync(0, 10, Cancel);
        await ReopenAsync();
        AssertSame(before, await Journal.ReadFeedAsync(0, 10, Cancel));
        Assert.Equal("id of ann", (await Store.Registry.ReadIdsAsync([Customer("ann")], Cancel))[Customer("ann")]);
        Assert.NotNull(await Store.Registry.ReadSecretAsync(Customer("ann"), Cancel));
        Assert.Equal(3, await Store.Projection.ReadWatermarkAsync(Cancel));
        Assert.Equal(4, (await AppendAsync(Row("ann", 4))).FirstPosition);
    }

    [Fact]
    public async Task The_epoch_is_the_stores_own_and_stays()
    {
        var epoch = await Journal.ReadEpochAsync(Cancel);
        Assert.NotEqual(default, epoch);
        await AppendAsync(Row("ann", 1));
        await ReopenAsync();
        Assert.Equal(epoch, await Journal.ReadEpochAsync(Cancel));
    }

    [Fact]
    public async Task A_megabyte_of_body_comes_back_whole()
    {
        var row = Rows("ann", 1, 1, bodyBytes: 1 << 20)[0];
        await AppendAsync(row);
        AssertSame([row with { Position = 1 }], await Journal.ReadAsync(Customer("ann"), 1, 1, Cancel));
    }

    [Fact]
    public async Task A_part_of_an_array_as_body_is_stored_as_that_part()
    {
        var bytes = new byte[] { 1, 2, 3, 4, 5 };
        await AppendAsync(Row("ann", 1) with { Body = bytes.AsMemory(1, 3) });
        Assert.Equal([2, 3, 4], (await Journal.ReadFeedAsync(0, 1, Cancel))[0].Body.ToArray());
    }

    [Fact]
    public async Task A_cancelled_append_writes_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Journal.AppendAsync(Batch(Row("ann", 1)), new CancellationToken(canceled: true)));
        Assert.Equal(0, await Journal.ReadHeadAsync(Cancel));
        Assert.Equal(1, (await AppendAsync(Row("ann", 1))).FirstPosition);
    }

    [Fact]
    public async Task The_owner_confirms_its_ownership() =>
        Assert.True((await Store.ConfirmOwnershipAsync(Cancel)).Held);

    protected Task<AppendResult> AppendAsync(params IEnumerable<JournalRow> rows) =>
        Journal.AppendAsync(Batch(rows), Cancel);

    protected static void AssertSame(IReadOnlyList<JournalRow> expected, IReadOnlyList<JournalRow> found)
    {
        var nothing = ReadOnlyMemory<byte>.Empty;
        Assert.Equal(expected.Select(r => r with { Body = nothing }), found.Select(r => r with { Body = nothing }));
        Assert.Equal(expected.Select(r => r.Body.ToArray()), found.Select(r => r.Body.ToArray()));
    }
}
