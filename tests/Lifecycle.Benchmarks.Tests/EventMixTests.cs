using System.Collections.Immutable;
using System.Text;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Benchmarks.Tests;

public sealed class EventMixTests
{
    private const int Events = 5_000;

    private static readonly Uri Address = new("http://localhost:1");

    [Fact]
    public void Every_event_is_one_that_the_server_takes_with_an_id_of_its_own()
    {
        var read = ReadMany();

        Assert.All(read, e => Assert.Null(e.Problem));
        Assert.Equal(Events, read.Select(e => e.Id).Distinct().Count());
        Assert.All(read, e => Assert.InRange(e.Customer!, "c-0000000", "c-0000099"));
    }

    [Fact]
    public void Of_ten_events_four_are_views_three_visits_and_three_orders()
    {
        var types = ReadMany().CountBy(e => e.Event!.Type).ToDictionary();

        Assert.InRange(types[EventTypes.ProductViewed], Events * 0.37, Events * 0.43);
        Assert.InRange(types[EventTypes.Visit], Events * 0.27, Events * 0.33);
        Assert.InRange(types[EventTypes.OrderPlaced], Events * 0.27, Events * 0.33);
    }

    [Fact]
    public void A_request_says_how_long_its_body_is_and_holds_as_many_events_as_asked_for()
    {
        var requests = new EventRequests(Address, "key", 7, Draw.For(new(100, Choice.Uniform), 1)[0]);

        Assert.Equal(7, requests.Next(out var request));

        var text = Encoding.ASCII.GetString(request);
        var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Contains($"Content-Length: {body.Length:D8}\r\n", text, StringComparison.Ordinal);
        Assert.Equal(7, body.Count(c => c == '\n'));
    }

    [Fact]
    public void An_answer_that_took_fewer_events_is_a_failure()
    {
        var requests = new EventRequests(Address, "key", 7, Draw.For(new(100, Choice.Uniform), 1)[0]);

        requests.Check("{\"accepted\":7,\"duplicates\":0}"u8, 7);
        Assert.Throws<IOException>(() => requests.Check("{\"accepted\":6,\"duplicates\":1}"u8, 7));
    }

    private static ImmutableArray<EventRead> ReadMany()
    {
        var requests = new EventRequests(Address, "key", Events, Draw.For(new(100, Choice.Uniform), 1)[0]);
        requests.Next(out var request);
        var body = request[(request.IndexOf("\r\n\r\n"u8) + 4)..].ToArray();
        return EventReader.Read(body, Instant.From(DateTimeOffset.UtcNow), new(Events, 10_000)).Events;
    }
}
