using System.Text.Json;
using System.Text.Json.Nodes;
using Lifecycle.Client.Tests.Support;
using Lifecycle.Domain.Inputs;
using static Lifecycle.Client.Tests.Support.ScriptedServer;

namespace Lifecycle.Client.Tests;

public sealed class WireTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_server_adds_later_is_passed_over()
    {
        using var server = Of(
            """
            {"new_member":{"a":1},"customer":"c","version":3,"status":"applied","stage":"New","available":1,"pending":2,
            "held":0,"effects":[{"kind":"sky_fell","how":"fast"},{"points":5,"kind":"points_moved","debit":"issued",
            "credit":"pending","cause":"earned","extra":true}]}
            """);
        using var client = Clients.Of(server, TimeProvider.System);

        var receipt = await client.AdjustAsync("c", 5, "goodwill", cancel: Cancel);

        Assert.Equal((3, 1, 2), (receipt.Version, receipt.Available, receipt.Pending));
        Assert.Equal(typeof(Effect), receipt.Effects[0].GetType());
        Assert.Equal(5, Assert.IsType<PointsMoved>(receipt.Effects[1]).Points);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("<html>a proxy</html>")]
    [InlineData("""{"customer":null,"version":1,"stage":"New","available":0,"pending":0,"held":0}""")]
    public async Task An_answer_of_another_kind_is_a_fault_and_not_a_null_somewhere_later(string body)
    {
        using var server = Of(body);
        using var client = Clients.Of(server, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<LifecycleException>(() => client.GetStatusAsync("c", cancel: Cancel));

        Assert.Contains("cannot be read", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_is_read_whole()
    {
        using var server = new ScriptedServer(_ => Json(
            422,
            """
            {"type":"/problems/insufficient_points","title":"There are not enough points","status":422,
            "detail":"There are 3.","errors":{"/points":"are too many"},"version":9,"later":1}
            """));
        using var client = Clients.Of(server, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<LifecycleException>(() => client.RedeemAsync("c", 5, cancel: Cancel));

        Assert.Equal(("/problems/insufficient_points", "insufficient_points"), (failure.Type, failure.Code));
        Assert.Equal(("There are 3.", 9), (failure.Detail, failure.Version));
        Assert.Equal("are too many", failure.Errors["/points"]);
        Assert.True(failure.IsRefusal);
    }

    [Fact]
    public async Task Ids_times_and_texts_are_escaped_in_a_path()
    {
        using var server = Of(
            """{"customer":"c","version":1,"field":"stage","count":0,"contributions":[],"text":"New"}""");
        using var client = Clients.Of(server, TimeProvider.System);
        var at = new DateTimeOffset(2026, 11, 20, 10, 30, 0, 500, TimeSpan.FromHours(1));

        await client.ExplainAsync("a/b?c d", "points.available", new(at), limit: 3, Cancel);

        Assert.Equal(
            "/v1/customers/a%2Fb%3Fc%20d/explain?field=points.available&limit=3&as_of=2026-11-20T09%3A30%3A00.5Z",
            server.Sent[0].Target);
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetStatusAsync("..", cancel: Cancel));
    }

    [Fact]
    public void An_event_is_written_as_the_server_reads_it()
    {
        using var batch = new EventBatch();
        batch.TryAdd(new("e-1", EventTypes.OrderPlaced, "c-1")
        {
            Source = "shop",
            OccurredAt = new(2026, 11, 20, 9, 30, 0, TimeSpan.Zero),
            Data = new()
            {
                OrderId = "o-1", AmountMinor = 12_900, Items = [new("A") { Quantity = 2, AmountMinor = 12_900 }],
                More = new JsonObject { ["note"] = "für Anna" },
            },
        });

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(
                """
                [{"id":"e-1","type":"order.placed","customer":"c-1","source":"shop",
                "occurred_at":"2026-11-20T09:30:00+00:00","data":{"order_id":"o-1","amount_minor":12900,
                "items":[{"sku":"A","quantity":2,"amount_minor":12900}],"note":"für Anna"}}]
                """),
            JsonNode.Parse(batch.ToJson().Span)));
    }

    [Fact]
    public void Every_field_and_type_that_the_server_declares_has_a_name_here()
    {
        var fields = typeof(EventData).GetProperties()
            .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).ToHashSet();
        var types = typeof(EventTypes).GetFields().Select(f => (string)f.GetValue(null)!).ToHashSet();

        Assert.Superset(EventSchema.Fields.Values.Select(f => f.Name).ToHashSet(), fields);
        Assert.Superset(EventSchema.Types.Keys.ToHashSet(), types);
    }

    [Fact]
    public void A_batch_is_full_at_its_number_of_events_or_bytes()
    {
        using var byNumber = new EventBatch(eventsMax: 2);
        Assert.True(byNumber.TryAdd(new("1", EventTypes.Visit, "c")));
        Assert.True(byNumber.TryAdd(new("2", EventTypes.Visit, "c")));
        Assert.False(byNumber.TryAdd(new("3", EventTypes.Visit, "c")));

        using var byBytes = new EventBatch(bytesMax: 1_024);
        var large = new CustomerEvent(new string('x', 5_000), EventTypes.Visit, "c");
        Assert.True(byBytes.TryAdd(large));
        Assert.False(byBytes.TryAdd(new("2", EventTypes.Visit, "c")));
        byBytes.Clear();
        while (byBytes.TryAdd(new("2", EventTypes.Visit, "c")))
        {
        }
        Assert.InRange(byBytes.ToJson().Length, 900, 1_024);
        Assert.Equal(byBytes.Count, JsonNode.Parse(byBytes.ToJson().Span)!.AsArray().Count);
    }

    [Fact]
    public async Task Many_events_go_out_in_several_requests_and_their_indexes_count_on()
    {
        using var server = Of(
            """
            {"accepted":499,"duplicates":0,"quarantined":1,"results":[{"index":7,"status":"quarantined"}]}
            """);
        using var client = Clients.Of(server, TimeProvider.System);

        var answer = await client.SendEventsAsync(
            Enumerable.Range(0, 1_000).Select(n => new CustomerEvent($"{n}", EventTypes.Visit, "c")), cancel: Cancel);

        Assert.Equal((998, 2), (answer.Accepted, answer.Quarantined));
        Assert.Equal([7, 507], answer.Results.Select(result => result.Index));
        Assert.Equal(2, server.Sent.Count);
    }

    [Fact]
    public async Task An_answer_that_does_not_account_for_every_event_is_a_fault()
    {
        using var server = Of("""{"accepted":1,"duplicates":0,"quarantined":0,"results":[]}""");
        using var client = Clients.Of(server, TimeProvider.System);

        await Assert.ThrowsAsync<LifecycleException>(() => client.SendEventsAsync(
            [new("1", EventTypes.Visit, "c"), new("2", EventTypes.Visit, "c")], cancel: Cancel));
    }
}
