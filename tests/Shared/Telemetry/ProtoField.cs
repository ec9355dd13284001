using System.Buffers.Binary;
using System.Text;

namespace Lifecycle.Tests.Shared.Telemetry;

/// <summary>A field of a protobuf message: its number, and its bytes where it has a length.</summary>
internal sealed class ProtoField(int number, ulong value, byte[] bytes)
{
    public int Number { get; } = number;

    public string Text => Encoding.UTF8.GetString(Bytes);

    public IReadOnlyList<ProtoField> Fields => Read(Bytes);

    public static IReadOnlyList<ProtoField> Read(byte[] message)
    {
        var fields = new List<ProtoField>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(new(number, Varint(message, ref at), []));
                    break;
                case 1:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), []));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    fields.Add(new(number, 0, message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), []));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Field {number} has the type {tag & 7}.");
            }
        }

        return fields;
    }

    /// <summary>Names and values of attributes; those that are no texts and no numbers are empty.</summary>
    public static Dictionary<string, string> Attributes(IEnumerable<ProtoField> fields, int number = 1)
    {
        var attributes = new Dictionary<string, string>();
        foreach (var pair in fields.Where(field => field.Number == number))
        {
            var held = pair.Inner(2) is [var only, ..] ? only : null;
            attributes[pair.TextOf(1)] = held?.Number switch { 1 => held.Text, 3 => $"{(long)held.Value}", _ => "" };
        }

        return attributes;
    }

    public IEnumerable<ProtoField> All(int number) => Fields.Where(field => field.Number == number);

    /// <summary>The fields of a message within this one.</summary>
    public IReadOnlyList<ProtoField> Inner(int number) => All(number).FirstOrDefault()?.Fields ?? [];

    public string TextOf(int number) => All(number).FirstOrDefault()?.Text ?? "";

    public string Hex(int number) =>
        All(number).FirstOrDefault() is { } field ? Convert.ToHexStringLower(field.Bytes) : "";

    private ulong Value { get; } = value;

    private byte[] Bytes { get; } = bytes;

    private static ulong Varint(byte[] message, ref int at)
    {
        var result = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            result |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return result;
        }
    }
}
