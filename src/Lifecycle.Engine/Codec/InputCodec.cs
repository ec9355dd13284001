using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Codec;

/// <summary>The stored forms of inputs, without their private part. A tag is for ever.</summary>
internal static class InputCodec
{
    private const byte TickTag = 0;
    private const byte EventTag = 1;
    private const byte RedeemTag = 2;
    private const byte AdjustTag = 3;
    private const byte MergeTag = 4;
    private const byte JoinTag = 5;
    private const byte UnmergeTag = 6;
    private const byte RejoinTag = 7;
    private const byte SettleTag = 8;

    [Flags]
    private enum ItemFlags : byte
    {
        None = 0,
        Category = 1,
        Line = 2,
        Grade = 4,
        Discount = 8,
        Cost = 16,
    }

    public static void Write(ByteWriter writer, Input input)
    {
        switch (input)
        {
            case Input.Tick:
                writer.Byte(TickTag);
                return;
            case Input.Event taken:
                writer.Byte(EventTag);
                WriteName(writer, input);
                writer.Text(taken.Type);
                WriteData(writer, taken.Data);
                return;
            case Input.RedeemPoints redeem:
                writer.Byte(RedeemTag);
                WriteName(writer, input);
                writer.Signed(redeem.Points);
                writer.OptionalText(redeem.Reference);
                return;
            case Input.AdjustPoints adjust:
                writer.Byte(AdjustTag);
                WriteName(writer, input);
                writer.Signed(adjust.Points);
                writer.Text(adjust.Reason);
                return;
            case Input.Merge merge:
                writer.Byte(MergeTag);
                WriteName(writer, input);
                writer.Hash(merge.Into);
                return;
            case Input.Join join:
                writer.Byte(JoinTag);
                WriteName(writer, input);
                writer.Hash(join.From);
                writer.Signed(join.Seq);
                return;
            case Input.Unmerge unmerge:
                writer.Byte(UnmergeTag);
                WriteName(writer, input);
                writer.Hash(unmerge.Alias);
                return;
            case Input.Rejoin rejoin:
                writer.Byte(RejoinTag);
                WriteName(writer, input);
                writer.Hash(rejoin.From);
                writer.Signed(rejoin.Seq);
                return;
            case Input.Settle settle:
                writer.Byte(SettleTag);
                WriteName(writer, input);
                writer.Signed(settle.Seq);
                return;
            default:
                throw new UnreachableException($"Input {input.GetType().Name} has no stored form.");
        }
    }

    /// <summary>Whether what follows is a tick; nothing of it is read but that.</summary>
    public static bool IsTick(ref ByteReader reader) => reader.Byte() == TickTag;

    public static Input Read(ref ByteReader reader, Instant occurredAt)
    {
        var tag = reader.Byte();
        if (tag == TickTag) return Input.Tick.At(occurredAt);
        var source = reader.Name();
        var id = reader.Text();
        return tag switch
        {
            EventTag => new Input.Event(reader.Name(), ReadData(ref reader))
            {
                Source = source, Id = id, OccurredAt = occurredAt,
            },
            RedeemTag => new Input.RedeemPoints(reader.Signed(), reader.OptionalText(), null)
            {
                Source = source, Id = id, OccurredAt = occurredAt,
            },
            AdjustTag => new Input.AdjustPoints(reader.Signed(), reader.Text(), null)
            {
                Source = source, Id = id, OccurredAt = occurredAt,
            },
            MergeTag => new Input.Merge(reader.Hash()) { Source = source, Id = id, OccurredAt = occurredAt },
            JoinTag => new Input.Join(reader.Hash(), reader.Signed())
            {
                Source = source, Id = id, OccurredAt = occurredAt,
            },
            UnmergeTag => new Input.Unmerge(reader.Hash()) { Source = source, Id = id, OccurredAt = occurredAt },
            RejoinTag => new Input.Rejoin(reader.Hash(), reader.Signed())
            {
                Source = source, Id = id, OccurredAt = occurredAt,
            },
            SettleTag => new Input.Settle(reader.Signed()) { Source = source, Id = id, OccurredAt = occurredAt },
            _ => throw new CodecException($"Input tag {tag} is not known."),
        };
    }

