using System.Buffers;
using System.Text.Json;

namespace Lifecycle.Cli.Import;

/// <summary>The body of one request: a JSON array of events, written to a buffer that is used again.</summary>
internal sealed class EventBatch : IDisposable
{
    /// <summary>A batch takes no further event beyond this, whatever its number.</summary>
    public const int BytesMax = 512 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(BytesMax);
    private readonly Utf8JsonWriter _json;
    private readonly string? _currency;
    private readonly int _eventsMax;

    /// <param name="eventsMax">Events of one batch at most.</param>
    /// <param name="currency">Named in every event; null to leave the amounts in the program's own.</param>
    public EventBatch(int eventsMax, string? currency)
    {
        (_eventsMax, _currency) = (eventsMax, currency);
        _json = new Utf8JsonWriter(_buffer);
    }

    public int Count { get; private set; }

    public bool IsFull => Count >= _eventsMax || _buffer.WrittenCount + _json.BytesPending >= BytesMax;

    public void Dispose() => _json.Dispose();

    public void Clear()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        Count = 0;
    }

    /// <summary>The finished body; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        _json.WriteEndArray();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Add(ImportEvent item)
    {
        if (Count++ == 0) _json.WriteStartArray();
        item.WriteTo(_json, _currency);
    }
}
