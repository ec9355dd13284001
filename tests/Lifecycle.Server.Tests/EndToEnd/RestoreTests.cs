using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;

using Lifecycle.Tests.Shared;
namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>
/// As an operator does it: backups of a server that several clients write to, its end, a restore to an instant in the
/// middle of the writing, and another server on what was restored.
/// </summary>
public sealed class RestoreTests : IDisposable
{
    private const int Clients = 4;
    private const int CustomersOfEach = 5;

    private readonly string _root = Directory.CreateTempSubdirectory("lifecycle-restore-").FullName;
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly DateTimeOffset _placedAt = DateTimeOffset.UtcNow.AddDays(-20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_root, "data");

    private string Restored => Path.Combine(_root, "restored");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_server_goes_on_from_an_instant_in_the_middle_of_its_writing()
    {
        Instant until;
        string tag, cursor, backup;
        await using (var server = await ServerProcess.StartAsync(Data))
        {
            using var stop = new CancellationTokenSource();
            var writing = Enumerable.Range(0, Clients).Select(n => WriteAsync(server.Http, n, stop.Token)).ToList();
            // Its points mature in some seconds, by time alone.
            var due = DateTimeOffset.UtcNow.AddDays(-14).AddSeconds(4);
            await PostAsync(server.Http, "/v1/events", Order("due", "due", due));
            await GrowAsync(200);
            await BackUpAsync("early");
            until = Instant.From(DateTimeOffset.UtcNow);
            await GrowAsync(200);
            backup = await BackUpAsync("late");
            await stop.CancelAsync();
            await Task.WhenAll(writing);
            using var read = await server.Http.GetAsync("/v1/customers/c-0-0/status", Cancel);
            tag = read.Headers.ETag!.ToString();
            cursor = (await JsonAsync(server.Http, "/v1/feed?limit=1000")).GetProperty("next").GetString()!;
            await server.TerminateAsync();
        }

        var (exitCode, output) = await CommandLine.RunAsync(
            "restore", "--from", backup, "--data", Restored, "--until", $"{until}", "--installation-key",
            Path.Combine(Data, "installation.key"));
        Assert.True(exitCode == 0, output);
        var (kept, position, inputs) = await PrefixAsync(until);
        Assert.Contains($"entries         {position} of {kept.Count} customers", output, StringComparison.Ordinal);
        Assert.Equal(kept, new SortedDictionary<CustomerKey, Hash16>(
            (await StoredStates.ReadAsync(Restored)).Hashes.ToDictionary()));

        await using var again = await ServerProcess.StartAsync(Restored);
        using var gone = await again.Http.GetAsync($"/v1/feed?after={cursor}", Cancel);
        Assert.Equal(410, (int)gone.StatusCode);
        var why = await gone.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("cursor_of_another_epoch", why, StringComparison.Ordinal);
        await RefusesAsync(again.Http, tag);
        await RedeliverAsync(again.Http, inputs);
        await TickedAsync(again.Http);
        var report = await PostAsync(again.Http, "/v1/admin/verify", "");
        Assert.Equal(0, report.GetProperty("violations_found").GetInt32());
        Assert.Equal(0, (await CommandLine.RunAsync("verify", "--store", Restored)).ExitCode);
    }

    private async Task WriteAsync(HttpClient http, int client, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var order = Order($"e-{client}-{i}", $"c-{client}-{i % CustomersOfEach}", _placedAt);
            Assert.Equal(1, (await PostAsync(http, "/v1/events", order)).GetProperty("accepted").GetInt32());
            _sent.Enqueue(order);
        }
    }

    private async Task<string> BackUpAsync(string name)
    {
        var file = Path.Combine(_root, $"{name}.db");
        var (exitCode, output) = await CommandLine.RunAsync("backup", "--data", Data, "--to", file);
        Assert.True(exitCode == 0, output);
        return file;
    }

    private async Task GrowAsync(int events)
    {
        for (var until = _sent.Count + events; _sent.Count < until;) await Task.Delay(10, Cancel);
    }

    /// <summary>What the journal of before folds to, up to the last entry before one that was recorded later.</summary>
    private async Task<(SortedDictionary<CustomerKey, Hash16> Folds, int Position, int Inputs)> PrefixAsync(
        Instant until)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(Data);
        var feed = await store.Journal.ReadFeedAsync(0, 1_000_000, Cancel);
        var prefix = feed.TakeWhile(row => row.RecordedAt <= until).ToList();
        Assert.InRange(prefix.Count, 150, feed.Count - 150);
        var folds = prefix.GroupBy(row => row.Customer).ToDictionary(
            rows => rows.Key, rows => StateCodec.HashOf(rows.Aggregate(Head.Empty, Chain.Follow).State));
        return (new(folds), prefix.Count, prefix.Count(row => row.EventKey is not null));
    }

    private static async Task RefusesAsync(HttpClient http, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/customers/c-0-0/points/adjust")
        {
            Content = new StringContent("""{"points":5,"reason":"r"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        using var answer = await http.SendAsync(request, Cancel);
        Assert.Equal(412, (int)answer.StatusCode);
        // The same answer of the old history is not taken for the present one.
        using var read = new HttpRequestMessage(HttpMethod.Get, "/v1/customers/c-0-0/status");
        read.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var present = await http.SendAsync(read, Cancel);
        Assert.Equal(200, (int)present.StatusCode);
    }

    /// <summary>All that was ever sent: what was kept is known, what was cut off is taken.</summary>
    private async Task RedeliverAsync(HttpClient http, int kept)
    {
        var (accepted, duplicates) = (0, 0);
        foreach (var batch in _sent.Chunk(500))
        {
            var answer = await PostAsync(http, "/v1/events", $"[{string.Join(',', batch)}]");
            accepted += answer.GetProperty("accepted").GetInt32();
            duplicates += answer.GetProperty("duplicates").GetInt32();
        }

        // The order that is due is not sent again.
        Assert.Equal((_sent.Count - (kept - 1), kept - 1), (accepted, duplicates));
    }

    /// <summary>The scheduler writes what has become due, whether anybody asks or not.</summary>
    private static async Task TickedAsync(HttpClient http)
    {
        for (var i = 0; i < 200; i++)
        {
            var entries = (await JsonAsync(http, "/v1/customers/due/entries")).GetProperty("entries");
            if (entries.EnumerateArray().Any(e => e.GetProperty("type").GetString() == "tick")) return;
            await Task.Delay(100, Cancel);
        }

        Assert.Fail("The customer who was due was not ticked.");
    }

    private static string Order(string id, string customer, DateTimeOffset at) =>
        $$$"""
        {"id":"{{{id}}}","source":"shop","type":"order.placed","customer":"{{{customer}}}",
         "occurred_at":"{{{at.ToString("O", CultureInfo.InvariantCulture)}}}",
         "data":{"order_id":"{{{id}}}","amount_minor":5000}}
        """;

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, content, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<JsonElement> JsonAsync(HttpClient http, string path) =>
        JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(path, Cancel));
}
