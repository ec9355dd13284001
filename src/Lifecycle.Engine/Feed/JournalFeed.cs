using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Feed;

/// <summary>The journal in commit order: every entry once, from a cursor on, for as long as the reader likes.</summary>
public sealed class JournalFeed(IStore store, CommitSignal commits, Gate gate)
{
    /// <summary>Entries in one page.</summary>
    public const int LimitMax = 1_000;

    /// <summary>How long a read may wait for something new.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The entries after the cursor. When there are none it waits for a commit, at most as long as asked, and then
    /// answers an empty page with the same cursor.
    /// </summary>
    /// <param name="cursor">From an earlier page; null for the beginning.</param>
    /// <param name="limit">1 to <see cref="LimitMax"/>.</param>
    /// <param name="wait">Zero to <see cref="WaitMax"/>.</param>
    /// <exception cref="FeedCursorException">The cursor is malformed or of another epoch.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="UnavailableException">This process has lost its lease on the journal.</exception>
    public async Task<FeedPage> ReadAsync(string? cursor, int limit, TimeSpan wait, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LimitMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wait, WaitMax);
        var start = await StartAsync(cursor, cancel);
        var rows = await RowsAsync(start.Position, limit, cancel);
        if (rows.Count == 0 && wait > TimeSpan.Zero && await commits.WaitBeyondAsync(start.Position, wait, cancel))
            rows = await RowsAsync(start.Position, limit, cancel);
        return await PageAsync(start, rows, cancel);
    }

    /// <summary>A cursor behind the last entry: what is committed from now on.</summary>
    public async Task<string> ReadEndAsync(CancellationToken cancel) => new FeedCursor(
        await store.Journal.ReadEpochAsync(cancel), await store.Journal.ReadHeadAsync(cancel)).ToString();

    private Task<IReadOnlyList<JournalRow>> RowsAsync(long position, int limit, CancellationToken cancel)
    {
        gate.EnsureOpen();
        return store.Journal.ReadFeedAsync(position, limit, cancel);
    }

    private async Task<FeedCursor> StartAsync(string? cursor, CancellationToken cancel)
    {
        var epoch = await store.Journal.ReadEpochAsync(cancel);
        if (cursor is null) return new(epoch, 0);
        var start = FeedCursor.Parse(cursor);
        if (start.Epoch == epoch && start.Position <= await store.Journal.ReadHeadAsync(cancel)) return start;
        throw new FeedCursorException(
            FeedCursorException.OtherEpoch,
            "The cursor is of another history: the journal was restored since. Read from the beginning.");
    }

    private async Task<FeedPage> PageAsync(FeedCursor start, IReadOnlyList<JournalRow> rows, CancellationToken cancel)
    {
        if (rows.Count == 0) return new([], start.ToString());
        var ids = await store.Registry.ReadIdsAsync([.. rows.Select(row => row.Customer).Distinct()], cancel);
        return new(
            [
                .. rows.Select(row => new FeedItem(
                    CursorAt(row), row.Position, row.Customer, ids.GetValueOrDefault(row.Customer), Read(row))),
            ],
            CursorAt(rows[^1]));

        string CursorAt(JournalRow row) => (start with { Position = row.Position }).ToString();
    }

    /// <summary>One damaged entry must not stop everybody's feed: it is passed on as one that cannot be read.</summary>
    private static Entry? Read(JournalRow row)
    {
        try
        {
            return Chain.HashOf(row) == row.Hash ? EntryCodec.Decode(row) : null;
        }
        catch (CodecException)
        {
            return null;
        }
    }
}

/// <param name="Items">In commit order; empty when nothing came within the wait.</param>
/// <param name="Cursor">To read on from, also after an empty page.</param>
public sealed record FeedPage(IReadOnlyList<FeedItem> Items, string Cursor);

/// <param name="Cursor">To read on behind this entry.</param>
/// <param name="Position">Its place in commit order, from 1 without gaps.</param>
/// <param name="Id">The customer's readable id; null once it was erased.</param>
/// <param name="Entry">Null when its stored bytes are damaged; <c>verify</c> names it.</param>
public sealed record FeedItem(string Cursor, long Position, CustomerKey Customer, string? Id, Entry? Entry);
