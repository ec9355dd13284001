using System.Text.Json;
using Lifecycle.Crash.Load;

namespace Lifecycle.Crash.Judging;

/// <summary>
/// Reads the feed of a running server, and has it compared with what was told; then the server verifies itself.
/// </summary>
/// <param name="traffic">What was told.</param>
/// <param name="asked">The server to ask; of a run with one server that of the load.</param>
internal sealed class Comparison(TrafficOfRun traffic, Site? asked = null)
{
    private const int PageEntries = 1_000;
    private const int AttemptsMax = 40;

    private Audit _audit = new(traffic.Ledger, traffic.Sightings, traffic.Faults);
    private string? _cursor;

    public int Times { get; private set; }

    public long Entries => _audit.Entries;

    /// <summary>Takes what the journal has since the last time.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var (told, seen) = _audit.Expect();
        while (true)
        {
            var after = _cursor is null ? "" : $"&after={_cursor}";
            var body = await AskAsync(() => Exchange.Get($"/v1/feed?limit={PageEntries}{after}"), cancel);
            var (entries, next) = Answers.OfFeed(body);
            foreach (var entry in entries) _audit.Take(entry);
            _cursor = next;
            // What comes meanwhile is for the next time.
            if (entries.Count < PageEntries) break;
        }

        _audit.Compare(told, seen);
        await VerifyAsync(cancel);
        Times++;
    }

    /// <summary>Everything from the beginning: the history of before is the history of now.</summary>
    public Task RunAnewAsync(CancellationToken cancel)
    {
        (_audit, _cursor) = (new(traffic.Ledger, traffic.Sightings, traffic.Faults), null);
        return RunAsync(cancel);
    }

    private async Task VerifyAsync(CancellationToken cancel)
    {
        var body = await AskAsync(() => new(HttpMethod.Post, "/v1/admin/verify"), cancel);
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.GetProperty("violations_found").GetInt64() > 0)
            traffic.Faults.Add($"verify found violations: {body[..Math.Min(body.Length, 2_000)]}");
    }

    private async Task<string> AskAsync(Func<HttpRequestMessage> question, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var site = asked ?? await traffic.Door.SiteAsync(cancel);
            using var request = question();
            var answer = await Exchange.SendAsync(site, request, cancel);
            if (answer is { Status: 200 }) return answer.Body;
            if (attempt == AttemptsMax || answer is { IsLater: false })
            {
                throw new InvalidOperationException(
                    $"{request.RequestUri} was answered with {answer?.Status}: {answer?.Body}");
            }

            await Task.Delay(250, cancel);
        }
    }
}
