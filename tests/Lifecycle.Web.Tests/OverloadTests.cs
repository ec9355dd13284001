using System.Net.Sockets;
using System.Text;
using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Tests.Support;
using Lifecycle.Web.Access;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

/// <summary>More than there is room for.</summary>
public sealed class OverloadTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_writes_fill_their_places_a_write_is_429_and_a_read_goes_on()
    {
        await using var site = await Site.StartAsync(
            settings: [("Lifecycle:Web:RequestsMax", "1"), ("Lifecycle:Web:RequestsWaitingMax", "0")]);
        using var held = await HeldAsync(site, 100);

        var refused = await site.OrderAsync("c", "1");
        var read = await site.GetAsync("/v1/customers/c/status");
        var whatIf = await site.PostAsync("/v1/customers/c/what-if", """{"inputs":[]}""");
        var health = await site.GetAsync("/health/ready");

        Assert.Equal((429, "overloaded"), (refused.Status, refused.Problem));
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(404, read.Status);
        Assert.NotEqual(429, whatIf.Status);
        Assert.Equal(200, health.Status);
    }

    [Fact]
    public async Task A_write_waits_for_its_turn_and_no_longer_than_it_may()
    {
        await using var site = await Site.StartAsync(
            settings: [("Lifecycle:Web:RequestsMax", "1"), ("Lifecycle:Web:RequestWaitMax", "00:00:01")]);
        var held = await HeldAsync(site, 100);
        var refused = await site.OrderAsync("c", "1");
        var waiting = site.OrderAsync("c", "2");
        held.Dispose();

        Assert.Equal((429, "overloaded"), (refused.Status, refused.Problem));
        Assert.Equal(200, (await waiting).Status);
    }

    [Fact]
    public async Task Bodies_under_way_have_so_many_bytes_together_and_a_larger_one_goes_alone()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:BodyBytesInFlightMax", "100000"));
        var large = Sent.Visit("c", "1") + new string(' ', 200_000);
        var alone = await site.PostAsync("/v1/events", large);
        var held = await HeldAsync(site, 90_000);
        var refused = await site.PostAsync("/v1/events", Sent.Visit("c", "2") + new string(' ', 90_000));
        held.Dispose();
        var after = await UntilAsync(
            () => site.PostAsync("/v1/events", Sent.Visit("c", "3") + new string(' ', 90_000)), a => a.Status == 200);

        Assert.Equal(200, alone.Status);
        Assert.Equal((429, "overloaded"), (refused.Status, refused.Problem));
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal(200, after.Status);
    }

    [Fact]
    public async Task A_larger_body_goes_alone_also_where_nobody_said_how_long_it_is()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:BodyBytesInFlightMax", "100000"));
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(Sent.Visit("c", "1") + new string(' ', 200_000)));
        using var content = new StreamContent(body) { Headers = { ContentType = new("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await site.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task What_a_body_took_is_given_back_however_it_ended()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:BodyBytesInFlightMax", "100000"));
        for (var i = 0; i < 20; i++)
        {
            (await HeldAsync(site, 50_000)).Dispose();
            await site.PostAsync("/v1/events", new string('x', 50_000));
            await site.PostAsync("/v1/customers/c/points/adjust", "{}");
            await site.SendAsync(HttpMethod.Post, "/v1/events", new StreamContent(new MemoryStream(new byte[30_000])));
        }

        var bodies = await UntilAsync(() => Task.FromResult(BodyBytes(site)), bytes => bytes == 0);
        Assert.Equal(0, bodies);
    }

    [Fact]
    public async Task A_request_that_is_refused_for_want_of_room_is_not_decided_further()
    {
        FailingCustomers? customers = null;
        await using var site = await Site.StartAsync(
            services: s => s.AddSingleton<ICustomers>(provider => customers = new FailingCustomers(
                provider.GetRequiredService<LifecycleEngine>().Customers, "b",
                new UnavailableException(UnavailableCodes.Overloaded, "Full.", TimeSpan.FromSeconds(3)))),
            settings: ("Lifecycle:Web:CustomersAtOnceMax", "1"));

        var refused = await site.PostAsync(
            "/v1/events", $"[{Sent.Visit("a", "1")},{Sent.Visit("b", "2")},{Sent.Visit("c", "3")}]");

        Assert.Equal((429, "3"), (refused.Status, refused.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(["a", "b"], customers!.Applied);
    }

    [Fact]
    public void Who_is_refused_is_told_when_those_before_will_have_gone_and_not_all_the_same()
    {
        var clock = new ManualClock(Site.Start);
        var backlog = new Backlog(clock);
        var unknown = backlog.TimeFor(5_000);
        for (var second = 0; second < 3; second++)
        {
            for (var i = 0; i < 1_000; i++) backlog.Count();
            clock.Advance(TimeSpan.FromSeconds(1));
            backlog.Look();
        }

        var told = Enumerable.Range(0, 60).Select(_ => backlog.TimeFor(5_000).TotalSeconds).ToList();
        clock.Advance(TimeSpan.FromSeconds(2));
        var stalled = Enumerable.Range(0, 60).Select(_ => backlog.TimeFor(5_000).TotalSeconds).ToList();

        Assert.Equal(TimeSpan.FromSeconds(1), unknown);
        Assert.Equal([5, 6, 7, 8, 9, 10], told.Distinct().Order());
        Assert.All(told.GroupBy(seconds => seconds), same => Assert.Equal(10, same.Count()));
        Assert.All(stalled, seconds => Assert.InRange(seconds, 5, 30));
    }

    [Fact]
    public async Task Told_to_stop_it_is_not_ready_takes_what_comes_and_asks_clients_to_close()
    {
        var site = await Site.StartAsync(settings: ("Lifecycle:Web:DrainTime", "00:00:03"));
        var before = await site.OrderAsync("c", "1");
        var stopping = site.StopAsync();
        var ready = await UntilAsync(() => site.GetAsync("/health/ready"), a => a.Status == 503);
        var taken = await site.OrderAsync("c", "2");
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => site.OrderAsync("c", "3"));
        await site.DisposeAsync();

        Assert.NotEqual(true, before.Headers.ConnectionClose);
        Assert.Contains("stopping", ready.Body, StringComparison.Ordinal);
        Assert.Equal((200, true), (taken.Status, taken.Headers.ConnectionClose));
    }

    private static long BodyBytes(Site site)
    {
        long? bytes = null;
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        var meters = site.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "lifecycle.bodies" && instrument.Meter.Scope == meters)
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => bytes = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return bytes!.Value;
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isIt)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await ask();
            if (isIt(answer) || attempt == 200) return answer;
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>A write that has its place, and of whose body nothing has come but its length.</summary>
    private static async Task<TcpClient> HeldAsync(Site site, int length)
    {
        var client = new TcpClient();
        await client.ConnectAsync(site.Http.BaseAddress!.Host, site.Http.BaseAddress.Port, Cancel);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev\r\n"
                + $"Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"), Cancel);
        // The server says so when it begins to read the body.
        var buffer = new byte[100];
        var read = await client.GetStream().ReadAsync(buffer, Cancel);
        Assert.StartsWith("HTTP/1.1 100 ", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        return client;
    }
}
