using Lifecycle.Client.Tests.Support;

namespace Lifecycle.Client.Tests;

/// <summary>Against the server as its user starts it.</summary>
public sealed class RealServerTests(RealServer server) : IClassFixture<RealServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_redemption_whose_answer_is_lost_is_applied_once()
    {
        await using var line = new LossyLine(server.Url);
        using var client = Connect(line.Url);
        await client.SendEventsAsync([new("e", EventTypes.Visit, "lost")], cancel: Cancel);
        await client.AdjustAsync("lost", 1_000, "goodwill", cancel: Cancel);

        line.LoseAnswers(2);
        var receipt = await client.RedeemAsync("lost", 100, "voucher", cancel: Cancel);

        Assert.Equal(2, line.AnswersLost);
        Assert.True(receipt.IsReplayed);
        Assert.Equal(900, receipt.Available);
        Assert.Equal(900, (await client.GetStatusAsync("lost", cancel: Cancel)).Available);
        Assert.Equal(
            [100L],
            await client.GetWholeLedgerAsync("lost", cancel: Cancel).Where(m => m.Cause == "redeemed")
                .Select(m => m.Points).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_line_that_keeps_breaking_loses_and_doubles_no_event()
    {
        await using var line = new LossyLine(server.Url);
        using var client = Connect(line.Url);
        var answered = 0;
        await using (var sender = new EventSender(client, new()
        {
            Lanes = 3, BatchEventsMax = 10,
            Answered = (_, _) =>
            {
                var n = Interlocked.Increment(ref answered);
                if (n % 4 == 0) line.LoseAnswers(1);
                if (n % 4 == 2) line.LoseRequests(1);
            },
        }))
        {
            for (var n = 0; n < 600; n++)
                await sender.AddAsync(new($"{n}", EventTypes.Visit, $"lossy-{n % 20}"), Cancel);
            await sender.FlushAsync(Cancel);
            Assert.Equal(600, sender.Totals.Answered);
            Assert.True(sender.Totals.Duplicates > 0);
        }

        Assert.True(line.AnswersLost > 3);
        Assert.True(line.RequestsLost > 3);
        for (var customer = 0; customer < 20; customer++)
        {
            var entries = await client.GetAllEntriesAsync($"lossy-{customer}", cancel: Cancel).ToListAsync(Cancel);
            Assert.Equal(
                Enumerable.Range(0, 30).Select(n => $"{(n * 20) + customer}"),
                entries.Where(e => e.Type == EventTypes.Visit).Reverse().Select(e => e.Id));
        }
    }

    [Fact]
    public async Task A_customer_is_read_with_its_history_its_ledger_and_its_reasons()
    {
        using var client = Connect(server.Url);
        var at = DateTimeOffset.UtcNow.AddDays(-40);
        var answer = await client.SendEventsAsync(
            [
                new("o", EventTypes.OrderPlaced, "reader")
                {
                    Source = "shop", OccurredAt = at,
                    Data = new()
                    {
                        OrderId = "o-1", Currency = "EUR", AmountMinor = 12_900,
                        Items = [new("A") { Category = "tea", Quantity = 2, AmountMinor = 12_900 }],
                    },
                },
                new("bad", EventTypes.SurveyAnswered, "reader") { Data = new() { Kind = "nps", Score = 11 } },
            ],
            new() { Historical = true, Results = ResultsWanted.All }, Cancel);

        Assert.Equal((1, 0, 1), (answer.Accepted, answer.Duplicates, answer.Quarantined));
        Assert.Equal([129], answer.Results[0].Receipt!.Effects.OfType<PointsMoved>().Select(moved => moved.Points));
        Assert.Equal("invalid_field", answer.Results[1].Problem!.Reason);
        Assert.Contains("/data/score", answer.Results[1].Problem!.Errors!.Keys);

        var customer = await client.GetCustomerAsync("reader", cancel: Cancel);
        Assert.Equal((129, "New"), (customer.Points.Available, customer.Stage.Name));
        Assert.Equal(1, customer.Metrics.Windows["90d"].Orders);
        Assert.Equal(12_900, customer.Metrics.MonetaryMinor);
        var before = await client.GetCustomerAsync("reader", new(at.AddDays(1)), Cancel);
        Assert.Equal((0, 129), (before.Points.Available, before.Points.Pending));
        var why = await client.ExplainAsync("reader", "points.available", cancel: Cancel);
        Assert.Equal((129, 129), (why.Value, why.Contributions.Sum(c => c.Amount)));
        var entries = await client.GetEntriesAsync("reader", limit: 1, cancel: Cancel);
        Assert.Single(entries.Entries);
        Assert.Equal(
            12_900,
            (int)(await client.GetAllEntriesAsync("reader", cancel: Cancel).LastAsync(Cancel)).Data["amount_minor"]!);
        var quarantined = await client.GetWholeQuarantineAsync(cancel: Cancel)
            .FirstAsync(i => i.Reason == "invalid_field", Cancel);
        Assert.Contains("score", quarantined.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_would_say_the_same_says_nothing()
    {
        using var client = Connect(server.Url);
        await client.SendEventsAsync([new("e", EventTypes.Visit, "tagged")], cancel: Cancel);

        var status = await client.GetStatusAsync("tagged", cancel: Cancel);
        var customer = await client.GetCustomerAsync("tagged", cancel: Cancel);

        Assert.Null(await client.GetStatusIfChangedAsync("tagged", status.ETag, cancel: Cancel));
        Assert.Null(await client.GetCustomerIfChangedAsync("tagged", customer.ETag, cancel: Cancel));
        var receipt = await client.AdjustAsync("tagged", 5, "goodwill", cancel: Cancel);
        var changed = await client.GetStatusIfChangedAsync("tagged", status.ETag, cancel: Cancel);
        Assert.Equal((5, receipt.Version), (changed!.Available, changed.Version));
    }

    [Fact]
    public async Task A_command_on_a_customer_that_has_changed_is_stale_and_moves_nothing()
    {
        using var client = Connect(server.Url);
        await client.SendEventsAsync([new("e", EventTypes.Visit, "stale")], cancel: Cancel);
        var seen = await client.GetStatusAsync("stale", cancel: Cancel);
        var mine = new CommandOptions { IfMatch = seen.ETag };
        var first = await client.AdjustAsync("stale", 5, "goodwill", options: mine, cancel: Cancel);

        var failure = await Assert.ThrowsAsync<LifecycleException>(() => client.AdjustAsync(
            "stale", 5, "goodwill", options: mine, cancel: Cancel));

        Assert.True(failure.IsStale);
        Assert.Equal(("stale_version", first.Version), (failure.Code, failure.Version));
        Assert.Equal(5, (await client.GetStatusAsync("stale", cancel: Cancel)).Available);
        await client.AdjustAsync("stale", 1, "goodwill", options: new() { IfMatch = first.ETag }, cancel: Cancel);
    }

    [Fact]
    public async Task A_key_of_the_callers_own_gives_the_first_receipt_for_ever()
    {
        using var client = Connect(server.Url);
        await client.SendEventsAsync([new("e", EventTypes.Visit, "keyed")], cancel: Cancel);
        var mine = new CommandOptions { IdempotencyKey = "till-7-0042" };

        var first = await client.AdjustAsync("keyed", 5, "goodwill", options: mine, cancel: Cancel);
        var again = await client.AdjustAsync("keyed", 5, "goodwill", options: mine, cancel: Cancel);
        var other = await Assert.ThrowsAsync<LifecycleException>(
            () => client.AdjustAsync("keyed", 6, "goodwill", options: mine, cancel: Cancel));
        var refused = await Assert.ThrowsAsync<LifecycleException>(
            () => client.RedeemAsync("keyed", 9, cancel: Cancel));

        Assert.Equal((false, true), (first.IsReplayed, again.IsReplayed));
        Assert.Equal(first.Version, again.Version);
        Assert.Equal("idempotency_key_reused", other.Code);
        Assert.Equal(("insufficient_points", true), (refused.Code, refused.IsRefusal));
    }

    [Fact]
    public async Task Operations_answer_typed()
    {
        using var client = Connect(server.Url);
        Assert.True((await client.GetHealthAsync(Cancel)).IsReady);
        Assert.Contains("rfm", (await client.GetReportsAsync(Cancel)).Reports.Select(report => report.Name));
        Assert.Equal("rfm", (await client.RunReportAsync("rfm", new(DateTimeOffset.UtcNow), cancel: Cancel)).Name);
        var programs = await client.GetProgramsAsync(Cancel);
        Assert.Contains("retail-default", programs.Document, StringComparison.Ordinal);
        Assert.NotEmpty(programs.Stored);
        var key = await client.CreateKeyAsync("till", ["ingest"], Cancel);
        Assert.Contains(key.Id, (await client.GetKeysAsync(Cancel)).Select(each => each.Id));
        await client.RevokeKeyAsync(key.Id, Cancel);
        Assert.Equal(
            "not_found",
            (await Assert.ThrowsAsync<LifecycleException>(() => client.RevokeKeyAsync(key.Id, Cancel))).Code);
        Assert.Empty((await client.VerifyAsync(Cancel)).Violations);
        var live = await client.SendAsync(HttpMethod.Get, "/health/live", cancel: Cancel);
        Assert.Equal("live", live.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_feed_has_what_was_sent_in_order_and_goes_on()
    {
        using var client = Connect(server.Url);
        var start = (await client.GetFeedAsync("now", cancel: Cancel)).Next;
        var wait = client.FollowFeedAsync(start, Cancel).Where(e => e.Customer == "fed").Take(3).ToListAsync(Cancel);
        for (var n = 1; n <= 3; n++)
            await client.SendEventsAsync([new($"{n}", EventTypes.Visit, "fed")], cancel: Cancel);

        var followed = await wait;
        var (read, page) = (new List<FeedEntry>(), await client.GetFeedAsync(start, limit: 1, cancel: Cancel));
        for (; page.Entries.Count > 0; page = await client.GetFeedAsync(page.Next, limit: 1, cancel: Cancel))
            read.AddRange(page.Entries.Where(e => e.Customer == "fed"));

        Assert.Equal(["1", "2", "3"], followed.Select(e => e.Entry!.Id));
        Assert.Equal(followed.Select(e => e.Position), read.Select(e => e.Position));
        Assert.Equal("cursor_malformed", (await Assert.ThrowsAsync<LifecycleException>(
            () => client.GetFeedAsync("x", cancel: Cancel))).Code);
    }

    [Fact]
    public async Task A_scan_over_a_breaking_line_gives_every_customer_once()
    {
        const int Customers = 2_000;
        await using var line = new LossyLine(server.Url);
        using var client = Connect(line.Url);
        await client.SendEventsAsync(
            Enumerable.Range(0, Customers).Select(n => new CustomerEvent("e", EventTypes.Visit, $"scanned-{n:D4}")),
            cancel: Cancel);

        var seen = new List<string>();
        await foreach (var customer in client.ScanAsync(columns: ["stage"], cancel: Cancel))
        {
            seen.Add((string)customer["customer"]!);
            Assert.NotNull((string?)customer["stage"]);
            if (seen.Count is 10 or 500) line.LoseAnswers(1);
        }
        // The list follows within a second or so.
        var listed = new List<string>();
        while (listed.Count < Customers)
        {
            listed = await client.GetAllCustomersAsync(new() { Q = "scanned-", Stage = "Prospect" }, Cancel)
                .Select(customer => customer.Id).ToListAsync(Cancel);
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        var expected = Enumerable.Range(0, Customers).Select(n => $"scanned-{n:D4}").ToList();
        Assert.Equal(
            expected,
            seen.Where(id => id.StartsWith("scanned-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(expected, listed.Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<LifecycleException>(() => client.ScanAsync("customer.nonsense", cancel: Cancel)
            .FirstOrDefaultAsync(Cancel).AsTask());
    }

    [Fact]
    public async Task The_code_that_the_documentation_shows_is_this_and_runs()
    {
        Assert.Equal(PageExample.ShownOnPage, PageExample.RunHere);

        await PageExample.RunAsync(server.Url, "dev", DateTimeOffset.UtcNow);

        using var client = Connect(server.Url);
        Assert.Equal(129, (await client.GetStatusAsync("c-1", cancel: Cancel)).Pending);
        Assert.Equal(100, (await client.GetCustomerAsync("c-3", cancel: Cancel)).Metrics.Windows["7d"].Visits);
    }

    [Fact]
    public async Task Nobody_there_is_an_answer_about_health()
    {
        using var client = new LifecycleClient(new("http://127.0.0.1:9"), "dev");

        var health = await client.GetHealthAsync(Cancel);

        Assert.Equal((false, "unreachable"), (health.IsReady, health.Status));
    }

    private static LifecycleClient Connect(Uri url) => new(new LifecycleClientOptions
    {
        Url = url, Key = "dev", Retry = new() { DelayFirst = TimeSpan.FromMilliseconds(1) },
    });
}
