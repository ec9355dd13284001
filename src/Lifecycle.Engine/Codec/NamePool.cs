using System.Buffers.Binary;
using System.Text;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// One string for each name that comes again and again: of a stage, a rule, a type, a channel. Reading one costs no
/// memory, and customers who stay in memory share it. A name that meets another's place takes it.
/// </summary>
internal static class NamePool
{
    /// <summary>Names kept; a power of two.</summary>
    private const int NamesMax = 4_096;

    /// <summary>Bytes of a name that is kept.</summary>
    private const int BytesMax = 96;

    private static readonly string?[] Names = new string?[NamesMax];

    /// <summary>The text of UTF-8 bytes.</summary>
    public static string Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > BytesMax) return Encoding.UTF8.GetString(utf8);
        ref var name = ref Names[PlaceOf(utf8)];
        // Read once: another thread may put another name there at any time.
        if (name is { } known && known.Length == utf8.Length && Ascii.Equals(utf8, known)) return known;
        var text = Encoding.UTF8.GetString(utf8);
        if (text.Length == utf8.Length) name = text;
        return text;
    }

    private static int PlaceOf(ReadOnlySpan<byte> utf8)
    {
        ulong hash = (uint)utf8.Length;
        for (; utf8.Length >= 8; utf8 = utf8[8..])
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * 0x9E37_79B9_7F4A_7C15;
        foreach (var b in utf8) hash = (hash ^ b) * 0x9E37_79B9_7F4A_7C15;
        return (int)(hash >> 40) & (NamesMax - 1);
    }
}
