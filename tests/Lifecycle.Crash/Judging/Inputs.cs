namespace Lifecycle.Crash.Judging;

/// <summary>What an input is.</summary>
public enum InputKind
{
    Order, Return, Visit, Redeem, Adjust,
}

/// <summary>What makes an input one, for ever: whom it was addressed to, from where, and its own id.</summary>
public readonly record struct InputKey(string Customer, string Source, string Id);

/// <summary>An input as a writer sends it, the same each time.</summary>
/// <param name="Points">Of an order and its returns what they are worth in points; of a command its points.</param>
/// <param name="Order">The order, of an order and its returns.</param>
public sealed record SentInput(InputKey Key, InputKind Kind, long Points, string Order = "");

/// <summary>Points of a customer.</summary>
public readonly record struct Balances(long Available, long Pending, long Held);

/// <summary>What the server acknowledged.</summary>
/// <param name="Version">The entry that it named.</param>
/// <param name="After">The balances of the receipt; null of a refusal, which tells none.</param>
public sealed record Told(long Version, Balances? After)
{
    /// <summary>A command that was refused: an entry that moves nothing.</summary>
    public bool IsRefusal => After is null;
}

/// <summary>An entry of the journal as the feed shows it.</summary>
/// <param name="Points">As the entry has them; null where it has none.</param>
public sealed record JournalEntry(
    long Position, string Customer, long Seq, string Source, string Id, InputKind? Kind, long? Points, bool IsRefusal,
    Balances After);
