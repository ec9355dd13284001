using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// The stored form of a <see cref="Head"/>: what the <c>state</c> column of <c>customers</c> holds. It ends with a hash
/// of itself, the customer and the entry's hash: decisions build on it without folding the journal, so a flipped bit
/// must not become a balance.
/// </summary>
public static class SnapshotCodec
{
    private const byte Version = 3;

    public static byte[] Encode(CustomerKey customer, Head head)
    {
        using var writer = ByteWriter.Rent();
        writer.Byte(Version);
        writer.Flag(head.Historical);
        writer.Time(head.RecordedAt);
        writer.Time(head.Recent.EvictedUntil);
        writer.Count(head.Recent.Keys.Length);
        foreach (var recent in head.Recent.Keys)
        {
            writer.Hash(recent.Key);
            writer.Signed(recent.Seq);
            writer.Time(recent.OccurredAt);
        }

        writer.Bytes(StateCodec.Encode(head.State));
        writer.Hash(SumOf(customer, head.Hash, writer.Written));
        return writer.ToArray();
    }

    /// <summary>The snapshot is of the version that is written; one of another is no error but of no use.</summary>
    public static bool IsCurrent(CustomerRow row) => row.State.Length > 0 && row.State.Span[0] == Version;

    /// <exception cref="CodecException">Another version, or damaged: fold the journal instead.</exception>
    public static Head Decode(CustomerRow row)
    {
        if (!IsCurrent(row) || row.State.Length <= Hash16.Size)
            throw new CodecException("A snapshot of another format.");
        var bytes = row.State.Span[..^Hash16.Size];
        if (Hash16.Read(row.State.Span[^Hash16.Size..]) != SumOf(row.Customer, row.Hash, bytes))
            throw new CodecException("A snapshot is not what was hashed.");
        var reader = new ByteReader(bytes);
        reader.Byte();
        var historical = reader.Flag();
        var recordedAt = reader.Time();
        var evicted = reader.Time();
        var keys = ImmutableArray.CreateBuilder<RecentKey>(reader.Count());
        for (var i = keys.Capacity; i > 0; i--) keys.Add(new(reader.Hash(), reader.Signed(), reader.Time()));
        var state = StateCodec.Decode(reader.Bytes());
        if (state.Seq != row.Seq) throw new CodecException("A snapshot says another seq than its row.");
        return new(state, row.Hash, recordedAt, historical, new(keys.MoveToImmutable(), evicted));
    }

    private static Hash16 SumOf(CustomerKey customer, Hash16 entry, ReadOnlySpan<byte> bytes)
    {
        Span<byte> of = stackalloc byte[2 * Hash16.Size];
        customer.Value.Write(of);
        entry.Write(of[Hash16.Size..]);
        return Sha256.Of(of, bytes);
    }
}
