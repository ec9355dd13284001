using System.Net.Sockets;
using System.Text;

namespace Lifecycle.Benchmarks.Load;

/// <summary>
/// One connection that stays open, on a blocking socket: a client library, or an asynchronous socket, would take more
/// of the machine than the server it drives.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    /// <summary>Bytes of an answer that failed, in the message.</summary>
    private const int ShownMax = 800;

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = (int)AnswerMax.TotalMilliseconds,
    };

    private readonly byte[] _buffer = new byte[64 << 10];
    private int _filled;

    public HttpConnection(Uri address) => _socket.Connect(address.Host, address.Port);

    /// <summary>Whether a request is under way.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>When the request under way was sent, or was to be sent.</summary>
    public long SentAt { get; private set; }

    public bool HasBytes => _socket.Available > 0;

    public Socket Socket => _socket;

    public void Send(ReadOnlySpan<byte> request, long at)
    {
        (IsBusy, SentAt, _filled) = (true, at, 0);
        while (request.Length > 0) request = request[_socket.Send(request)..];
    }

    /// <summary>Reads what has come, or waits for it; false while the answer is not whole.</summary>
    /// <exception cref="IOException">The answer is not 200, or does not end.</exception>
    public bool TryReceive(out ReadOnlySpan<byte> body)
    {
        body = default;
        if (_filled == _buffer.Length) throw new IOException("An answer is longer than this client expects.");
        var read = _socket.Receive(_buffer.AsSpan(_filled));
        if (read == 0) throw new IOException("The server closed the connection.");
        _filled += read;
        if (!IsWhole(_buffer.AsSpan(0, _filled), out body)) return false;
        IsBusy = false;
        return true;
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer, out ReadOnlySpan<byte> body)
    {
        body = default;
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var head = answer[..end];
        body = answer[(end + 4)..];
        var isWhole = head.IndexOf("chunked"u8) >= 0 ? body.EndsWith("0\r\n\r\n"u8) : body.Length >= LengthOf(head);
        if (isWhole && !head.StartsWith("HTTP/1.1 200"u8))
        {
            var start = Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, ShownMax)]);
            throw new IOException($"An answer was not 200: {start}");
        }

        return isWhole;
    }

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) return 0;
        var length = 0;
        foreach (var digit in head[(at + 16)..])
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            length = length * 10 + digit - '0';
        }

        return length;
    }
}
