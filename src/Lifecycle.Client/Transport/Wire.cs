using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Lifecycle.Client.Transport;

/// <summary>Sends a call until it is answered, may not be repeated, or patience ends.</summary>
internal sealed class Wire : IDisposable
{
    private readonly LifecycleClientOptions _options;
    private readonly HttpClient _http;
    private volatile bool _answered;

    public Wire(LifecycleClientOptions options)
    {
        _options = options;
        var handler = options.Handler
            // Servers that move are found again within two minutes.
            ?? new SocketsHttpHandler
            {
                UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            };
        _http = new HttpClient(handler, disposeHandler: options.Handler is null)
        {
            BaseAddress = new Uri(options.Url.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
    }

    private TimeProvider Clock => _options.Clock;

    private int AttemptsMax => _answered ? _options.Retry.AttemptsMax : _options.Retry.AttemptsUnansweredMax;

    public void Dispose() => _http.Dispose();

    /// <exception cref="LifecycleException">It did not succeed.</exception>
    public async Task<Reply> SendAsync(Call call, CancellationToken cancel)
    {
        using var response = await OpenAsync(call, cancel).ConfigureAwait(false);
        // It is in memory already: whatever goes wrong on the line happens while attempts are counted.
        var body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        return ReplyOf(response, body);
    }

    /// <summary>The response of a success, read or, for a stream, still to be read; the caller disposes it.</summary>
    /// <exception cref="LifecycleException">It did not succeed.</exception>
    public async Task<HttpResponseMessage> OpenAsync(Call call, CancellationToken cancel)
    {
        var start = Clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            LifecycleException failure;
            bool mayRepeat;
            try
            {
                using var limit = LimitOf(call, start);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
                var response = await SendOnceAsync(call, both.Token).ConfigureAwait(false);
                _answered = true;
                if (call.IsAnyStatus || IsDone(response.StatusCode)) return response;
                using (response)
                {
                    var body = await response.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false);
                    failure = Problems.OfAnswer(response.StatusCode, body, RetryAfterOf(response), attempt);
                    mayRepeat = MayRepeat(call, response.StatusCode);
                }
            }
            catch (HttpRequestException e)
            {
                failure = Problems.OfConnection(_options.Url, e, attempt);
                mayRepeat = call.IsRepeatable || WasNeverSent(e);
            }
            catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
            {
                failure = Problems.OfTime(_options.Url, Clock.GetElapsedTime(start), attempt, e);
                mayRepeat = call.IsRepeatable;
            }
            if (!mayRepeat || call.IsOneAttempt || attempt >= AttemptsMax) throw failure;
            var pause = _options.Retry.DelayAfter(attempt, failure.RetryAfter, Chance());
            if (!call.IsUnlimited && Left(start) is { } left && pause >= left) throw failure;
            await Task.Delay(pause, Clock, cancel).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Call call, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path);
        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        Add(request, "Idempotency-Key", call.IdempotencyKey);
        Add(request, "If-Match", call.IfMatch);
        Add(request, "If-None-Match", call.IfNoneMatch);
        var until = call.IsStream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
        return await _http.SendAsync(request, until, cancel).ConfigureAwait(false);
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
    }

    /// <summary>Ends one attempt: at its own limit, or with the whole call.</summary>
    private CancellationTokenSource LimitOf(Call call, long start)
    {
        if (call.IsUnlimited) return new CancellationTokenSource();
        var (attempt, left) = (_options.AttemptLimit, Left(start));
        if (attempt == Timeout.InfiniteTimeSpan && left is null) return new CancellationTokenSource();
        var soonest = left is null || (attempt != Timeout.InfiniteTimeSpan && attempt < left) ? attempt : left.Value;
        soonest = soonest > TimeSpan.Zero ? soonest : TimeSpan.Zero;
        return new CancellationTokenSource(soonest + call.Waits, Clock);
    }

    private TimeSpan? Left(long start) => _options.TimeLimit == Timeout.InfiniteTimeSpan
        ? null
        : _options.TimeLimit - Clock.GetElapsedTime(start);

    private double Chance()
    {
        lock (_options.Random) return _options.Random.NextDouble();
    }

    private static bool IsDone(HttpStatusCode status) => (int)status is >= 200 and < 300 or 304;

    /// <summary>Busy is a promise that nothing was taken; any other fault may have come after the work.</summary>
    private static bool MayRepeat(Call call, HttpStatusCode status) =>
        status == HttpStatusCode.TooManyRequests || (call.IsRepeatable && (int)status >= 500);

    private static bool WasNeverSent(HttpRequestException failure) => failure.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        or HttpRequestError.SecureConnectionError;

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } asked) return null;
        var pause = asked.Delta ?? (asked.Date - Clock.GetUtcNow());
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    private static Reply ReplyOf(HttpResponseMessage response, byte[] body) => new(
        body, response.Headers.ETag?.ToString() ?? "",
        response.Headers.TryGetValues("Idempotency-Replayed", out var replayed) && replayed.Contains("true"),
        response.StatusCode == HttpStatusCode.NotModified);

    /// <summary>RFC 3339 in UTC, with a fraction only where there is one.</summary>
    public static string TextOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
