using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Benchmarks;

/// <summary>
/// Status reads per second over HTTP, interleaved with those of <see cref="BareHost"/>. The client writes requests to
/// raw sockets: an HTTP library would take more of the machine than the server.
/// </summary>
internal static class StatusBenchmark
{
    private const int Connections = 32;
    private const int Rounds = 5;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Uri url, string adminKey)
    {
        using var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", adminKey);
        var key = await MakeKeyAsync(http);
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var customers = Enumerable.Range(12_346, 5_942).Select(id => id.ToString("0")).ToList();
        var known = new List<string>();
        foreach (var customer in customers)
        {
            using var answer = await http.GetAsync(new Uri($"/v1/customers/{customer}/status", UriKind.Relative));
            if (answer.IsSuccessStatusCode) known.Add(customer);
        }

        if (known.Count == 0) throw new InvalidOperationException("No Online Retail customer is there; import it first.");
        Console.WriteLine($"{known.Count:N0} customers, {Connections} connections, {Rounds} rounds of {RoundTime.TotalSeconds} s");
        var status = new List<double>();
        var bare = new List<double>();
        await using var host = await BareHost.StartAsync(http, $"/v1/customers/{known[0]}/status", key);
        for (var round = 0; round < Rounds; round++)
        {
            status.Add(await DriveAsync(url, key, known));
            bare.Add(await DriveAsync(host.Url, key, known));
        }

        Print("status", status);
        Print("bare endpoint", bare);
        Console.WriteLine($"ratio {StoredCustomers.Spread(status).Median / StoredCustomers.Spread(bare).Median:0.00}");
    }

    /// <summary>The key dev costs no hash; those that people have do.</summary>
    private static async Task<string> MakeKeyAsync(HttpClient http)
    {
        using var body = new StringContent("""{"name":"benchmark","roles":["member"]}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/v1/admin/keys", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("key").GetString()!;
    }

    private static void Print(string what, List<double> rates)
    {
        var (median, low, high) = StoredCustomers.Spread(rates);
        Console.WriteLine($"{what}: {median:N0} reads/s ({low:N0} to {high:N0})");
    }

    private static async Task<double> DriveAsync(Uri url, string key, List<string> customers)
    {
        var requests = customers.Select(customer => Encoding.ASCII.GetBytes(
            $"GET /v1/customers/{customer}/status HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {key}\r\n\r\n"))
            .ToArray();
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(url.Host, url.Port);
            var buffer = new byte[65_536];
            var count = 0L;
            for (var i = connection; Stopwatch.GetElapsedTime(start) < RoundTime; i += Connections)
            {
                await socket.SendAsync(requests[i % requests.Length]);
                await ReadAnswerAsync(socket, buffer);
                count++;
            }

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Reads one answer whole: its head, then as many bytes as it announces or all of its chunks.</summary>
    private static async Task ReadAnswerAsync(Socket socket, byte[] buffer)
    {
        var filled = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read == 0) throw new IOException("The server closed the connection.");
            filled += read;
            if (IsWhole(buffer.AsSpan(0, filled))) return;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var head = answer[..end];
        if (!head.StartsWith("HTTP/1.1 200"u8))
            throw new IOException("An answer was not 200: " + Encoding.ASCII.GetString(head));
        if (head.IndexOf("chunked"u8) >= 0) return answer.EndsWith("0\r\n\r\n"u8);
        var at = head.IndexOf("Content-Length: "u8);
        var length = 0;
        foreach (var digit in head[(at + 16)..])
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            length = length * 10 + digit - '0';
        }

        return answer.Length >= end + 4 + length;
    }
}
