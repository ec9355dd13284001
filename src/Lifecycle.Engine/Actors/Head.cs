using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// A customer folded up to an entry: the state that decisions read, and what the journal needs to go on from it.
/// </summary>
/// <param name="Hash">The last entry's: the next one builds on it.</param>
/// <param name="RecordedAt">When the last entry was taken in.</param>
/// <param name="Historical">The last input was part of a back-fill.</param>
public sealed record Head(
    CustomerState State, Hash16 Hash, Instant RecordedAt, bool Historical, RecentKeys Recent)
{
    public static readonly Head Empty =
        new(CustomerState.Empty, Hash16.Zero, Instant.Earliest, false, RecentKeys.None);

    public long Seq => State.Seq;

    /// <summary>The last entry's place in commit order; 0 while that is not known.</summary>
    public long Position { get; init; }

    /// <summary>The head after one more entry.</summary>
    /// <param name="position">The entry's place in commit order; 0 before it is committed.</param>
    public Head Append(Entry entry, Hash16 hash, long position) =>
        Append(entry, Evolver.Evolve(State, entry), hash, position);

    /// <summary>The same with a state that has the entry already.</summary>
    internal Head Append(Entry entry, CustomerState state, Hash16 hash, long position) => new(
        state, hash, entry.RecordedAt, entry.Historical,
        Recent.With(entry.EventKey, entry.Seq, entry.OccurredAt, entry.Effects))
    {
        Position = position,
    };

    /// <summary>The head after a stored row that follows it.</summary>
    internal Head Append(JournalRow row)
    {
        var (fold, historical) = EntryCodec.DecodeFold(row);
        return new(
            Evolver.Evolve(State, fold), row.Hash, row.RecordedAt, historical,
            Recent.With(row.EventKey, row.Seq, row.OccurredAt, fold.Effects))
        {
            Position = row.Position,
        };
    }
}

/// <summary>
/// The keys of the last inputs. An input that occurred after everything that left the ring is either in it or new, so
/// the usual one needs no look-up.
/// </summary>
public sealed record RecentKeys(ImmutableArray<RecentKey> Keys, Instant EvictedUntil)
{
    /// <summary>Inputs remembered: covers a redelivered batch of one customer, at 32 bytes each.</summary>
    public const int KeysMax = 8;

    public static readonly RecentKeys None = new([], Instant.Earliest);

    public long? Find(Hash16 key)
    {
        foreach (var recent in Keys)
            if (recent.Key == key) return recent.Seq;
        return null;
    }

    /// <summary>An input that is not in the ring and occurred then can have been seen before.</summary>
    public bool MayHaveForgotten(Instant occurredAt) => occurredAt <= EvictedUntil;

    /// <summary>With what an entry is known by, and what another journal has seen that joined with it.</summary>
    internal RecentKeys With(Hash16? key, long seq, Instant occurredAt, ImmutableArray<Effect> effects)
    {
        if (key is not { } input) return this;
        var until = EvictedUntil;
        foreach (var effect in effects)
        {
            if (effect is Effect.Joined joined) until = Instant.Max(until, joined.SeenUntil);
            else if (effect is Effect.Rejoined rejoined) until = Instant.Max(until, rejoined.SeenUntil);
        }

        var left = Keys.Length == KeysMax ? 1 : 0;
        if (left == 1) until = Instant.Max(until, Keys[0].OccurredAt);
        var keys = new RecentKey[Keys.Length - left + 1];
        Keys.AsSpan()[left..].CopyTo(keys);
        keys[^1] = new(input, seq, occurredAt);
        return new(ImmutableCollectionsMarshal.AsImmutableArray(keys), until);
    }
}

public readonly record struct RecentKey(Hash16 Key, long Seq, Instant OccurredAt);

/// <summary>
/// The hash chain: an entry's hash covers its predecessor's hash and every stored byte of its own, so nothing can be
/// changed, taken out or built on another history without being noticed.
/// </summary>
public static class Chain
{
    private const int FixedSize = Hash16.Size + Hash16.Size + 8 + 1 + Hash16.Size + 3 * 8;

    public static Hash16 HashOf(JournalRow row) => HashOf(
        row.Prev, row.Customer, row.Seq, row.EventKey, row.OccurredAt, row.RecordedAt, row.At, row.Body.Span);

    internal static Hash16 HashOf(
        Hash16 prev, CustomerKey customer, long seq, Hash16? eventKey, Instant occurredAt, Instant recordedAt,
        Instant at, ReadOnlySpan<byte> body)
    {
        Span<byte> columns = stackalloc byte[FixedSize];
        prev.Write(columns);
        customer.Value.Write(columns[16..]);
        BinaryPrimitives.WriteInt64BigEndian(columns[32..], seq);
        columns[40] = eventKey is null ? (byte)0 : (byte)1;
        (eventKey ?? Hash16.Zero).Write(columns[41..]);
        BinaryPrimitives.WriteInt64BigEndian(columns[57..], occurredAt.Micros);
        BinaryPrimitives.WriteInt64BigEndian(columns[65..], recordedAt.Micros);
        BinaryPrimitives.WriteInt64BigEndian(columns[73..], at.Micros);
        return Sha256.Of(columns, body);
    }

    /// <summary>The head after a stored row.</summary>
    /// <exception cref="CodecException">The row does not follow the head, is not what was hashed, or cannot be
    /// folded.</exception>
    public static Head Follow(Head head, JournalRow row)
    {
        Check(head, row);
        try
        {
            return head.Append(row);
        }
        catch (Exception e) when (e is not CodecException)
        {
            // Bytes that are whole and still cannot be folded are a bug of ours: it stops this customer and no other.
            throw new CodecException($"Entry {row.Seq} cannot be folded: {e.Message}", e);
        }
    }

    /// <summary>That a stored row follows the head and is what was hashed.</summary>
    /// <exception cref="CodecException">It does not, or is not.</exception>
    public static void Check(Head head, JournalRow row)
    {
        if (row.Seq != head.Seq + 1) throw new CodecException($"Entry {row.Seq} follows entry {head.Seq}.");
        if (row.Prev != head.Hash) throw new CodecException($"Entry {row.Seq} builds on another predecessor.");
        if (HashOf(row) != row.Hash) throw new CodecException($"Entry {row.Seq} is not what was hashed.");
    }
}
