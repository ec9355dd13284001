using System.Buffers.Binary;
using System.Numerics;
using Lifecycle.Domain.Customers;

namespace Lifecycle.Domain.Metrics;

/// <summary>Reads numbers of seven bits a byte out of memory of this process; nothing stored comes here.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public byte Byte()
    {
        var value = Rest[0];
        Rest = Rest[1..];
        return value;
    }

    public ulong Unsigned()
    {
        var rest = Rest;
        ulong value = rest[0];
        var length = 1;
        if (value >= 0x80)
        {
            value &= 0x7f;
            for (var shift = 7; ; shift += 7)
            {
                var b = rest[length++];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80) break;
            }
        }

        Rest = rest[length..];
        return value;
    }

    public long Signed() => Unsigned() is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;
}

/// <summary>Writes them: into the caller's buffer, and a larger one once that is full.</summary>
internal ref struct PackedWriter(Span<byte> buffer)
{
    private Span<byte> _buffer = buffer;
    private int _length;

    public void Fixed(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(int)), value);
        _length += sizeof(int);
    }

    public void Unsigned(ulong value)
    {
        var target = Reserve(10);
        var length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        _length += length;
    }

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>A bit for each total that is not zero, then these.</summary>
    public void Totals(WindowTotals totals)
    {
        ReadOnlySpan<long> columns =
        [
            totals.Orders, totals.SpendMinor, totals.Units, totals.Returns, totals.Visits, totals.Views,
            totals.Searches, totals.DiscountMinor,
        ];
        var bits = 0u;
        for (var i = 0; i < columns.Length; i++)
            if (columns[i] != 0) bits |= 1u << i;
        Reserve(1)[0] = (byte)bits;
        _length++;
        for (; bits != 0; bits &= bits - 1) Signed(columns[BitOperations.TrailingZeroCount(bits)]);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    public readonly byte[] Finish() => _buffer[.._length].ToArray();

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _length < length)
        {
            var larger = new byte[Math.Max(2 * _buffer.Length, _length + length)];
            _buffer[.._length].CopyTo(larger);
            _buffer = larger;
        }

        return _buffer[_length..];
    }
}
