using System.Buffers;
using System.Text.Json;

namespace Lifecycle.Engine.Ingest;

internal static class JsonText
{
    /// <summary>The text under the reader; null when its escapes make no text (half of a surrogate pair).</summary>
    public static string? Decode(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Moves to the end of the value under the reader; false when a string in it makes no text.</summary>
    public static bool SkipChecked(ref Utf8JsonReader reader)
    {
        var fine = IsText(ref reader);
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return fine;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth) fine &= IsText(ref reader);
        return fine;
    }

    /// <summary>Comparing a string that makes no text throws: ask first.</summary>
    public static bool IsText(ref Utf8JsonReader reader) => !reader.ValueIsEscaped || Decode(ref reader) is not null;
}

/// <summary>Puts a JSON object together from raw names and values.</summary>
internal sealed class RawObject
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public bool IsEmpty => _buffer.WrittenCount == 0;

    public int Length => IsEmpty ? 0 : _buffer.WrittenCount + 1;

    public void Clear() => _buffer.ResetWrittenCount();

    /// <param name="name">With its quotes, as it was sent.</param>
    /// <param name="value">As it was sent.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _buffer.Write(IsEmpty ? "{"u8 : ","u8);
        _buffer.Write(name);
        _buffer.Write(":"u8);
        _buffer.Write(value);
    }

    public void Add(ReadOnlySpan<byte> name, RawObject value)
    {
        if (value.IsEmpty) return;
        Add(name, value._buffer.WrittenSpan);
        _buffer.Write("}"u8);
    }

    public byte[] ToArray()
    {
        if (IsEmpty) return [];
        return [.. _buffer.WrittenSpan, (byte)'}'];
    }
}
