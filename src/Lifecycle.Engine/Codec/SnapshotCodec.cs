using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
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
        // Before the other writer is taken: a thread keeps one.
        var state = StateCodec.Encode(head.State);
        using var writer = ByteWriter.Rent();
        WriteBeside(writer, head);
        writer.Bytes(state);
        writer.Hash(SumOf(customer, head.Hash, writer.Written));
        return writer.ToArray();
    }

    /// <summary>
    /// The form in which a head rests in memory: what the row of a snapshot has in other columns first, and at the end
    /// no hash of itself, for no disk comes between.
    /// </summary>
    internal static byte[] Pack(Head head)
    {
        using var writer = ByteWriter.Rent();
        writer.Hash(head.Hash);
        writer.Signed(head.Position);
        WriteBeside(writer, head);
        StateCodec.Write(writer, head.State);
        return writer.ToArray();
    }

    /// <summary>The head that was packed.</summary>
    internal static Head Unpack(ReadOnlySpan<byte> packed)
    {
        var reader = new ByteReader(packed);
        var (hash, position) = (reader.Hash(), reader.Signed());
        var (historical, recordedAt, recent) = ReadBeside(ref reader);
        return new(StateCodec.Decode(reader.Rest()), hash, recordedAt, historical, recent) { Position = position };
    }

    /// <summary>The form in which a head rests anywhere else: packed, with a hash of itself and the customer.</summary>
    internal static byte[] Seal(CustomerKey customer, Head head)
    {
        var packed = Pack(head);
        var sealedBytes = new byte[packed.Length + Hash16.Size];
        packed.CopyTo(sealedBytes, 0);
        SumOf(customer, head.Hash, packed).Write(sealedBytes.AsSpan(packed.Length));
        return sealedBytes;
    }

    /// <summary>Null for one that is damaged, another customer's or of another format.</summary>
    internal static Head? Unseal(CustomerKey customer, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= 2 * Hash16.Size) return null;
        var packed = bytes[..^Hash16.Size];
        if (Hash16.Read(bytes[^Hash16.Size..]) != SumOf(customer, Hash16.Read(packed), packed)) return null;
        try
        {
            return Unpack(packed);
        }
        catch (CodecException)
        {
            return null;
        }
    }

    /// <summary>The snapshot is of the version that is written; one of another is no error but of no use.</summary>
    public static bool IsCurrent(CustomerRow row) => row.State.Length > 0 && row.State.Span[0] == Version;

    /// <exception cref="CodecException">Another version, or damaged: fold the journal instead.</exception>
    public static Head Decode(CustomerRow row)
    {
        var reader = new ByteReader(Proven(row.Stored));
        var (historical, recordedAt, recent) = ReadBeside(ref reader);
        return new(StateOf(reader.Bytes(), row.Seq), row.Hash, recordedAt, historical, recent);
    }

    /// <summary>The state of <see cref="Decode"/>, without what only an actor needs.</summary>
    /// <exception cref="CodecException">As there.</exception>
    public static CustomerState DecodeState(StoredState stored)
    {
        var reader = new ByteReader(Proven(stored));
        reader.Byte();
        reader.Flag();
        reader.Time();
        reader.Time();
        for (var i = reader.Count(); i > 0; i--)
        {
            reader.Hash();
            reader.Signed();
            reader.Time();
        }

        return StateOf(reader.Bytes(), stored.Seq);
    }

    /// <summary>What an actor needs beside the state.</summary>
    private static void WriteBeside(ByteWriter writer, Head head)
    {
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
    }

    private static (bool Historical, Instant RecordedAt, RecentKeys Recent) ReadBeside(ref ByteReader reader)
    {
        if (reader.Byte() != Version) throw new CodecException("A snapshot of another format.");
        var historical = reader.Flag();
        var recordedAt = reader.Time();
        var evicted = reader.Time();
        var keys = ImmutableArray.CreateBuilder<RecentKey>(reader.Count());
        for (var i = keys.Capacity; i > 0; i--) keys.Add(new(reader.Hash(), reader.Signed(), reader.Time()));
        return (historical, recordedAt, new(keys.MoveToImmutable(), evicted));
    }

    private static CustomerState StateOf(ReadOnlySpan<byte> bytes, long seq)
    {
        var state = StateCodec.Decode(bytes);
        return state.Seq == seq ? state : throw new CodecException("A snapshot says another seq than its row.");
    }

    /// <summary>All but the hash, which is right.</summary>
    private static ReadOnlySpan<byte> Proven(StoredState stored)
    {
        var bytes = stored.State.Span;
        if (bytes.Length <= Hash16.Size || bytes[0] != Version)
            throw new CodecException("A snapshot of another format.");
        var proven = bytes[..^Hash16.Size];
        return Hash16.Read(bytes[^Hash16.Size..]) == SumOf(stored.Customer, stored.Hash, proven)
            ? proven
            : throw new CodecException("A snapshot is not what was hashed.");
    }

    private static Hash16 SumOf(CustomerKey customer, Hash16 entry, ReadOnlySpan<byte> bytes)
    {
        Span<byte> of = stackalloc byte[2 * Hash16.Size];
        customer.Value.Write(of);
        entry.Write(of[Hash16.Size..]);
        return Sha256.Of(of, bytes);
    }
}
