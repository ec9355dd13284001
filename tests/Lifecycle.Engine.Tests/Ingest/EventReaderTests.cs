using System.Text;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Engine.Tests.Ingest;

public sealed class EventReaderTests
{
    internal const string Order =
        """
        {"id":"e-1","source":"shop","type":"order.placed","customer":"c-1","occurred_at":"2026-11-20T09:30:00Z",
        "data":{"order_id":"o-1","currency":"EUR","amount_minor":12900,"channel":"web","note":"to the door",
        "items":[{"sku":"A","category":"tea","quantity":2,"amount_minor":12900},{"sku":"B","engraving":"for Ada"}]}}
        """;

    internal static readonly Instant Now = Instant.From(new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));

    internal static readonly EventReaderLimits Limits = new(EventsMax: 5_000, EventBytesMax: 1 << 20);

    internal static EventBatch Read(string body) => EventReader.Read(Encoding.UTF8.GetBytes(body), Now, Limits);

    [Fact]
    public void An_order_is_read_with_its_declared_fields_its_lines_and_the_rest_as_one_private_document()
    {
        var read = Assert.Single(Read(Order).Events);
        var order = read.Event!;

        Assert.Equal(("c-1", "e-1", "shop", "order.placed"), (read.Customer, order.Id, order.Source, order.Type));
        Assert.Equal("2026-11-20T09:30:00Z", order.OccurredAt.ToString());
        Assert.Equal(12900, order.Data.Integer(EventSchema.AmountMinor));
        Assert.Equal("web", order.Data.Text(EventSchema.Channel));
        Assert.Equal([1, 2, 3, 5], order.Data.Fields.Select(f => (int)f.Field.Id));
        Assert.Equal(["A", "B"], order.Data.Items.Select(i => i.Sku));
        Assert.Equal(2, order.Data.Items[0].Quantity);
        Assert.Equal(
            """{"note":"to the door","items":{"1":{"engraving":"for Ada"}}}""",
            Encoding.UTF8.GetString(order.Data.Private.Span));
    }

    [Fact]
    public void The_place_of_the_type_makes_no_difference()
    {
        var last = Read("""{"data":{"order_id":"o","amount_minor":1,"x":[1]},"id":"a","customer":"c","type":"order.placed"}""");
        var order = last.Events[0].Event!;

        Assert.Equal("o", order.Data.Text(EventSchema.OrderId));
        Assert.Equal("""{"x":[1]}""", Encoding.UTF8.GetString(order.Data.Private.Span));
    }

    [Fact]
    public void Without_a_time_the_event_happened_now_and_without_a_source_it_came_by_the_api()
    {
        var read = Read("""{"id":"a","customer":"c","type":"visit"}""").Events[0];

        Assert.True(read.TimeAssigned);
        Assert.Equal((Now, "api"), (read.Event!.OccurredAt, read.Event.Source));
        Assert.Same(EventData.Empty, read.Event.Data);
    }

    [Theory]
    [InlineData("[{0},{0}]")]
    [InlineData("{0}\n{0}\n")]
    [InlineData("\uFEFF{0}\r\n\r\n{0}")]
    public void Arrays_and_lines_hold_several_events(string shape)
    {
        var one = """{"id":"a","customer":"c","type":"visit"}""";
        var body = Encoding.UTF8.GetBytes(shape.Replace("{0}", one, StringComparison.Ordinal));
        var batch = EventReader.Read(body, Now, Limits);

        Assert.Null(batch.Malformed);
        Assert.Equal(2, batch.Events.Length);
        Assert.All(batch.Events, e => Assert.Equal(one, Encoding.UTF8.GetString(e.BodyIn(body).Span)));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{\"id\":\"a\"\n,", 2, 1)]
    [InlineData("[{\"id\":\"a\"},]", 1, 13)]
    [InlineData("{\"id\":\"a\"}\n{nope}", 2, 2)]
    [InlineData("{\"a\":01}", 1, 7)]
    public void A_body_that_is_not_json_is_not_taken_and_the_place_is_named(string body, long line, long at)
    {
        var batch = Read(body);

        Assert.Empty(batch.Events);
        Assert.Equal((line, at), (batch.Malformed!.Line, batch.Malformed.Byte));
    }

    [Fact]
    public void Bytes_that_are_no_text_and_nesting_without_end_are_malformed()
    {
        byte[] invalid = [.. "{\"id\":\"\n"u8, 0xC0, 0xA0, .. "\"}"u8];

        Assert.Equal((2, 1), EventReader.Read(invalid, Now, Limits).Malformed is { } m ? (m.Line, m.Byte) : default);
        Assert.NotNull(Read(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))).Malformed);
        Assert.NotNull(Read(new string('[', 100_000)).Malformed);
    }

    [Fact]
    public void More_events_than_a_request_may_hold_are_not_taken()
    {
        var batch = EventReader.Read("[1,2,3]"u8.ToArray(), Now, Limits with { EventsMax = 2 });

        Assert.True(batch.Malformed!.TooMany);
        Assert.Empty(batch.Events);
    }

    [Fact]
    public void One_bad_event_does_not_spoil_the_others()
    {
        var batch = Read("""[7,{"id":"a","customer":"c","type":"visit"},[[]],{"id":"b"}]""");

        Assert.Equal([false, true, false, false], batch.Events.Select(e => e.Event is not null));
        Assert.Equal([1, 40, 4, 10], batch.Events.Select(e => e.Length));
        Assert.Equal(["/customer", "/type"], batch.Events[3].Problem!.Errors.Keys);
    }

    [Fact]
    public void Undeclared_members_of_the_envelope_are_kept_apart_in_the_private_document()
    {
        var read = Read("""{"id":"a","customer":"c","type":"visit","trace":{"b":"\u0041"},"data":{"who":"Ada"}}""");

        Assert.Equal(
            """{"who":"Ada","$envelope":{"trace":{"b":"\u0041"}}}""",
            Encoding.UTF8.GetString(read.Events[0].Event!.Data.Private.Span));
    }
}
