using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// Writes the stored forms: variable-length integers (7 bits a byte, low first), zig-zag for signed ones.
/// </summary>
internal sealed class ByteWriter : IDisposable
{
    /// <summary>A writer with a larger buffer is not kept for the next use.</summary>
    private const int KeptMax = 1 << 20;

    [ThreadStatic]
    private static ByteWriter? _kept;

    private byte[] _buffer = new byte[512];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public byte[] ToArray() => Written.ToArray();

    public void Clear() => _length = 0;

    /// <summary>An empty writer of this thread; disposing it gives it back.</summary>
    public static ByteWriter Rent()
    {
        var writer = _kept ?? new();
        _kept = null;
        writer.Clear();
        return writer;
    }

    public void Dispose()
    {
        if (_buffer.Length <= KeptMax) _kept = this;
    }

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Unsigned(ulong value)
    {
        if (_buffer.Length - _length < 10) Grow(10);
        var (buffer, at) = (_buffer, _length);
        while (value >= 0x80)
        {
            buffer[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[at++] = (byte)value;
        _length = at;
    }

    public void Count(int value) => Unsigned((ulong)value);

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Time(Instant value) => Signed(value.Micros);

    /// <summary>Eight bytes, big-endian.</summary>
    public void Fixed(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);

    public void Double(double value) => Fixed(BitConverter.DoubleToUInt64Bits(value));

    public void Decimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        foreach (var part in bits) Signed(part);
    }

    public void Hash(Hash16 value) => value.Write(Reserve(Hash16.Size));

    /// <summary>UTF-8 with its length. A lone surrogate becomes the replacement character.</summary>
    public void Text(string value)
    {
        // Most texts are short and of ASCII: their length is one byte, and known once they are written.
        if (value.Length < 0x80 / 3)
        {
            var target = Reserve(1 + value.Length * 3);
            var written = Encoding.UTF8.GetBytes(value, target[1..]);
            target[0] = (byte)written;
            _length -= value.Length * 3 - written;
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Count(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    public void OptionalText(string? value)
    {
        Flag(value is not null);
        if (value is not null) Text(value);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _length < length) Grow(length);
        var span = _buffer.AsSpan(_length, length);
        _length += length;
        return span;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length) =>
        Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(2L * _buffer.Length, (long)_length + length)));
}
