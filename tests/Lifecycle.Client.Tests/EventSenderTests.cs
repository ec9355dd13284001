using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using static Lifecycle.Client.Tests.Support.ScriptedServer;

namespace Lifecycle.Client.Tests;

public sealed class EventSenderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_customers_events_keep_their_order_and_nothing_is_lost_or_doubled()
    {
        using var server = new CountingServer();
        using var client = server.Connect();
        var options = new EventSenderOptions { Lanes = 3, BatchEventsMax = 7, EventsWaitingMax = 30 };
        await using (var sender = new EventSender(client, options))
        {
            for (var n = 0; n < 1_000; n++)
                await sender.AddAsync(new($"{n:D4}", EventTypes.Visit, $"c{n * 7 % 13}"), Cancel);
            await sender.FlushAsync(Cancel);
            Assert.Equal(1_000, sender.Totals.Accepted);
            await sender.AddAsync(new("last", EventTypes.Visit, "c1"), Cancel);
        }

        Assert.Equal(1_001, server.Taken.Count);
        Assert.InRange(server.InFlightMax, 1, 3);
        Assert.InRange(server.BatchMax, 2, 7);
        foreach (var customer in server.Taken.GroupBy(taken => taken.Customer))
        {
            var ids = customer.Select(taken => taken.Id).ToList();
            Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        }
    }

    [Fact]
    public async Task Adding_waits_while_there_is_no_room()
    {
        using var server = new CountingServer { Gate = new() };
        using var client = server.Connect();
        await using var sender = new EventSender(
            client, new() { Lanes = 1, BatchEventsMax = 1, EventsWaitingMax = 2 });

        await sender.AddAsync(new("1", EventTypes.Visit, "c"), Cancel);
        await server.Arrived.Task.WaitAsync(Cancel);
        // One is under way; two wait.
        await sender.AddAsync(new("2", EventTypes.Visit, "c"), Cancel);
        await sender.AddAsync(new("3", EventTypes.Visit, "c"), Cancel);
        var fourth = sender.AddAsync(new("4", EventTypes.Visit, "c"), Cancel).AsTask();

        Assert.False(fourth.IsCompleted);
        server.Gate.SetResult();
        await fourth;
        await sender.FlushAsync(Cancel);

        Assert.Equal(4, sender.Totals.Answered);
    }

    [Fact]
    public async Task A_failure_stops_it_and_what_was_not_acknowledged_is_told()
    {
        using var server = new CountingServer { FailAfter = 3 };
        using var client = server.Connect();
        var sender = new EventSender(client, new() { Lanes = 2, BatchEventsMax = 5 });
        var added = 0;

        var failure = await Assert.ThrowsAsync<LifecycleException>(async () =>
        {
            for (; added < 10_000; added++)
                await sender.AddAsync(new($"{added}", EventTypes.Visit, $"c{added % 10}"), Cancel);
            await sender.FlushAsync(Cancel);
        });
        await Assert.ThrowsAsync<LifecycleException>(async () => await sender.DisposeAsync());

        Assert.Equal(403, (int)failure.Status!);
        var told = sender.Unsent.Select(item => item.Id).ToList();
        var taken = server.Taken.Select(item => item.Id).ToList();
        Assert.Equal(15, taken.Count);
        Assert.Empty(told.Intersect(taken));
        Assert.Equal(added, told.Count + taken.Count);
    }

    [Fact]
    public void Options_have_ranges()
    {
        using var client = new CountingServer().Connect();

        Assert.Contains("Lanes", Assert.Throws<ArgumentException>(
            () => new EventSender(client, new() { Lanes = 65 })).Message, StringComparison.Ordinal);
    }

    /// <summary>Takes events as the real server does.</summary>
    private sealed class CountingServer : HttpMessageHandler
    {
        private int _inFlight;
        private int _requests;

        public ConcurrentQueue<(string Id, string Customer)> Taken { get; } = new();

        public int InFlightMax { get; private set; }

        public int BatchMax { get; private set; }

        /// <summary>Requests wait for it.</summary>
        public TaskCompletionSource? Gate { get; init; }

        public TaskCompletionSource Arrived { get; } = new();

        /// <summary>Requests that succeed.</summary>
        public int FailAfter { get; init; } = int.MaxValue;

        public LifecycleClient Connect() => new(new LifecycleClientOptions
        {
            Url = new("http://lifecycle.test"), Key = "k", Handler = this,
        });

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (Taken) InFlightMax = Math.Max(InFlightMax, ++_inFlight);
            Arrived.TrySetResult();
            if (Gate is { } gate) await gate.Task;
            await Task.Yield();
            var events = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsArray();
            lock (Taken)
            {
                _inFlight--;
                if (++_requests > FailAfter) return Json(403, "{}");
                BatchMax = Math.Max(BatchMax, events.Count);
                foreach (var item in events) Taken.Enqueue(((string)item!["id"]!, (string)item["customer"]!));
            }
            return Json(
                200, $$"""{"accepted":{{events.Count}},"duplicates":0,"quarantined":0,"results":[]}""");
        }
    }
}
