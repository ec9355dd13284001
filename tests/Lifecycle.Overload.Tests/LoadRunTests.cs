using System.Net;
using System.Net.Sockets;
using System.Text;
using Lifecycle.Overload.Load;

namespace Lifecycle.Overload.Tests;

/// <summary>The load notes what it was answered, and from when.</summary>
public sealed class LoadRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-load-").FullName;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "Accepted")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "Accepted")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n", "Refused")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", "RefusedBare")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nRetry-After: 0\r\n\r\n", "RefusedBare")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n", "Unavailable")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "Other")]
    [InlineData("", "CutNew")]
    public async Task Each_answer_is_what_it_is(string answer, string outcome)
    {
        var (result, plan) = await RunAsync([answer], wait: TimeSpan.Zero);

        var all = result["writes"].Phases[0];
        Assert.Equal(10, all.Due);
        Assert.Equal(10, all.Of(Enum.Parse<Outcome>(outcome)));
        Assert.Equal(10, (await File.ReadAllBytesAsync(plan.OutcomesFile(plan.Streams[0]), Cancel)).Length);
        Assert.Equal(outcome == "Refused" ? 7 : 0, result["writes"].RetryAfterMax);
    }

    [Fact]
    public async Task A_connection_that_ends_after_an_answer_is_told_apart()
    {
        var (result, _) = await RunAsync(["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", ""], wait: TimeSpan.Zero);

        var all = result["writes"].Phases[0];
        Assert.Equal((5, 5), (all.Of(Outcome.Accepted), all.Of(Outcome.Cut)));
    }

    [Fact]
    public async Task A_latency_counts_from_the_instant_a_request_was_due_and_none_waits_for_another()
    {
        var wait = TimeSpan.FromMilliseconds(300);
        var (result, _) = await RunAsync(["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"], wait);

        // Who answers waits by the system's ticks, of some milliseconds, and may be early by one.
        Assert.InRange(result["writes"].Phases[0].P50Ms, wait.TotalMilliseconds - 10, 5_000);
        Assert.True(result.ConnectionsOpened > 1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Ten requests to somebody who gives the same answers over each connection.</summary>
    private async Task<(LoadResult Result, LoadPlan Plan)> RunAsync(string[] answers, TimeSpan wait)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, answers, wait);
        var plan = new LoadPlan(
            new($"http://{listener.LocalEndpoint}"), "k", "p", [0.205],
            [new("writes", RequestKind.Event, 0, 5, [50])], 1, _folder);
        using var run = new LoadRun(plan);
        var result = await run.RunAsync();
        listener.Stop();
        await serving;
        return (result, plan);
    }

    private static async Task ServeAsync(TcpListener listener, string[] answers, TimeSpan wait)
    {
        try
        {
            while (true) _ = AnswerAsync(await listener.AcceptTcpClientAsync(Cancel), answers, wait);
        }
        catch (SocketException)
        {
            // It listens no more.
        }
    }

    private static async Task AnswerAsync(TcpClient client, string[] answers, TimeSpan wait)
    {
        using var connection = client;
        var buffer = new byte[4_096];
        for (var i = 0; await connection.GetStream().ReadAsync(buffer, Cancel) > 0; i++)
        {
            await Task.Delay(wait, Cancel);
            if (answers[i % answers.Length] is not { Length: > 0 } answer) return;
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), Cancel);
        }
    }
}
