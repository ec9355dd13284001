using System.Net.Http.Headers;

namespace Lifecycle.Benchmarks.Load;

/// <summary>
/// Scans all customers again and again until the time is over. One long answer costs a client library next to nothing.
/// </summary>
internal sealed record ScanJob(Site Site, double Seconds) : Job
{
    public override async Task<LoadResult> RunAsync()
    {
        using var http = new HttpClient { BaseAddress = Site.Address, Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Site.Key);
        var buffer = new byte[256 << 10];
        var (rows, clock) = (0L, LoadClock.Start());
        do
        {
            using var answer = await http.GetAsync(
                new Uri("/v1/scan?format=ndjson", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync();
            for (int read; (read = await body.ReadAsync(buffer)) > 0;)
                rows += buffer.AsSpan(0, read).Count((byte)'\n');
        }
        while (clock.Elapsed.TotalSeconds < Seconds);

        return clock.End(rows);
    }
}
