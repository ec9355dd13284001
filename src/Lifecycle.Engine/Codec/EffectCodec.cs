using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Stages;
using ActivityKind = Lifecycle.Domain.Metrics.ActivityKind;

namespace Lifecycle.Engine.Codec;

/// <summary>The stored forms of effects. A tag is for ever.</summary>
internal static class EffectCodec
{
    /// <summary>Every case of <see cref="Effect"/> with its tag.</summary>
    public static readonly FrozenDictionary<Type, byte> Tags = new Dictionary<Type, byte>
    {
        [typeof(Effect.PointsMoved)] = 1,
        [typeof(Effect.StageChanged)] = 2,
        [typeof(Effect.OrderCounted)] = 3,
        [typeof(Effect.ReturnMatched)] = 4,
        [typeof(Effect.ReturnCounted)] = 5,
        [typeof(Effect.ReturnAwaited)] = 6,
        [typeof(Effect.ReturnReleased)] = 7,
        [typeof(Effect.ReturnUnmatched)] = 8,
        [typeof(Effect.ActivityCounted)] = 9,
        [typeof(Effect.Refused)] = 10,
        [typeof(Effect.Left)] = 11,
        [typeof(Effect.Joined)] = 12,
        [typeof(Effect.Split)] = 13,
        [typeof(Effect.Rejoined)] = 14,
        [typeof(Effect.Settled)] = 15,
    }.ToFrozenDictionary();

    public static void Write(ByteWriter writer, Effect effect)
    {
        writer.Byte(Tags[effect.GetType()]);
        switch (effect)
        {
            case Effect.PointsMoved moved:
                writer.Byte((byte)((byte)moved.Debit << 4 | (byte)moved.Credit));
                writer.Signed(moved.Points);
                writer.Time(moved.Lot.AvailableAt);
                writer.Time(moved.Lot.ExpiresAt);
                writer.Text(moved.Cause);
                writer.Text(moved.Rule);
                writer.Flag(moved.Order is not null);
                if (moved.Order is { } of) writer.Fixed(of.Value);
                break;
            case Effect.StageChanged changed:
                writer.Text(changed.From);
                writer.Text(changed.To);
                writer.Byte((byte)changed.Role);
                writer.Text(changed.Reason);
                break;
            case Effect.OrderCounted order:
                writer.Fixed(order.Order.Value);
                writer.Time(order.OccurredAt);
                writer.Signed(order.Day);
                writer.Signed(order.GrossMinor);
                writer.Signed(order.NetMinor);
                writer.Signed(order.DiscountMinor);
                writer.Signed(order.Units);
                writer.Flag(order.Counts);
                writer.Time(order.OpenUntil);
                writer.Fixed((ulong)(order.Skus >> 64));
                writer.Fixed((ulong)order.Skus);
                break;
            case Effect.ReturnMatched matched:
                WriteReturn(writer, matched);
                break;
            case Effect.ReturnCounted returned:
                writer.Time(returned.OccurredAt);
                break;
            case Effect.ReturnAwaited awaited:
                writer.Fixed(awaited.Order.Value);
                break;
            case Effect.ReturnReleased released:
                writer.Fixed(released.Order.Value);
                writer.Signed(released.ReturnSeq);
                break;
            case Effect.ReturnUnmatched unmatched:
                writer.Signed(unmatched.AmountMinor);
                writer.Signed(unmatched.Units);
                break;
            case Effect.ActivityCounted activity:
                writer.Byte((byte)activity.Kind);
                writer.Time(activity.OccurredAt);
                break;
            case Effect.Refused refused:
                writer.Text(refused.Code);
                writer.Text(refused.Detail);
                break;
            case Effect.Left or Effect.Joined or Effect.Split or Effect.Rejoined:
                WriteParts(writer, effect);
                break;
            case Effect.Settled settled:
                writer.Signed(settled.Seq);
                break;
            default:
                throw new UnreachableException($"Effect {effect.GetType().Name} has no stored form.");
        }
    }

