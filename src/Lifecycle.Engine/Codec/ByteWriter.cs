using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// Writes the stored forms: variable-length integers (7 bits a byte, low first), zig-zag for signed ones.
/// </summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Clear() => _buffer.ResetWrittenCount();

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Unsigned(ulong value)
    {
        var span = _buffer.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }

    public void Count(int value) => Unsigned((ulong)value);

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Time(Instant value) => Signed(value.Micros);

    /// <summary>Eight bytes, big-endian.</summary>
    public void Fixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void Double(double value) => Fixed(BitConverter.DoubleToUInt64Bits(value));

    public void Decimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        foreach (var part in bits) Signed(part);
    }

    public void Hash(Hash16 value)
    {
        value.Write(_buffer.GetSpan(Hash16.Size));
        _buffer.Advance(Hash16.Size);
    }

    /// <summary>UTF-8 with its length. A lone surrogate becomes the replacement character.</summary>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Count(length);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length));
        _buffer.Advance(length);
    }

    public void OptionalText(string? value)
    {
        Flag(value is not null);
        if (value is not null) Text(value);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        _buffer.Write(value);
    }
}
