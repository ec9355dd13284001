using System.Net;
using System.Text;

namespace Lifecycle.Client.Tests.Support;

/// <summary>Answers requests as a test says, without a network, and keeps what it was sent.</summary>
internal sealed class ScriptedServer(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly List<SentRequest> _sent = [];

    public IReadOnlyList<SentRequest> Sent
    {
        get
        {
            lock (_sent) return [.. _sent];
        }
    }

    /// <summary>Answers the same each time.</summary>
    public static ScriptedServer Of(string json) => new(_ => Json(200, json));

    public static HttpResponseMessage Json(int status, string json, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        int number;
        lock (_sent)
        {
            _sent.Add(new(
                request.Method.Method, request.RequestUri!.PathAndQuery, body,
                request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value))));
            number = _sent.Count;
        }
        return answer(number);
    }
}

internal sealed record SentRequest(
    string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string? Key => Headers.GetValueOrDefault("Idempotency-Key");
}

/// <summary>Notes each pause instead of passing it.</summary>
internal sealed class HastyClock : TimeProvider
{
    private readonly List<TimeSpan> _pauses = [];

    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_pauses) return [.. _pauses];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_pauses) _pauses.Add(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

internal static class Clients
{
    /// <summary>A client of a real server that does not wait long.</summary>
    public static LifecycleClient To(Uri url) => new(new LifecycleClientOptions
    {
        Url = url, Key = "dev", Retry = new() { DelayFirst = TimeSpan.FromMilliseconds(1) },
    });

    /// <summary>A client of a scripted server that passes no time.</summary>
    public static LifecycleClient Of(ScriptedServer server, TimeProvider clock, RetryPolicy? retry = null) =>
        new(new LifecycleClientOptions
        {
            Url = new Uri("http://lifecycle.test"), Key = "k", Handler = server, Clock = clock,
            Retry = retry ?? new() { Jitter = 0 },
            TimeLimit = Timeout.InfiniteTimeSpan, AttemptLimit = Timeout.InfiniteTimeSpan,
        });
}
