using System.Net;
using System.Net.Sockets;

namespace Lifecycle.Client.Tests.Support;

/// <summary>
/// A line between a client and a server that breaks when told to: before a request arrives, or with its answer.
/// </summary>
internal sealed class LossyLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _server;
    private readonly Task _accepting;
    private int _requestsToLose;
    private int _answersToLose;
    private int _answersLost;
    private int _requestsLost;

    public LossyLine(Uri server)
    {
        _server = server;
        _listener.Start();
        Url = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public int AnswersLost => Volatile.Read(ref _answersLost);

    public int RequestsLost => Volatile.Read(ref _requestsLost);

    /// <summary>The next so many requests reach the server, and their answers nobody.</summary>
    public void LoseAnswers(int count) => Interlocked.Exchange(ref _answersToLose, count);

    /// <summary>The next so many requests reach nobody.</summary>
    public void LoseRequests(int count) => Interlocked.Exchange(ref _requestsToLose, count);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true) lines.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using var near = client;
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
            using var broken = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await Task.WhenAny(
                CopyAsync(near.GetStream(), server.GetStream(), ForwardRequest, broken.Token),
                CopyAsync(server.GetStream(), near.GetStream(), ForwardAnswer, broken.Token));
            await broken.CancelAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // The line broke, as lines do.
        }
        // A reset, as when a machine in between fails: no polite end.
        near.LingerState = new(true, 0);
    }

    private static async Task CopyAsync(Stream from, Stream to, Func<bool> forward, CancellationToken cancel)
    {
        var buffer = new byte[64 << 10];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, cancel)) > 0)
            {
                if (!forward()) return;
                await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Whoever reads the other side sees the end.
        }
    }

    private bool ForwardRequest() => !Take(ref _requestsToLose, ref _requestsLost);

    private bool ForwardAnswer() => !Take(ref _answersToLose, ref _answersLost);

    private static bool Take(ref int toLose, ref int lost)
    {
        if (Interlocked.Decrement(ref toLose) < 0)
        {
            Interlocked.Exchange(ref toLose, 0);
            return false;
        }
        Interlocked.Increment(ref lost);
        return true;
    }
}
