namespace Lifecycle.Crash.Load;

/// <summary>One request and its answer.</summary>
internal static class Exchange
{
    /// <summary>
    /// Null when no whole answer came: the connection broke, or nobody waits for that server any more.
    /// </summary>
    /// <exception cref="TimeoutException">The server neither answered nor closed.</exception>
    public static async Task<Answer?> SendAsync(Site site, HttpRequestMessage request, CancellationToken cancel)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel, site.Left);
        try
        {
            using var answer = await site.Http.SendAsync(request, ends.Token);
            var body = await answer.Content.ReadAsStringAsync(ends.Token);
            var whole = new Answer((int)answer.StatusCode, body, answer.Headers.Contains("Idempotency-Replayed"));
            if (whole.IsLater) site.Watch?.Later(site, request, whole);
            return whole;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException)
        {
            site.Watch?.BrokeOff(site, request, e);
            return null;
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            cancel.ThrowIfCancellationRequested();
            return null;
        }
        catch (OperationCanceledException e)
        {
            if (site.Watch is { } watch)
            {
                watch.Silent(site, request);
                return null;
            }

            throw new TimeoutException($"No answer from {site.Name} to {request.Method} {request.RequestUri}.", e);
        }
    }

    public static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);
}

/// <param name="Status">Of HTTP.</param>
/// <param name="IsReplayed">The answer to a command that was known.</param>
internal sealed record Answer(int Status, string Body, bool IsReplayed)
{
    /// <summary>Nothing of it was acknowledged; the same may be sent again.</summary>
    public bool IsLater => Status is 429 or 503;
}
