using Lifecycle.Client.Tests.Support;

namespace Lifecycle.Client.Tests;

public sealed class WhatIfTests(RealServer server) : IClassFixture<RealServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_and_commands_are_decided_in_order_and_nothing_is_written()
    {
        using var client = Clients.To(server.Url);
        await client.SendEventsAsync([new("e", EventTypes.Visit, "asker")], cancel: Cancel);
        await client.AdjustAsync("asker", 100, "goodwill", cancel: Cancel);
        var before = await client.GetStatusAsync("asker", cancel: Cancel);

        var answer = await client.AskWhatIfAsync(
            "asker",
            [
                new WhatIfEvent(EventTypes.OrderPlaced)
                {
                    Id = "o", Data = new() { OrderId = "o-1", Currency = "EUR", AmountMinor = 12_900 },
                },
                new WhatIfRedemption(30, "voucher", IdempotencyKey: "k"),
                new WhatIfAdjustment(-20, "goodwill"),
                new WhatIfRedemption(1_000),
                new WhatIfEvent(EventTypes.SurveyAnswered) { Data = new() { Kind = "nps", Score = 11 } },
            ],
            cancel: Cancel);

        Assert.Equal(
            ["accepted", "accepted", "accepted", "refused", "quarantined"], answer.Outcomes.Select(o => o.Status));
        Assert.Equal(("o", "k"), (answer.Outcomes[0].Id, answer.Outcomes[1].Id));
        Assert.Equal((70, 129), (answer.Outcomes[1].Receipt!.Available, answer.Outcomes[1].Receipt!.Pending));
        Assert.Equal("insufficient_points", answer.Outcomes[3].Problem!.Reason);
        Assert.Equal("invalid_field", answer.Outcomes[4].Problem!.Reason);
        Assert.Equal((50, 129), (answer.View!.Points.Available, answer.View.Points.Pending));
        Assert.Equal(before.Version, answer.Version);
        Assert.Null(await client.GetStatusIfChangedAsync("asker", before.ETag, cancel: Cancel));
    }

    [Fact]
    public async Task A_question_may_be_about_later_and_about_the_customer_of_then()
    {
        using var client = Clients.To(server.Url);
        var at = DateTimeOffset.UtcNow.AddDays(-40);
        await client.SendEventsAsync(
            [Order("o-1", "timed", at, 10_000), Order("o-2", "timed", at.AddDays(30), 5_000)],
            new() { Historical = true }, Cancel);

        var later = await client.AskWhatIfAsync("timed", [], DateTimeOffset.UtcNow.AddDays(10), cancel: Cancel);
        var then = await client.AskWhatIfAsync("timed", [], at: new(at.AddDays(1)), cancel: Cancel);
        var nobody = await client.AskWhatIfAsync("nobody-yet", [], cancel: Cancel);

        Assert.Equal((150, 0), (later.View!.Points.Available, later.View.Points.Pending));
        Assert.Equal((0, 100), (then.View!.Points.Available, then.View.Points.Pending));
        Assert.Null(nobody.View);
    }

    [Fact]
    public async Task The_points_of_a_basket_are_those_that_its_order_earns()
    {
        using var client = Clients.To(server.Url);
        var data = new EventData { Currency = "EUR", Items = [new("A") { AmountMinor = 4_200 }] };

        var basket = await client.CalculateAsync("buyer", data, Cancel);
        var order = new WhatIfEvent(EventTypes.OrderPlaced)
        {
            Id = "o", Source = "shop", Data = data with { OrderId = "o-1", AmountMinor = 4_200 },
        };
        var asEvent = await client.CalculateEventAsync("buyer", order, Cancel);
        await client.SendEventsAsync(
            [new("o", order.Type, "buyer") { Source = order.Source, Data = order.Data }], cancel: Cancel);
        var placed = await client.GetStatusAsync("buyer", cancel: Cancel);
        var dollars = await Assert.ThrowsAsync<LifecycleException>(
            () => client.CalculateAsync("buyer", data with { Currency = "USD" }, Cancel));

        Assert.Equal(("accepted", 0, 42), (basket.Status, basket.Version, basket.Points));
        Assert.Equal(basket.Points, basket.Rules.Sum(rule => rule.Points));
        Assert.All(basket.Rules, rule => Assert.True(rule.AvailableAt < rule.ExpiresAt));
        Assert.Equal((basket.Points, basket.Stage), (asEvent.Points, asEvent.Stage));
        Assert.Equal((basket.Pending, basket.Stage), (placed.Pending, placed.Stage));
        Assert.True(dollars.IsRefusal);
    }

    [Fact]
    public async Task Every_reading_takes_a_point_in_time()
    {
        using var client = Clients.To(server.Url);
        var at = DateTimeOffset.UtcNow.AddDays(-40);
        await client.SendEventsAsync(
            [Order("o-1", "past", at, 10_000), Order("o-2", "past", at.AddDays(30), 5_000)],
            new() { Historical = true }, Cancel);
        var (then, unknown) = (new PointInTime(at.AddDays(1)), new PointInTime(KnownAt: at.AddDays(1)));

        var entries = await client.GetAllEntriesAsync("past", then, Cancel).ToListAsync(Cancel);
        var page = await client.GetEntriesAsync("past", at: then, cancel: Cancel);
        var moved = await client.GetWholeLedgerAsync("past", then, Cancel).ToListAsync(Cancel);
        var movedPage = await client.GetLedgerAsync("past", at: then, cancel: Cancel);
        var fields = await client.GetExplainableFieldsAsync("past", then, Cancel);

        Assert.Equal(["o-1"], entries.Select(entry => entry.Id));
        Assert.Equal(["o-1"], page.Entries.Select(entry => entry.Id));
        Assert.Equal([100L], moved.Select(movement => movement.Points));
        Assert.Equal([100L], movedPage.Movements.Select(movement => movement.Points));
        Assert.Equal(100, (await client.GetStatusAsync("past", then, Cancel)).Pending);
        Assert.Equal(100, (await client.ExplainAsync("past", "points.pending", then, cancel: Cancel)).Value);
        Assert.Contains("points.pending", fields);
        Assert.Contains("stage.since", fields);
        Assert.Equal("rfm", (await client.RunReportAsync("rfm", then, cancel: Cancel)).Name);
        foreach (var reading in new Func<Task>[]
        {
            () => client.GetCustomerAsync("past", unknown, Cancel),
            () => client.GetEntriesAsync("past", at: unknown, cancel: Cancel),
            () => client.GetLedgerAsync("past", at: unknown, cancel: Cancel),
            () => client.GetExplainableFieldsAsync("past", unknown, Cancel),
        })
            Assert.Equal("customer_not_found", (await Assert.ThrowsAsync<LifecycleException>(reading)).Code);
    }

    private static CustomerEvent Order(string id, string customer, DateTimeOffset at, long amountMinor) =>
        new(id, EventTypes.OrderPlaced, customer)
        {
            OccurredAt = at, Data = new() { OrderId = id, Currency = "EUR", AmountMinor = amountMinor },
        };
}
