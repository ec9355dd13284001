using Lifecycle.Engine.Ingest;

namespace Lifecycle.Engine.Tests.Ingest;

public sealed class EventProblemTests
{
    [Theory]
    [InlineData("\"customer\":\"c-1\"", "\"who\":1", "missing_customer", "/customer")]
    [InlineData("\"c-1\"", "null", "missing_customer", "/customer")]
    [InlineData("\"c-1\"", "\"  \"", "missing_customer", "/customer")]
    [InlineData("\"c-1\"", "\"c\\u0000\"", "invalid_id", "/customer")]
    [InlineData("\"c-1\"", "12", "invalid_id", "/customer")]
    [InlineData("\"id\":\"e-1\",", "", "invalid_id", "/id")]
    [InlineData("\"e-1\"", "\"\"", "invalid_id", "/id")]
    [InlineData("\"e-1\"", "\"a\\nb\"", "invalid_id", "/id")]
    [InlineData("\"e-1\"", "\"\\ud800\"", "invalid_id", "/id")]
    [InlineData("\"shop\"", "\"\\u007f\"", "invalid_id", "/source")]
    [InlineData("\"order.placed\"", "\"tick\"", "invalid_field", "/type")]
    [InlineData("\"order.placed\"", "\"points.redeem\"", "invalid_field", "/type")]
    [InlineData("\"type\":\"order.placed\",", "", "missing_field", "/type")]
    [InlineData("\"2026-11-20T09:30:00Z\"", "\"0001-01-01T00:00:00Z\"", "occurred_at_out_of_range", "/occurred_at")]
    [InlineData("\"2026-11-20T09:30:00Z\"", "\"-12026-01-01T00:00:00Z\"", "occurred_at_out_of_range", "/occurred_at")]
    [InlineData("\"2026-11-20T09:30:00Z\"", "\"9999-12-31T23:59:59Z\"", "occurred_at_in_future", "/occurred_at")]
    [InlineData("\"2026-11-20T09:30:00Z\"", "\"2026-11-21T00:05:01Z\"", "occurred_at_in_future", "/occurred_at")]
    [InlineData("\"2026-11-20T09:30:00Z\"", "\"2026-11-20T09:30:00\"", "invalid_field", "/occurred_at")]
    [InlineData("\"2026-11-20T09:30:00Z\"", "\"2026-02-30T09:30:00Z\"", "invalid_field", "/occurred_at")]
    [InlineData("\"2026-11-20T09:30:00Z\"", "1763632800", "invalid_field", "/occurred_at")]
    [InlineData(":12900,\"channel\"", ":-1,\"channel\"", "amount_out_of_range", "/data/amount_minor")]
    [InlineData(":12900,\"channel\"", ":1000000000001,\"channel\"", "amount_out_of_range", "/data/amount_minor")]
    [InlineData(":12900,\"channel\"", ":99999999999999999999999999,\"channel\"", "amount_out_of_range", "/data/amount_minor")]
    [InlineData(":12900,\"channel\"", ":1e400,\"channel\"", "invalid_field", "/data/amount_minor")]
    [InlineData(":12900,\"channel\"", ":129.5,\"channel\"", "invalid_field", "/data/amount_minor")]
    [InlineData(":12900,\"channel\"", ":\"12900\",\"channel\"", "invalid_field", "/data/amount_minor")]
    [InlineData(":12900,\"channel\"", ":null,\"channel\"", "missing_field", "/data/amount_minor")]
    [InlineData("\"EUR\"", "\"XXX\"", "unknown_currency", "/data/currency")]
    [InlineData("\"EUR\"", "\"eur\"", "unknown_currency", "/data/currency")]
    [InlineData("\"note\":", "\"\\ud800\":", "invalid_field", "/data/")]
    [InlineData("\"order_id\":\"o-1\",", "", "missing_field", "/data/order_id")]
    [InlineData("\"o-1\"", "\"\\u0085\"", "invalid_field", "/data/order_id")]
    [InlineData("\"web\"", "\"a\\u0000b\"", "invalid_field", "/data/channel")]
    [InlineData("\"web\"", "[]", "invalid_field", "/data/channel")]
    [InlineData("\"channel\":", "\"kind\":\"gift\",\"channel\":", "invalid_field", "/data/kind")]
    [InlineData("\"channel\":", "\"order_id\":\"o-1\",\"channel\":", "duplicate_field", "/data/order_id")]
    [InlineData("\"channel\":", "\"note\":1,\"channel\":", "duplicate_field", "/data/note")]
    [InlineData("\"channel\":", "\"not\\u0065\":1,\"channel\":", "duplicate_field", "/data/note")]
    [InlineData("\"channel\":", "\"$envelope\":1,\"channel\":", "invalid_field", "/data/$envelope")]
    [InlineData("\"id\":", "\"id\":\"x\",\"id\":", "duplicate_field", "/id")]
    [InlineData("\"to the door\"", "{\"a\":\"\\udc00\"}", "invalid_field", "/data/note")]
    [InlineData("\"quantity\":2", "\"quantity\":-2", "amount_out_of_range", "/data/items/0/quantity")]
    [InlineData("\"quantity\":2", "\"quantity\":2,\"sku\":\"B\"", "duplicate_field", "/data/items/0/sku")]
    [InlineData("{\"sku\":\"B\",", "7,{\"sku\":\"B\",", "invalid_field", "/data/items/1")]
    public void What_is_wrong_is_named_with_its_reason_and_place(string part, string instead, string reason, string pointer)
    {
        var body = EventReaderTests.Order.Replace("\n", "", StringComparison.Ordinal);
        Assert.Contains(part, body, StringComparison.Ordinal);

        var read = Assert.Single(EventReaderTests.Read(body.Replace(part, instead, StringComparison.Ordinal)).Events);

        Assert.Null(read.Event);
        Assert.Equal(reason, read.Problem!.Reason);
        Assert.Contains(pointer, read.Problem.Errors.Keys);
        Assert.Contains(pointer, read.Problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order.returned", "{}", "missing_field")]
    [InlineData("order.returned", "{\"items\":[{\"sku\":\"A\"}]}", null)]
    [InlineData("order.returned", "{\"amount_minor\":5}", null)]
    [InlineData("survey.answered", "{\"kind\":\"nps\",\"score\":11}", "invalid_field")]
    [InlineData("survey.answered", "{\"kind\":\"nps\",\"score\":1e400}", "invalid_field")]
    [InlineData("survey.answered", "{\"kind\":\"csat\",\"score\":4.5}", null)]
    [InlineData("survey.answered", "{\"kind\":\"servqual\",\"score\":4}", "missing_field")]
    [InlineData("consent.changed", "{\"purpose\":\"email\",\"granted\":\"yes\"}", "invalid_field")]
    [InlineData("consent.changed", "{\"purpose\":\"email\",\"granted\":false}", null)]
    [InlineData("marketing.spend", "{\"channel\":\"ads\",\"amount_minor\":5,\"month\":\"2026-13\"}", "invalid_field")]
    [InlineData("subscription.started", "{\"subscription_id\":\"s\",\"period_end\":\"9999-12-31T23:59:59Z\"}", null)]
    [InlineData("subscription.started", "{\"subscription_id\":\"s\",\"period_end\":\"soon\"}", "invalid_field")]
    [InlineData("customer.updated", "{\"traits\":{\"size\":\"m\"}}", null)]
    [InlineData("customer.updated", "{\"traits\":\"m\"}", "invalid_field")]
    [InlineData("pool.swum", "{\"items\":3,\"amount_minor\":\"much\"}", null)]
    public void Each_type_has_what_it_cannot_do_without(string type, string data, string? reason)
    {
        var read = EventReaderTests.Read($$"""{"id":"a","customer":"c","type":"{{type}}","data":{{data}}}""").Events[0];

        Assert.Equal(reason, read.Problem?.Reason);
    }

    [Fact]
    public void Sizes_without_measure_are_refused_by_name()
    {
        var lines = string.Join(',', Enumerable.Repeat("{}", 100_000));
        var many = $$$"""{"id":"a","customer":"c","type":"order.placed","data":{"order_id":"o","amount_minor":1,"items":[{{{lines}}}]}}""";
        var longId = $$"""{"id":"{{new string('x', 10_000_000)}}","customer":"c","type":"visit"}""";
        var note = $$$"""{"id":"a","customer":"c","type":"visit","data":{"note":"{{{new string('x', 70_000)}}}"}}""";
        var large = $$$"""{"id":"a","customer":"c","type":"visit"{{{new string(' ', 1 << 20)}}}}""";

        var reasons = new[] { many, longId, note, large }.Select(b => EventReaderTests.Read(b).Events[0].Problem?.Reason);

        Assert.Equal(["too_many_items", "invalid_id", "event_too_large", "event_too_large"], reasons);
    }

    [Fact]
    public void A_problem_names_twenty_places_at_most()
    {
        var lines = string.Join(',', Enumerable.Repeat("{\"quantity\":-1}", 50));
        var read = EventReaderTests.Read(
            $$$"""{"id":"a","customer":"c","type":"order.placed","data":{"order_id":"o","amount_minor":1,"items":[{{{lines}}}]}}""");

        Assert.Equal(Faults.Max, read.Events[0].Problem!.Errors.Count);
    }
}
