using System.Buffers;
using System.Buffers.Binary;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Postgres.Journal;

/// <summary>
/// Rows in the server's binary COPY format, written by hand into one pooled array: nothing is allocated for a row.
/// </summary>
internal sealed class CopyBuffer : IDisposable
{
    /// <summary>As much is sent at once: the server begins with the first rows while the next are encoded.</summary>
    private const int SendBytes = 256 << 10;

    private const int UuidBytes = sizeof(int) + Hash16.Size;
    private const int NumberBytes = sizeof(int) + sizeof(long);

    /// <summary>Everything of a row but what has no fixed length, or more.</summary>
    private const int FixedBytesMax = 512;

    // The signature, no flags, no extension of the header.
    private static ReadOnlySpan<byte> Header =>
        [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', 10, 255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(SendBytes + (SendBytes >> 2));
    private int _length;

    public bool IsFull => _length >= SendBytes;

    /// <summary>What was written since the last call; valid until the next row is written.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var taken = _bytes.AsMemory(0, _length);
        _length = 0;
        return taken;
    }

    /// <summary>What a copy begins with.</summary>
    public void Begin()
    {
        _length = 0;
        Header.CopyTo(Next(Header.Length));
    }

    public void End() => BinaryPrimitives.WriteInt16BigEndian(Next(sizeof(short)), -1);

    /// <param name="columns">How many follow.</param>
    /// <param name="bytes">The length of what has no fixed one.</param>
    public void BeginRow(short columns, int bytes = 0)
    {
        var needed = _length + FixedBytesMax + bytes;
        if (needed > _bytes.Length) Grow(needed);
        BinaryPrimitives.WriteInt16BigEndian(Next(sizeof(short)), columns);
    }

    public void Write(Hash16 value)
    {
        var span = Next(UuidBytes);
        BinaryPrimitives.WriteInt32BigEndian(span, Hash16.Size);
        value.Write(span[sizeof(int)..]);
    }

    public void Write(Hash16? value)
    {
        if (value is { } hash) Write(hash);
        else WriteNull();
    }

    public void Write(long value)
    {
        var span = Next(NumberBytes);
        BinaryPrimitives.WriteInt32BigEndian(span, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(span[sizeof(int)..], value);
    }

    public void Write(int value)
    {
        var span = Next(sizeof(int) + sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(span, sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(span[sizeof(int)..], value);
    }

    public void Write(Instant value) => Write(value.ToServer());

    public void Write(Instant? value)
    {
        if (value is { } instant) Write(instant);
        else WriteNull();
    }

    public void Write(ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), value.Length);
        value.CopyTo(Next(value.Length));
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void WriteNull() => BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), -1);

    private Span<byte> Next(int length)
    {
        var span = _bytes.AsSpan(_length, length);
        _length += length;
        return span;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length + (_bytes.Length >> 1)));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
