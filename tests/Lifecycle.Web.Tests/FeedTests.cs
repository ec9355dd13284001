using System.Text.Json;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class FeedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_of_both_forms_who_reconnect_at_random_see_every_position_once_in_order()
    {
        const int writers = 4, each = 120, entries = writers * each;
        await using var site = await Site.StartAsync();
        var ingest = Enumerable.Range(0, writers).Select(w => Task.Run(
            async () =>
            {
                for (var i = 0; i < each; i++)
                {
                    var sent = await site.PostAsync("/v1/events", Sent.Visit($"c-{(w + i) % 7}", $"v-{w}-{i}"));
                    Assert.Equal(200, sent.Status);
                }
            },
            Cancel)).ToArray();
        var polls = Task.Run(() => PollAsync(site, entries, new Random(11)), Cancel);
        var streams = Task.Run(() => StreamAsync(site, entries, new Random(12)), Cancel);
        await Task.WhenAll(ingest);

        var expected = Enumerable.Range(1, entries).Select(p => (long)p).ToArray();
        Assert.Equal(expected, await polls);
        Assert.Equal(expected, await streams);
    }

    [Fact]
    public async Task An_entry_comes_as_in_the_customers_own_history_with_the_customer_and_a_cursor()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("c-1", "e-1");
        await site.OrderAsync("c-2", "e-2");
        var all = await site.GetAsync("/v1/feed");
        var history = await site.GetAsync("/v1/customers/c-1/entries");
        var first = all.Json.GetProperty("entries")[0];
        var rest = await site.GetAsync($"/v1/feed?after={first.GetProperty("cursor")}&limit=5");
        var none = await site.GetAsync($"/v1/feed?after={all.Text("next")}");

        Assert.Equal(("c-1", 1), (first.GetProperty("customer").GetString(), first.GetProperty("position").GetInt32()));
        Assert.Equal(
            history.Json.GetProperty("entries")[0].GetRawText(), first.GetProperty("entry").GetRawText());
        var second = Assert.Single(rest.Json.GetProperty("entries").EnumerateArray());
        Assert.Equal(
            ("c-2", all.Text("next")), (second.GetProperty("customer").GetString(), rest.Text("next")));
        Assert.Equal((0, all.Text("next")), (none.Json.GetProperty("entries").GetArrayLength(), none.Text("next")));
    }

    [Fact]
    public async Task After_now_waits_for_what_comes_next()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("c-1", "e-1");
        var now = await site.GetAsync("/v1/feed?after=now");
        using var stream = await FeedListener.OpenAsync(site, query: "?after=now");
        var poll = site.GetAsync($"/v1/feed?after={now.Text("next")}&wait=60");
        await site.OrderAsync("c-2", "e-2");

        Assert.Equal(0, now.Json.GetProperty("entries").GetArrayLength());
        var polled = Assert.Single((await poll).Json.GetProperty("entries").EnumerateArray());
        var (id, streamed) = (await stream.NextAsync()).GetValueOrDefault();
        Assert.Equal("text/event-stream", stream.MediaType);
        Assert.Equal(polled.GetProperty("cursor").GetString(), id);
        Assert.Equal(polled.GetRawText(), streamed.GetRawText());
    }

    [Fact]
    public async Task A_silent_stream_beats_and_ends_at_once_when_the_server_stops()
    {
        await using var site = await Site.StartAsync();
        using var stream = await FeedListener.OpenAsync(site);
        var next = stream.NextAsync();
        await stream.Beaten.Task;
        var before = stream.Comments;
        while (stream.Comments == before)
        {
            await site.AdvanceAsync(TimeSpan.FromSeconds(8));
            await Task.Yield();
        }

        await site.StopAsync();
        Assert.Null(await next);
    }

    [Fact]
    public async Task Cursors_of_another_history_are_gone_and_wrong_ones_are_wrong()
    {
        await using var site = await Site.StartAsync();
        await using var other = await Site.StartAsync();
        await other.OrderAsync("c", "e");
        var foreign = (await other.GetAsync("/v1/feed?after=now")).Text("next");
        var gone = await site.GetAsync($"/v1/feed?after={foreign}");
        var goneStream = await site.GetAsync(
            "/v1/feed", ("Accept", "text/event-stream"), ("Last-Event-ID", foreign!));
        var wrong = await site.GetAsync("/v1/feed?after=17");

        Assert.Equal((410, "cursor_of_another_epoch"), (gone.Status, gone.Problem));
        Assert.Contains("from the beginning", gone.Text("detail"), StringComparison.Ordinal);
        Assert.Equal((410, "cursor_of_another_epoch"), (goneStream.Status, goneStream.Problem));
        Assert.Equal((400, "cursor_malformed"), (wrong.Status, wrong.Problem));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("wait=61", "wait")]
    [InlineData("wait=1.5", "wait")]
    [InlineData("after=", "after")]
    [InlineData("since=now", "since")]
    public async Task A_parameter_that_is_wrong_or_unknown_is_named(string query, string name)
    {
        await using var site = await Site.StartAsync();
        var answer = await site.GetAsync($"/v1/feed?{query}");

        Assert.Equal((400, "invalid_parameter"), (answer.Status, answer.Problem));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(name, out _));
    }

    [Fact]
    public async Task Readers_who_stay_have_a_number()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:FeedReadersMax", "1"));
        using (var stream = await FeedListener.OpenAsync(site))
        {
            var second = await site.GetAsync("/v1/feed?wait=1");
            Assert.Equal((429, "overloaded"), (second.Status, second.Problem));
            Assert.NotNull(second.Headers.RetryAfter);
            Assert.Equal(200, (await site.GetAsync("/v1/feed")).Status);
        }

        while (true)
        {
            // The server notices that the reader left with its next heartbeat.
            await site.AdvanceAsync(TimeSpan.FromSeconds(8));
            var third = await site.GetAsync("/v1/feed", ("Accept", "text/event-stream"), ("Last-Event-ID", "wrong"));
            if (third.Status == 400) return;
            Assert.Equal(429, third.Status);
        }
    }

    private static async Task<List<long>> PollAsync(Site site, int entries, Random random)
    {
        var seen = new List<long>();
        var after = "";
        while (seen.Count < entries)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            // Some answers are lost on the way: the reader asks again from what it has.
            if (random.Next(4) == 0) patience.CancelAfter(TimeSpan.FromMilliseconds(random.Next(3)));
            try
            {
                var body = await site.Http.GetStringAsync(
                    $"/v1/feed?limit={random.Next(1, 40)}&wait=60{after}", patience.Token);
                using var page = JsonDocument.Parse(body);
                seen.AddRange(page.RootElement.GetProperty("entries").EnumerateArray()
                    .Select(e => e.GetProperty("position").GetInt64()));
                after = $"&after={page.RootElement.GetProperty("next").GetString()}";
            }
            catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
            {
                // Lost.
            }
        }

        return seen;
    }

    private static async Task<List<long>> StreamAsync(Site site, int entries, Random random)
    {
        var seen = new List<long>();
        string? last = null;
        while (seen.Count < entries)
        {
            using var stream = await FeedListener.OpenAsync(site, last);
            for (var left = random.Next(0, 60); left > 0 && seen.Count < entries; left--)
            {
                var (id, data) = (await stream.NextAsync()).GetValueOrDefault();
                seen.Add(data.GetProperty("position").GetInt64());
                Assert.Equal(id, data.GetProperty("cursor").GetString());
                last = id;
            }
        }

        return seen;
    }
}
