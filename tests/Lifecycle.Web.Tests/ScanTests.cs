using System.Globalization;
using System.Text.Json;
using Lifecycle.Analytics.Population;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Tests.Support;
using Lifecycle.Web.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

public sealed class ScanTests
{
    private static readonly string[] WindowColumns =
        ["orders", "spend_minor", "units", "returns", "visits", "views", "searches", "discount_minor"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scan_during_heavy_ingest_interrupted_three_times_is_a_fold_of_the_journal_to_its_cut()
    {
        const int customers = 1_300;
        await using var site = await Site.StartAsync();
        var seeded = 0;
        foreach (var chunk in Enumerable.Range(0, customers).Chunk(650))
            await SendAsync(site, chunk.SelectMany(c => Life($"c-{c}", seeded++)));
        using var done = new CancellationTokenSource();
        var ingest = Enumerable.Range(0, 3)
            .Select(w => Task.Run(() => IngestAsync(site, w, customers, done.Token), Cancel)).ToArray();

        var scan = new ScanReader(site, "format=ndjson");
        foreach (var lines in new[] { 120, 610, 1_100 })
        {
            Assert.False(await scan.ReadAsync(lines));
            // Time passes too: the cut keeps its instant.
            await site.AdvanceAsync(TimeSpan.FromDays(2));
        }

        Assert.True(await scan.ReadAsync(int.MaxValue));
        await done.CancelAsync();
        await Task.WhenAll(ingest);

        var engine = site.Services.GetRequiredService<LifecycleEngine>();
        Assert.True(await engine.Store.Journal.ReadHeadAsync(Cancel) > scan.Position, "Nothing came past the cut.");
        Rfc3339.Parse(scan.AsOf!, out var asOf);
        var expected = await FoldAsync(engine, scan.Position, asOf);
        Assert.Equal(expected.Keys, scan.Lines.Select(line => line.GetProperty("customer").GetString()));
        Assert.All(scan.Lines, line => AssertSame(expected[line.GetProperty("customer").GetString()!], line));
        Assert.Empty((await engine.VerifyAsync(null, Cancel)).Violations);
    }

    [Fact]
    public async Task Columns_and_filter_choose_and_csv_says_the_same()
    {
        await using var site = await Site.StartAsync();
        await SendAsync(site, Enumerable.Range(0, 9).SelectMany(i => Life($"c-{i}", i)));
        await site.PostAsync("/v1/customers/c-3/points/adjust", """{"points":70,"reason":"a \"gift\", late"}""");
        const string query = "columns=customer,available,stage,last_order_at&filter=customer.points_available%20%3E%2069";
        var json = await site.GetAsync($"/v1/scan?{query}");
        var csv = await site.GetAsync($"/v1/scan?{query}", ("Accept", "text/csv"));
        var cut = csv.Headers.GetValues("Lifecycle-Cut").Single();
        var rest = await site.GetAsync($"/v1/scan?{query}&format=csv&cut={cut}&after=c-3");
        var all = await site.GetAsync("/v1/scan?columns=customer&format=csv");

        Assert.Equal(("application/x-ndjson", "text/csv"), (json.MediaType, csv.MediaType));
        var line = Assert.Single(json.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            """{"customer":"c-3","available":70,"stage":"New","last_order_at":"2026-11-20T11:00:00Z"}""", line);
        Assert.Equal(
            "customer,available,stage,last_order_at\r\nc-3,70,New,2026-11-20T11:00:00Z\r\n", csv.Body);
        Assert.Equal("", rest.Body);
        Assert.Equal(10, all.Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("columns=customer,availabel,nothing", "columns", "Did you mean 'available'?")]
    [InlineData("columns=stage,stage", "columns", "twice")]
    [InlineData("filter=customer.orders", "filter", "Compare it")]
    [InlineData("filter=true %26%26 customer.order > 1", "filter", "column 9")]
    [InlineData("filter=event.quantity > 1", "filter", "event.*")]
    [InlineData("after=c-1", "after", "Lifecycle-Cut")]
    [InlineData("format=xml", "format", "ndjson")]
    [InlineData("colums=stage", "colums", "did you mean columns?")]
    public async Task What_is_wrong_is_named_and_the_way_out_said(string query, string name, string hint)
    {
        await using var site = await Site.StartAsync();
        var answer = await site.GetAsync($"/v1/scan?{query}");

        Assert.Equal((400, "invalid_parameter"), (answer.Status, answer.Problem));
        Assert.Contains(
            hint, answer.Json.GetProperty("errors").GetProperty(name).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cuts_that_are_wrong_and_customers_that_are_none_are_refused()
    {
        await using var site = await Site.StartAsync();
        await using var other = await Site.StartAsync();
        await site.OrderAsync("c", "e");
        var cut = (await site.GetAsync("/v1/scan")).Headers.GetValues("Lifecycle-Cut").Single();
        var foreign = (await other.GetAsync("/v1/scan")).Headers.GetValues("Lifecycle-Cut").Single();

        Assert.Equal("cursor_of_another_epoch", (await site.GetAsync($"/v1/scan?cut={foreign}")).Problem);
        Assert.Equal("cursor_malformed", (await site.GetAsync("/v1/scan?cut=17")).Problem);
        Assert.Equal("cursor_malformed", (await site.GetAsync($"/v1/scan?cut={cut[..^4]}")).Problem);
        Assert.Equal("invalid_parameter", (await site.GetAsync($"/v1/scan?cut={cut}&after=d")).Problem);
        Assert.Equal(200, (await site.GetAsync($"/v1/scan?cut={cut}")).Status);
    }

    [Fact]
    public async Task Scans_at_once_have_a_number_that_a_reader_who_left_gives_back()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:ScansMax", "1"));
        for (var chunk = 0; chunk < 4; chunk++)
            await SendAsync(site, Enumerable.Range(chunk * 1_000, 1_000).Select(i => Sent.Visit($"c-{i}", "v")));
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/scan");
        using (await site.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel))
            Assert.Equal("overloaded", (await site.GetAsync("/v1/scan")).Problem);
        while (await site.GetAsync("/v1/scan?columns=version") is { Status: not 200 } busy)
            Assert.Equal("overloaded", busy.Problem);
    }

    private static async Task IngestAsync(Site site, int writer, int customers, CancellationToken until)
    {
        var random = new Random(writer);
        for (var i = 0; !until.IsCancellationRequested; i++)
        {
            var round = i;
            await SendAsync(site, Enumerable.Range(0, 60).SelectMany(
                n => Life($"c-{random.Next(customers * 5 / 4)}", (writer + 1) * 1_000_000 + round * 60 + n)));
        }
    }

    private static async Task SendAsync(Site site, IEnumerable<string> events)
    {
        // While a test moves its clock, the lease is lost for a moment.
        var body = $"[{string.Join(',', events)}]";
        Answer answer;
        do answer = await site.PostAsync("/v1/events", body);
        while (answer.Status == 503);
        Assert.Equal((200, 0), (answer.Status, answer.Number("quarantined")));
    }

    /// <summary>Some of what a shopper does, of many amounts and days.</summary>
    private static IEnumerable<string> Life(string customer, int n)
    {
        yield return Sent.Order(customer, $"o{n}", 500 + n % 977 * 13);
        if (n % 3 == 0)
            yield return Sent.Visit(customer, $"v{n}").Replace(
                "2026-11-20T11", $"2026-{n % 11 + 1:00}-10T11", StringComparison.Ordinal);
        if (n % 5 == 0)
            yield return
                $$$"""
                {"id":"r{{{n}}}","source":"shop","type":"order.returned","customer":"{{{customer}}}",
                "occurred_at":"2026-11-20T11:30:00Z","data":{"order_id":"o-o{{{n}}}","currency":"EUR",
                "amount_minor":{{{100 + n % 400}}}}}
                """;
    }

    /// <summary>Every customer as the API would have shown them, in key order, from the entries alone.</summary>
    private static async Task<Dictionary<string, JsonElement>> FoldAsync(
        LifecycleEngine engine, long position, Instant asOf)
    {
        var states = new SortedDictionary<CustomerKey, CustomerState>();
        for (var from = 0L; from < position;)
        {
            var rows = await engine.Store.Journal.ReadFeedAsync(from, 5_000, Cancel);
            foreach (var row in rows.Where(row => row.Position <= position))
                states[row.Customer] = Evolver.Evolve(
                    states.GetValueOrDefault(row.Customer, CustomerState.Empty), EntryCodec.Decode(row));
            from = rows[^1].Position;
        }

        var found = new Dictionary<string, JsonElement>();
        foreach (var chunk in states.Chunk(500))
        {
            var ids = await engine.Store.Registry.ReadIdsAsync([.. chunk.Select(pair => pair.Key)], Cancel);
            foreach (var (key, state) in chunk)
            {
                var view = Views.At(state, engine.Programs.Schedule, asOf);
                found[ids[key]] = JsonSerializer.SerializeToElement(
                    CustomerWire.Of(ids[key], view), WireJson.Wire.CustomerWire);
            }
        }

        return found;
    }

    private static void AssertSame(JsonElement customer, JsonElement line)
    {
        Assert.Equal(CustomerColumns.All.Select(c => c.Name), line.EnumerateObject().Select(p => p.Name));
        foreach (var column in line.EnumerateObject())
            Assert.Equal((column.Name, TextOf(Find(customer, column.Name))), (column.Name, TextOf(column.Value)));
    }

    private static JsonElement? Find(JsonElement customer, string column)
    {
        var points = customer.GetProperty("points");
        var metrics = customer.GetProperty("metrics");
        var stage = customer.GetProperty("stage");
        var expiring = points.GetProperty("expiring").EnumerateArray().FirstOrDefault();
        var windowed = column.LastIndexOf('_') is var at and > 0 && WindowColumns.Contains(column[..at]);
        return column switch
        {
            "stage" => stage.GetProperty("name"),
            "stage_since" => stage.GetProperty("since"),
            "stage_reason" => stage.GetProperty("reason"),
            "next_review_at" => stage.GetProperty("next_review_at"),
            "available" or "pending" or "held" => points.GetProperty(column),
            "next_expiry_points" => expiring.ValueKind == JsonValueKind.Undefined ? null : expiring.GetProperty("points"),
            "next_expiry_at" => expiring.ValueKind == JsonValueKind.Undefined ? null : expiring.GetProperty("expires_at"),
            "earned" or "redeemed" or "expired" or "reversed" or "adjusted" =>
                points.GetProperty("lifetime").GetProperty(column),
            "rhythm_warning_since" => customer.GetProperty("warnings").EnumerateArray()
                .Select(w => (JsonElement?)w.GetProperty("since")).FirstOrDefault(),
            "customer" or "version" or "next_change_at" or "as_of" => customer.GetProperty(column),
            _ when WindowColumns.Contains(column) =>
                metrics.GetProperty("windows").GetProperty("lifetime").GetProperty(column),
            _ when windowed => metrics.GetProperty("windows").GetProperty(column[(column.LastIndexOf('_') + 1)..])
                .GetProperty(column[..column.LastIndexOf('_')]),
            _ => metrics.GetProperty(column),
        };
    }

    /// <summary>Instants are compared as such: one form writes the zeros of a fraction, another does not.</summary>
    private static string TextOf(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null } => "null",
        { ValueKind: JsonValueKind.String } text when DateTimeOffset.TryParse(
            text.GetString(), CultureInfo.InvariantCulture, out var time) => time.ToString("O", CultureInfo.InvariantCulture),
        { ValueKind: JsonValueKind.Number } number => number.GetDecimal().ToString("G29", CultureInfo.InvariantCulture),
        { } other => other.ToString(),
    };
}
