using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using Lifecycle.Domain.Time;

namespace Lifecycle.Web.Wire;

/// <summary>
/// JSON straight into a buffer, for answers that are made so often that a serializer would be most of their cost. Its
/// bytes are those of <see cref="WireJson"/>; who uses it minds commas and brackets.
/// </summary>
internal ref struct JsonText(IBufferWriter<byte> buffer)
{
    /// <summary>The longest of <c>-9223372036854775808</c>, a decimal with sign and point, and a quoted time.</summary>
    private const int ScalarMax = 32;

    /// <summary>What no encoder of JSON changes.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))));

    private Span<byte> _span = buffer.GetSpan();
    private int _used;

    /// <summary>Hands what was written to the buffer; done at the end.</summary>
    public void Flush()
    {
        buffer.Advance(_used);
        _span = [];
        _used = 0;
    }

    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        Take(json.Length);
    }

    public void Null() => Raw("null"u8);

    public void Whole(long value)
    {
        var room = Room(ScalarMax);
        // Most numbers of a customer are zero.
        if ((ulong)value <= 9)
        {
            room[0] = (byte)('0' + value);
            Take(1);
            return;
        }

        if (!Utf8Formatter.TryFormat(value, room, out var length)) throw TooShort();
        Take(length);
    }

    public void Number(decimal value)
    {
        if (!Utf8Formatter.TryFormat(value, Room(ScalarMax), out var length)) throw TooShort();
        Take(length);
    }

    public void Text(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Plain)) text = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
        var room = Room(2 + Encoding.UTF8.GetMaxByteCount(text.Length));
        room[0] = (byte)'"';
        var length = Encoding.UTF8.GetBytes(text, room[1..]);
        room[1 + length] = (byte)'"';
        Take(2 + length);
    }

    /// <summary>Null for what does not happen, else RFC 3339 in UTC with as many digits as are needed.</summary>
    public void Time(Instant at) => Time(at, trimmed: true);

    /// <param name="trimmed">Whether a fraction ends before its zeros; else it has six digits.</param>
    public void Time(Instant at, bool trimmed)
    {
        if (at >= Instant.Latest || at <= Instant.Earliest)
        {
            Null();
            return;
        }

        var room = Room(ScalarMax);
        room[0] = (byte)'"';
        var length = 1 + UtcTime.Write(room[1..], at, trimmed);
        room[length] = (byte)'"';
        Take(length + 1);
    }

    private Span<byte> Room(int bytes)
    {
        if (_span.Length - _used < bytes)
        {
            Flush();
            _span = buffer.GetSpan(bytes);
        }

        return _span[_used..];
    }

    private void Take(int bytes) => _used += bytes;

    private static UnreachableException TooShort() => new($"A scalar takes more than {ScalarMax} bytes.");
}
