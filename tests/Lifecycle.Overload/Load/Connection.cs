using System.Buffers.Text;
using System.Net.Sockets;

namespace Lifecycle.Overload.Load;

/// <param name="RetryAfter">Whole seconds; null without one.</param>
/// <param name="Closes">The server closes the connection after it.</param>
internal readonly record struct HttpAnswer(int Status, int? RetryAfter, bool Closes);

/// <summary>One connection on a bare socket: a client library would take more of the machine than the server.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4 << 10];

    /// <summary>It has carried an answer.</summary>
    public bool IsUsed { get; private set; }

    public bool IsOpen { get; private set; }

    public async ValueTask OpenAsync(Uri address)
    {
        await _socket.ConnectAsync(address.Host, address.Port);
        IsOpen = true;
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <exception cref="IOException">The connection ended first.</exception>
    /// <exception cref="SocketException">The same.</exception>
    public async ValueTask<HttpAnswer> AskAsync(ReadOnlyMemory<byte> request)
    {
        while (request.Length > 0) request = request[await _socket.SendAsync(request)..];
        var (filled, answer, left) = (0, default(HttpAnswer), -1);
        while (true)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled));
            if (read == 0) throw new IOException("The server closed the connection.");
            filled += read;
            if (left < 0) left = LengthOf(_buffer.AsSpan(0, filled), out answer);
            if (left >= 0 && IsWhole(_buffer.AsSpan(0, filled), left)) break;
            if (filled == _buffer.Length) throw new IOException("An answer is longer than this client expects.");
        }

        IsUsed = true;
        return answer;
    }

    public void Dispose()
    {
        IsOpen = false;
        _socket.Dispose();
    }

    private const int Chunked = int.MaxValue;

    private static bool IsWhole(ReadOnlySpan<byte> bytes, int length) => length == Chunked
        ? bytes.EndsWith("0\r\n\r\n"u8)
        : bytes.Length >= length;

    /// <summary>The bytes of head and body together; negative while the head is not whole.</summary>
    private static int LengthOf(ReadOnlySpan<byte> bytes, out HttpAnswer answer)
    {
        answer = default;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return -1;
        var head = bytes[..end];
        _ = Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int status, out _);
        answer = new(status, NumberOf(head, "\r\nRetry-After: "u8), head.IndexOf("\r\nConnection: close"u8) >= 0);
        if (head.IndexOf("chunked"u8) >= 0) return Chunked;
        return end + 4 + (NumberOf(head, "\r\nContent-Length: "u8) ?? 0);
    }

    private static int? NumberOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int number, out _) ? number : null;
    }
}
