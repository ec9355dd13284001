using System.Collections.Immutable;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Codec;

/// <summary>The stored form of a <see cref="Head"/>: what the <c>state</c> column of <c>customers</c> holds.</summary>
public static class SnapshotCodec
{
    private const byte Version = 1;

    public static byte[] Encode(Head head)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Flag(head.Historical);
        writer.Time(head.Recent.EvictedUntil);
        writer.Count(head.Recent.Keys.Length);
        foreach (var recent in head.Recent.Keys)
        {
            writer.Hash(recent.Key);
            writer.Signed(recent.Seq);
            writer.Time(recent.OccurredAt);
        }

        writer.Bytes(StateCodec.Encode(head.State));
        return writer.ToArray();
    }

    /// <exception cref="CodecException">Another version, or damaged: fold the journal instead.</exception>
    public static Head Decode(CustomerRow row)
    {
        var reader = new ByteReader(row.State.Span);
        if (reader.Byte() != Version) throw new CodecException("A snapshot of another format.");
        var historical = reader.Flag();
        var evicted = reader.Time();
        var keys = ImmutableArray.CreateBuilder<RecentKey>(reader.Count());
        for (var i = keys.Capacity; i > 0; i--) keys.Add(new(reader.Hash(), reader.Signed(), reader.Time()));
        var state = StateCodec.Decode(reader.Bytes());
        if (state.Seq != row.Seq) throw new CodecException("A snapshot says another seq than its row.");
        return new(state, row.Hash, row.RecordedAt, historical, new(keys.MoveToImmutable(), evicted));
    }
}
