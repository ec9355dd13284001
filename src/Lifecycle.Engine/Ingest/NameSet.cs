using System.Text;
using System.Text.Json;

namespace Lifecycle.Engine.Ingest;

/// <summary>The undeclared names that one object has had so far, compared as text, whatever escapes they use.</summary>
internal sealed class NameSet(ReadOnlyMemory<byte> body) : IEqualityComparer<ReadOnlyMemory<byte>>
{
    private HashSet<ReadOnlyMemory<byte>>? _names;

    public void Clear()
    {
        if (_names is { Count: > 0 }) _names.Clear();
    }

    /// <summary>False when the object has had the name. The reader stands on it.</summary>
    public bool Add(ref Utf8JsonReader reader)
    {
        var name = reader.ValueIsEscaped
            ? Encoding.UTF8.GetBytes(JsonText.Decode(ref reader) ?? "")
            : body.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        return (_names ??= new(this)).Add(name);
    }

    public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

    public int GetHashCode(ReadOnlyMemory<byte> obj)
    {
        var hash = new HashCode();
        hash.AddBytes(obj.Span);
        return hash.ToHashCode();
    }
}
