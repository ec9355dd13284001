using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class DrainTests
{
    private const int Customers = 4_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scans_streams_and_polls_go_on_until_the_drain_is_over_and_end_with_it()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:DrainTime", "00:00:03"));
        foreach (var chunk in Enumerable.Range(0, Customers).Chunk(1_000))
            await site.PostAsync("/v1/events", $"[{string.Join(',', chunk.Select(i => Sent.Visit($"c-{i}", "v")))}]");
        using var stream = await FeedListener.OpenAsync(site, query: "?after=now");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/scan");
        // More than the connection holds, so that it is under way for as long as nobody reads it.
        using var scan = await site.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);

        var stopping = site.StopAsync();
        while ((await site.GetAsync("/health/ready")).Status != 503) await Task.Delay(10, Cancel);
        await site.OrderAsync("late", "1");
        var streamed = await stream.NextAsync();
        var poll = site.GetAsync($"/v1/feed?after={streamed?.Id}&wait=60");
        var lines = (await scan.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var next = stream.NextAsync();
        var first = await Task.WhenAny(poll, next, Task.Delay(500, Cancel));

        Assert.Equal("late", streamed?.Data.GetProperty("customer").GetString());
        Assert.Equal(Customers, lines.Length);
        Assert.False(first == poll || first == next, "A reader was sent away while the process still took what came.");
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        var answer = await poll;
        Assert.Equal((200, streamed?.Id), (answer.Status, answer.Text("next")));
        Assert.Equal(0, answer.Json.GetProperty("entries").GetArrayLength());
        Assert.Null(await next);
    }
}