    /// <summary>The part of an input that is stored only sealed: a JSON object, empty when there is nothing.</summary>
    public static ReadOnlyMemory<byte> PrivateOf(Input input) => input switch
    {
        Input.Event taken => taken.Data.Private,
        Input.RedeemPoints { Note: { } note } => NoteDocument(note),
        Input.AdjustPoints { Note: { } note } => NoteDocument(note),
        _ => default,
    };

    /// <summary>The input with its private part back in place.</summary>
    public static Input WithPrivate(Input input, ReadOnlyMemory<byte> plain) => input switch
    {
        Input.Event taken => taken with { Data = taken.Data with { Private = plain } },
        Input.RedeemPoints redeem => redeem with { Note = NoteOf(plain) },
        Input.AdjustPoints adjust => adjust with { Note = NoteOf(plain) },
        _ => input,
    };

    private static ReadOnlyMemory<byte> NoteDocument(string note)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("note", note);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static string? NoteOf(ReadOnlyMemory<byte> plain)
    {
        using var document = JsonDocument.Parse(plain);
        return document.RootElement.GetProperty("note").GetString();
    }

    private static void WriteName(ByteWriter writer, Input input)
    {
        writer.Text(input.Source);
        writer.Text(input.Id);
    }

    private static void WriteData(ByteWriter writer, EventData data)
    {
        writer.Count(data.Fields.Length);
        foreach (var value in data.Fields)
        {
            writer.Byte(value.Field.Id);
            if (value.Field.Kind is FieldKind.Text or FieldKind.Json) writer.Text(value.Text ?? "");
            else if (value.Field.Kind == FieldKind.Number) writer.Decimal(value.Number);
            else writer.Signed(value.Integer);
        }

        writer.Count(data.Items.Length);
        foreach (var item in data.Items) WriteItem(writer, item);
    }

    private static EventData ReadData(ref ByteReader reader)
    {
        var fields = ImmutableArray.CreateBuilder<FieldValue>(reader.Count());
        for (var i = fields.Capacity; i > 0; i--)
        {
            var id = reader.Byte();
            if (!EventSchema.Fields.TryGetValue(id, out var field))
                throw new CodecException($"Field {id} is not known.");
            fields.Add(field.Kind switch
            {
                FieldKind.Text or FieldKind.Json => new(field, Text: reader.Text()),
                FieldKind.Number => new(field, Number: reader.Decimal()),
                _ => new(field, Integer: reader.Signed()),
            });
        }

        var items = ImmutableArray.CreateBuilder<OrderItem>(reader.Count());
        for (var i = items.Capacity; i > 0; i--) items.Add(ReadItem(ref reader));
        return new(fields.MoveToImmutable(), items.MoveToImmutable(), default);
    }

    private static void WriteItem(ByteWriter writer, OrderItem item)
    {
        var flags = (item.Category.Length > 0 ? ItemFlags.Category : 0) | (item.Line.Length > 0 ? ItemFlags.Line : 0) |
                    (item.Grade.Length > 0 ? ItemFlags.Grade : 0) | (item.DiscountMinor != 0 ? ItemFlags.Discount : 0) |
                    (item.CostMinor != 0 ? ItemFlags.Cost : 0);
        writer.Byte((byte)flags);
        writer.Text(item.Sku);
        writer.Signed(item.Quantity);
        writer.Signed(item.AmountMinor);
        if ((flags & ItemFlags.Category) != 0) writer.Text(item.Category);
        if ((flags & ItemFlags.Line) != 0) writer.Text(item.Line);
        if ((flags & ItemFlags.Grade) != 0) writer.Text(item.Grade);
        if ((flags & ItemFlags.Discount) != 0) writer.Signed(item.DiscountMinor);
        if ((flags & ItemFlags.Cost) != 0) writer.Signed(item.CostMinor);
    }

    private static OrderItem ReadItem(ref ByteReader reader)
    {
        var flags = (ItemFlags)reader.Byte();
        return new()
        {
            Sku = reader.Text(),
            Quantity = reader.Signed(),
            AmountMinor = reader.Signed(),
            Category = (flags & ItemFlags.Category) != 0 ? reader.Name() : "",
            Line = (flags & ItemFlags.Line) != 0 ? reader.Name() : "",
            Grade = (flags & ItemFlags.Grade) != 0 ? reader.Name() : "",
            DiscountMinor = (flags & ItemFlags.Discount) != 0 ? reader.Signed() : 0,
            CostMinor = (flags & ItemFlags.Cost) != 0 ? reader.Signed() : 0,
        };
    }
}
