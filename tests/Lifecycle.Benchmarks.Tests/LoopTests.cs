using System.Net;
using System.Net.Sockets;
using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Tests;

/// <summary>Against a server that answers at once, except that it stands still for a while.</summary>
public sealed class LoopTests : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(800);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _answered;

    public LoopTests() => _listener.Start();

    private Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_pause_of_the_server_is_charged_to_every_request_that_was_due_in_it()
    {
        _ = ServeAsync(pauseAt: 20);

        var result = OpenLoop.Run(Address, 1, 100, TimeSpan.FromSeconds(1), _ => new Ping());

        Assert.Equal(100, result.Units);
        // Due every 10 ms: of a hundred, half began in the first 500 ms of the pause and waited for its end.
        Assert.InRange(result.Latency!.P50, 200, 1_000);
        Assert.InRange(result.Latency.Max, Pause.TotalMilliseconds * 0.9, 5_000);
        Assert.Equal(100, _answered);
    }

    [Fact]
    public void A_closed_loop_sends_the_next_request_when_the_answer_is_there()
    {
        _ = ServeAsync(pauseAt: 20);

        var result = ClosedLoop.Run(Address, 1, TimeSpan.Zero, TimeSpan.FromSeconds(1), _ => new Ping());

        Assert.Equal(_answered, result.Units);
        // One request met the pause; the others did not.
        Assert.InRange(result.Latency!.P50, 0, 100);
        Assert.InRange(result.Latency.Max, Pause.TotalMilliseconds * 0.9, 5_000);
    }

    [Fact]
    public void What_is_done_before_the_measured_time_counts_for_no_rate_and_no_latency()
    {
        _ = ServeAsync(pauseAt: 0);

        var result = ClosedLoop.Run(Address, 1, Pause, TimeSpan.FromSeconds(1), _ => new Ping());

        Assert.Equal(_answered, result.Units);
        Assert.InRange(result.WarmUpUnits, 0, 10);
        Assert.Equal((result.Units - result.WarmUpUnits) / (result.Seconds - Pause.TotalSeconds), result.Rate, 6);
        Assert.InRange(result.Latency!.P50, 0, 100);
    }

    [Fact]
    public void An_answer_that_is_not_200_ends_the_load()
    {
        _ = ServeAsync(pauseAt: -1, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");

        var failure = Assert.Throws<IOException>(
            () => ClosedLoop.Run(Address, 2, TimeSpan.Zero, TimeSpan.FromSeconds(5), _ => new Ping()));

        Assert.Contains("503", failure.Message, StringComparison.Ordinal);
    }

    private async Task ServeAsync(int pauseAt, string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(answer);
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync();
            _ = Task.Run(async () =>
            {
                var buffer = new byte[1_024];
                // Requests are shorter than a packet and come one at a time.
                while (await socket.ReceiveAsync(buffer) > 0)
                {
                    if (_answered == pauseAt) await Task.Delay(Pause);
                    Interlocked.Increment(ref _answered);
                    await socket.SendAsync(bytes);
                }
            });
        }
    }

    private sealed class Ping : Requests
    {
        public override int Next(out ReadOnlySpan<byte> request)
        {
            request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8;
            return 1;
        }
    }
}
