using Lifecycle.Engine.Feed;
using Lifecycle.Web.Entries;

namespace Lifecycle.Web.Feed;

/// <summary>Entries of all customers in commit order.</summary>
/// <param name="Entries">In commit order; empty when there is nothing new.</param>
/// <param name="Next">To read on from, also when there are no entries.</param>
public sealed record FeedWire(IReadOnlyList<FeedEntryWire> Entries, string Next)
{
    internal static FeedWire Of(FeedPage page) => new([.. page.Items.Select(FeedEntryWire.Of)], page.Cursor);
}

/// <summary>An entry in the feed.</summary>
/// <param name="Cursor">To read on behind this entry.</param>
/// <param name="Position">Its place in commit order, from 1 without gaps.</param>
/// <param name="Customer">Null once the customer was erased.</param>
/// <param name="Entry">As in the customer's own history; null when its stored bytes are damaged.</param>
public sealed record FeedEntryWire(string Cursor, long Position, string? Customer, EntryWire? Entry)
{
    internal static FeedEntryWire Of(FeedItem item) => new(
        item.Cursor, item.Position, item.Id, item.Entry is { } entry ? EntryWire.Of(entry) : null);
}