    public static Effect Read(ref ByteReader reader) => reader.Byte() switch
    {
        1 => ReadMove(ref reader),
        2 => new Effect.StageChanged(reader.Name(), reader.Name(), (StageRole)reader.Byte(), reader.Name()),
        3 => new Effect.OrderCounted(
            new(reader.Fixed()), reader.Time(), (int)reader.Signed(), reader.Signed(), reader.Signed(),
            reader.Signed(), reader.Signed(), reader.Flag(), reader.Time(),
            new UInt128(reader.Fixed(), reader.Fixed())),
        4 => ReadReturn(ref reader),
        5 => new Effect.ReturnCounted(reader.Time()),
        6 => new Effect.ReturnAwaited(new(reader.Fixed())),
        7 => new Effect.ReturnReleased(new(reader.Fixed()), reader.Signed()),
        8 => new Effect.ReturnUnmatched(reader.Signed(), reader.Signed()),
        9 => new Effect.ActivityCounted((ActivityKind)reader.Byte(), reader.Time()),
        10 => new Effect.Refused(reader.Text(), reader.Text()),
        11 => new Effect.Left(reader.Hash(), reader.Time(), PartCodec.Read(ref reader)),
        12 => new Effect.Joined(
            reader.Hash(), reader.Signed(), reader.Hash(), reader.Time(), PartCodec.Read(ref reader)),
        13 => new Effect.Split(
            reader.Hash(), reader.Time(), PartCodec.Read(ref reader), PartCodec.Read(ref reader)),
        14 => new Effect.Rejoined(reader.Hash(), reader.Signed(), reader.Time(), PartCodec.Read(ref reader)),
        15 => new Effect.Settled(reader.Signed()),
        var tag => throw new CodecException($"Effect tag {tag} is not known."),
    };

    private static void WriteParts(ByteWriter writer, Effect effect)
    {
        switch (effect)
        {
            case Effect.Left left:
                writer.Hash(left.Into);
                writer.Time(left.SeenUntil);
                PartCodec.Write(writer, left.Part);
                break;
            case Effect.Joined joined:
                writer.Hash(joined.From);
                writer.Signed(joined.Seq);
                writer.Hash(joined.Into);
                writer.Time(joined.SeenUntil);
                PartCodec.Write(writer, joined.Part);
                break;
            case Effect.Split split:
                writer.Hash(split.Alias);
                writer.Time(split.SeenUntil);
                PartCodec.Write(writer, split.Goes);
                PartCodec.Write(writer, split.Stays);
                break;
            case Effect.Rejoined rejoined:
                writer.Hash(rejoined.From);
                writer.Signed(rejoined.Seq);
                writer.Time(rejoined.SeenUntil);
                PartCodec.Write(writer, rejoined.Part);
                break;
        }
    }

    private static Effect.PointsMoved ReadMove(ref ByteReader reader)
    {
        var accounts = reader.Byte();
        return new(
            (Account)(accounts >> 4), (Account)(accounts & 15), reader.Signed(), new(reader.Time(), reader.Time()),
            reader.Name(), reader.Name(), reader.Flag() ? new OrderKey(reader.Fixed()) : null);
    }

    private static void WriteReturn(ByteWriter writer, Effect.ReturnMatched matched)
    {
        writer.Fixed(matched.Order.Value);
        writer.Signed(matched.OrderSeq);
        writer.Time(matched.OrderOccurredAt);
        writer.Signed(matched.Day);
        writer.Signed(matched.GrossMinor);
        writer.Signed(matched.NetMinor);
        writer.Signed(matched.DiscountMinor);
        writer.Signed(matched.Units);
        writer.Flag(matched.Counts);
        writer.Flag(matched.Whole);
        writer.Count(matched.Lines.Length);
        foreach (var line in matched.Lines)
        {
            writer.Signed(line.Index);
            writer.Signed(line.Quantity);
            writer.Signed(line.AmountMinor);
        }
    }

    private static Effect.ReturnMatched ReadReturn(ref ByteReader reader)
    {
        var matched = new Effect.ReturnMatched(
            new(reader.Fixed()), reader.Signed(), reader.Time(), (int)reader.Signed(), reader.Signed(),
            reader.Signed(), reader.Signed(), reader.Signed(), reader.Flag(), reader.Flag(), []);
        var lines = ImmutableArray.CreateBuilder<ReturnedLine>(reader.Count());
        for (var i = lines.Capacity; i > 0; i--)
            lines.Add(new((int)reader.Signed(), reader.Signed(), reader.Signed()));
        return matched with { Lines = lines.MoveToImmutable() };
    }
}
