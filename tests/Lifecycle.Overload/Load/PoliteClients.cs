using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Lifecycle.Client;

namespace Lifecycle.Overload.Load;

/// <summary>
/// Users of the real client beside the load that never yields: each event of theirs is to arrive, and none of their
/// attempts may come before the server asked for it.
/// </summary>
internal sealed class PoliteClients : IDisposable
{
    private readonly Pauses _pauses = new(new SocketsHttpHandler());
    private readonly LifecycleClient _client;
    private int _sent;

    public PoliteClients(Uri address, string key) => _client = new(new LifecycleClientOptions
    {
        Url = address, Key = key, Handler = _pauses, Retry = new() { AttemptsMax = 100 },
        TimeLimit = TimeSpan.FromMinutes(5),
    });

    /// <summary>Events that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    public int Refused => _pauses.Refused;

    /// <summary>Attempts that came before the pause was over.</summary>
    public int Early => _pauses.Early;

    /// <summary>So many clients at once, each with one event after the other until the time is over.</summary>
    public async Task RunAsync(int clients, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async i =>
        {
            while (clock.Elapsed < time)
            {
                var id = $"polite-{Interlocked.Increment(ref _sent)}";
                await _client.SendEventsAsync([new CustomerEvent(id, "visit", $"polite-{i}")]);
                lock (_pauses) Acknowledged++;
            }
        }));
    }

    public void Dispose()
    {
        _client.Dispose();
        _pauses.Dispose();
    }

    /// <summary>Sees each attempt and what it is answered.</summary>
    private sealed class Pauses(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        /// <summary>A timer may fire a little before its time is over.</summary>
        private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(20);

        private readonly ConcurrentDictionary<string, (long At, TimeSpan Pause)> _asked = new();
        private int _refused;
        private int _early;

        public int Refused => _refused;

        public int Early => _early;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancel)
        {
            var body = await request.Content!.ReadAsStringAsync(cancel);
            if (_asked.TryRemove(body, out var asked) && Stopwatch.GetElapsedTime(asked.At) < asked.Pause - Tolerance)
                Interlocked.Increment(ref _early);
            var answer = await base.SendAsync(request, cancel);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests) return answer;
            Interlocked.Increment(ref _refused);
            _asked[body] = (Stopwatch.GetTimestamp(), answer.Headers.RetryAfter?.Delta ?? TimeSpan.MaxValue);
            return answer;
        }
    }
}
