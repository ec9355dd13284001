using System.Net.Sockets;
using System.Text;

namespace Lifecycle.Fuzz;

/// <summary>Malformed HTTP over a real socket: the server answers below 500 or closes, and goes on serving.</summary>
public static class SocketRun
{
    private const string Head = "Host: localhost\r\nAuthorization: Bearer dev\r\nContent-Type: application/json\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    private static readonly string[] Malformed =
    [
        $"POST /v1/events HTTP/1.1\r\n{Head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n",
        $"POST /v1/events HTTP/1.1\r\n{Head}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{{}}\r\n0\r\n\r\n",
        $"POST /v1/events HTTP/1.1\r\n{Head}Transfer-Encoding: chunked\r\n\r\n5\r\n{{}}\r\n0\r\n\r\n",
        $"POST /v1/events HTTP/1.1\r\n{Head}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}",
        $"POST /v1/events HTTP/1.1\r\n{Head}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n",
        $"POST /v1/events HTTP/1.1\r\n{Head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        $"POST /v1/events HTTP/1.1\r\n{Head}Content-Length: 100\r\n\r\n{{}}",
        $"POST /v1/events HTTP/1.1\r\n{Head}Content-Length: -1\r\n\r\n{{}}",
        $"POST /v1/events HTTP/1.1\r\n{Head}Content-Length: 99999999999999999999\r\n\r\n{{}}",
        $"POST /v1/events HTTP/1.1\r\n{Head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}",
        $"GET /v1/customers/c-1 HTTP/1.1\r\n{Head}X: {new string('a', 70_000)}\r\n\r\n",
        $"GET /{new string('a', 20_000)} HTTP/1.1\r\n{Head}\r\n",
        $"GET /v1/customers/\u0001 HTTP/1.1\r\n{Head}\r\n", $"GET /v1/customers/%00 HTTP/1.1\r\n{Head}\r\n",
        $"GET /v1/customers/%ff HTTP/1.1\r\n{Head}\r\n", $"GET /v1/customers/%c0%80 HTTP/1.1\r\n{Head}\r\n",
        $"GET v1/customers HTTP/1.1\r\n{Head}\r\n", $"GET * HTTP/1.1\r\n{Head}\r\n", $"OPTIONS * HTTP/1.1\r\n{Head}\r\n",
        $"CONNECT localhost:80 HTTP/1.1\r\n{Head}\r\n", $"GET http://other/v1/customers/c-1 HTTP/1.1\r\n{Head}\r\n",
        $"GET /v1/customers/c-1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "\r\n\r\n\r\n", "\0\0\0\0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /\r\n", "G",
        $"POST /v1/events HTTP/1.1\r\n{Head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n",
        $"GET /docs/index.html HTTP/1.1\r\n{Head}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ];

    /// <summary>What was wrong, a sentence each.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(ulong seed, int requests)
    {
        await using var site = await FuzzSite.StartAsync(socket: true);
        var faults = new List<string>();
        var random = new Random((int)seed);
        for (var i = 0; i < requests; i++)
        {
            var bytes = Encoding.Latin1.GetBytes(Malformed[i % Malformed.Length]);
            if (i >= Malformed.Length)
                for (var changes = random.Next(1, 6); changes > 0; changes--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var answer = await AskAsync(site.Address, bytes, Patience);
            if (answer is null) faults.Add($"seed {seed}, index {i}: neither an answer nor an end: {Shown(bytes)}");
            // 505 is what another version of HTTP is answered.
            else if (answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal)
                && !answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal))
                faults.Add($"seed {seed}, index {i}: {answer.Split('\r')[0]}: {Shown(bytes)}");
            while (site.Faults.TryTake(out var logged)) faults.Add($"seed {seed}, index {i}: logged {logged}: {Shown(bytes)}");
        }

        var healthy = await AskAsync(
            site.Address, "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), AnswerMax);
        if (healthy?.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) != true)
            faults.Add($"the server does not serve any more: {healthy}");
        return faults;
    }

    /// <summary>Null when the server neither answers nor closes.</summary>
    private static async Task<string?> AskAsync(Uri address, byte[] bytes, TimeSpan patience)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes);
            var buffer = new byte[4_096];
            var reading = stream.ReadAsync(buffer).AsTask();
            // A server that sees the end of what is sent may close without an answer: first there is time for one. Then
            // nothing more comes, and what is unfinished stays so.
            if (await Task.WhenAny(reading, Task.Delay(patience)) != reading)
                client.Client.Shutdown(SocketShutdown.Send);
            return Encoding.Latin1.GetString(buffer, 0, await reading.WaitAsync(AnswerMax));
        }
        catch (IOException)
        {
            return "";
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static string Shown(byte[] bytes) =>
        System.Text.Json.JsonEncodedText.Encode(Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 200))).ToString();
}
