using System.Globalization;
using System.Text;

namespace Lifecycle.Benchmarks.Load;

/// <summary>Makes the requests of one thread.</summary>
internal abstract class Requests
{
    /// <summary>The next request, valid until the next call, and its units; 0 when there is none.</summary>
    public abstract int Next(out ReadOnlySpan<byte> request);

    /// <exception cref="IOException">The answer is not what it should be.</exception>
    public virtual void Check(ReadOnlySpan<byte> body, int units)
    {
    }
}

/// <summary>Events in batches; each is taken once, and the answer is to say so.</summary>
internal sealed class EventRequests : Requests
{
    // Wide enough for BodyBytesMax of the server.
    private const int LengthDigits = 8;

    private readonly Draw _draw;
    private readonly int _batch;
    private readonly byte[] _buffer;
    private readonly int _headLength;
    private readonly int _lengthAt;

    public EventRequests(Uri address, string key, int batch, Draw draw)
    {
        (_draw, _batch) = (draw, batch);
        var type = batch == 1 ? "application/json" : "application/x-ndjson";
        var head = Encoding.ASCII.GetBytes(
            $"POST /v1/events HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {key}\r\n" +
            $"Content-Type: {type}\r\nContent-Length: {new string('0', LengthDigits)}\r\n\r\n");
        _headLength = head.Length;
        _lengthAt = head.Length - 4 - LengthDigits;
        _buffer = new byte[head.Length + batch * (EventMix.BytesMax + 1)];
        head.CopyTo(_buffer, 0);
    }

    public override int Next(out ReadOnlySpan<byte> request)
    {
        var time = EventMix.TimeNow();
        var (end, count) = (_headLength, 0);
        for (; count < _batch && _draw.TryNext(out var customer); count++)
        {
            end += EventMix.Write(_buffer.AsSpan(end), customer, time);
            _buffer[end++] = (byte)'\n';
        }

        var length = end - _headLength;
        for (var i = LengthDigits - 1; i >= 0; i--, length /= 10) _buffer[_lengthAt + i] = (byte)('0' + length % 10);
        request = _buffer.AsSpan(0, end);
        return count;
    }

    public override void Check(ReadOnlySpan<byte> body, int units)
    {
        Span<byte> expected = stackalloc byte[32];
        Encoding.ASCII.TryGetBytes(
            string.Create(CultureInfo.InvariantCulture, $"\"accepted\":{units},"), expected, out var length);
        if (body.IndexOf(expected[..length]) < 0)
            throw new IOException($"Not every event was accepted: {Encoding.UTF8.GetString(body)}");
    }
}

/// <summary>Reads of one address for each customer, or of the same for all.</summary>
internal sealed class ReadRequests : Requests
{
    private readonly Draw _draw;
    private readonly byte[] _request;
    private readonly int _customerAt;

    /// <param name="path">With <c>{id}</c> where the customer goes.</param>
    public ReadRequests(Uri address, string key, string path, Draw draw)
    {
        _draw = draw;
        var id = EventMix.CustomerId(0);
        var target = path.Replace("{id}", id, StringComparison.Ordinal);
        var text = $"GET {target} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {key}\r\n\r\n";
        _request = Encoding.ASCII.GetBytes(text);
        _customerAt = text.IndexOf(id, StringComparison.Ordinal) + 2;
    }

    public override int Next(out ReadOnlySpan<byte> request)
    {
        request = default;
        if (!_draw.TryNext(out var customer)) return 0;
        for (var i = 6; i >= 0; i--, customer /= 10) _request[_customerAt + i] = (byte)('0' + customer % 10);
        request = _request;
        return 1;
    }
}
