using System.Buffers.Binary;
using System.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. Every method throws <see cref="CodecException"/> on other bytes.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool AtEnd => _at == _bytes.Length;

    private readonly int Left => _bytes.Length - _at;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new CodecException($"A flag is {other}."),
    };

    public ulong Unsigned()
    {
        // Most numbers are small.
        if ((uint)_at < (uint)_bytes.Length && _bytes[_at] < 0x80) return _bytes[_at++];
        var rest = _bytes[_at..];
        var value = 0UL;
        for (var i = 0; i < rest.Length && i < 10; i++)
        {
            var b = rest[i];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b >= 0x80) continue;
            _at += i + 1;
            return value;
        }

        throw new CodecException("A number does not end.");
    }

    /// <summary>A count of things that take at least one byte each.</summary>
    public int Count() => Unsigned() is var count && count <= (ulong)Left
        ? (int)count
        : throw new CodecException($"A count of {count} exceeds the {Left} bytes left.");

    public long Signed() => Unsigned() is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    public Instant Time() => new(Signed());

    public ulong Fixed() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed());

    public decimal Decimal()
    {
        Span<int> bits = stackalloc int[4];
        for (var i = 0; i < bits.Length; i++) bits[i] = (int)Signed();
        try
        {
            return new decimal(bits);
        }
        catch (ArgumentException e)
        {
            throw new CodecException("A decimal number is malformed.", e);
        }
    }

    public Hash16 Hash() => Hash16.Read(Take(Hash16.Size));

    public string Text() => Count() is var length and > 0 ? Encoding.UTF8.GetString(Take(length)) : "";

    /// <summary>A text of which there are few: the name of a stage, a rule, a type.</summary>
    public string Name() => Count() is var length and > 0 ? NamePool.Find(Take(length)) : "";

    public string? OptionalText() => Flag() ? Text() : null;

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> Rest() => Take(Left);

    public void Skip(int length) => Take(length);

    private ReadOnlySpan<byte> Take(int length)
    {
        if (Left < length) throw new CodecException($"{length} bytes are wanted and {Left} are left.");
        var taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }
}

/// <summary>Stored bytes that are not what any version of this code wrote.</summary>
public sealed class CodecException(string message, Exception? inner = null) : Exception(message, inner);
