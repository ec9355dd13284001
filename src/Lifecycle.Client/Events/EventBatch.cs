using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

/// <summary>The body of one request, written as events are added, in a buffer that is used again.</summary>
public sealed class EventBatch : IDisposable
{
    /// <summary>Events of one batch by default: larger ones are slower to answer and no cheaper to take.</summary>
    public const int EventsMaxDefault = 500;

    /// <summary>Bytes of one batch by default.</summary>
    public const int BytesMaxDefault = 512 * 1024;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly ArrayBufferWriter<byte> _one = new();
    private readonly Utf8JsonWriter _json;
    private readonly int _eventsMax;
    private readonly int _bytesMax;

    /// <param name="eventsMax">1 to 100,000; a server takes 5,000 unless it is set otherwise.</param>
    /// <param name="bytesMax">1 KiB to 256 MiB; a server takes 16 MiB unless it is set otherwise.</param>
    public EventBatch(int eventsMax = EventsMaxDefault, int bytesMax = BytesMaxDefault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(eventsMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(eventsMax, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesMax, 1 << 28);
        (_eventsMax, _bytesMax) = (eventsMax, bytesMax);
        _json = new Utf8JsonWriter(_one, Plain);
    }

    /// <summary>Events in it.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that it will have as a body.</summary>
    public int Bytes => _body.WrittenCount + 1;

    /// <summary>Adds an event unless the batch is full; the first always finds room, whatever its size.</summary>
    public bool TryAdd(CustomerEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (Count >= _eventsMax) return false;
        _one.ResetWrittenCount();
        _json.Reset();
        JsonSerializer.Serialize(_json, item, ClientJson.Wire.CustomerEvent);
        if (Count > 0 && Bytes + 1 + _one.WrittenCount > _bytesMax) return false;
        _body.Write(Count++ == 0 ? "["u8 : ","u8);
        _body.Write(_one.WrittenSpan);
        return true;
    }

    public void Clear()
    {
        _body.ResetWrittenCount();
        Count = 0;
    }

    /// <summary>The body: a JSON array.</summary>
    public ReadOnlyMemory<byte> ToJson() =>
        Count == 0 ? "[]"u8.ToArray() : (byte[])[.. _body.WrittenSpan, (byte)']'];

    public void Dispose() => _json.Dispose();
}
