using System.Net;
using Lifecycle.Client.Tests.Support;
using Lifecycle.Engine.Tests.Support;
using static Lifecycle.Client.Tests.Support.ScriptedServer;

namespace Lifecycle.Client.Tests;

public sealed class RetryTests
{
    private const string Receipt =
        """
        {"customer":"c","version":2,"status":"applied","effects":[],"available":0,"pending":0,"held":0,"stage":"New",
        "next_change_at":null}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_command_is_sent_again_with_the_key_it_was_given_once(int status)
    {
        using var server = new ScriptedServer(n => n < 4 ? Json(status, "{}") : Json(200, Receipt));
        var clock = new HastyClock();
        using var client = Clients.Of(server, clock);

        await client.RedeemAsync("c", 10, cancel: Cancel);
        await client.RedeemAsync("c", 10, cancel: Cancel);

        var keys = server.Sent.Select(request => request.Key).ToList();
        Assert.Equal(5, keys.Count);
        Assert.NotNull(keys[0]);
        Assert.Single(keys[..4].Distinct());
        Assert.NotEqual(keys[0], keys[4]);
        Assert.Single(server.Sent.Select(request => request.Body).Distinct());
        Assert.Equal([200, 400, 800], clock.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task A_lost_connection_is_tried_again_until_the_attempts_are_used_up()
    {
        using var server = new ScriptedServer(_ => throw new HttpRequestException("The line is cut."));
        var clock = new HastyClock();
        using var client = Clients.Of(server, clock);

        var failure = await Assert.ThrowsAsync<LifecycleException>(() => client.GetStatusAsync("c", cancel: Cancel));

        Assert.Equal((10, 10), (failure.Attempts, server.Sent.Count));
        Assert.Null(failure.Status);
        Assert.Contains("The line is cut", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(10), clock.Pauses[^1]);
        Assert.True(clock.Pauses.Zip(clock.Pauses.Skip(1)).All(pair => pair.First <= pair.Second));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("100000", 60)]
    public async Task The_pause_that_the_server_asks_for_is_kept_up_to_a_limit(string asked, int seconds)
    {
        using var server = new ScriptedServer(
            n => n == 1 ? Json(503, "{}", ("Retry-After", asked)) : Json(200, """{"keys":[]}"""));
        var clock = new HastyClock();
        using var client = Clients.Of(server, clock, new RetryPolicy { Jitter = 1 });

        await client.GetKeysAsync(Cancel);

        Assert.Equal([TimeSpan.FromSeconds(seconds)], clock.Pauses);
    }

    [Fact]
    public async Task A_pause_may_be_asked_for_as_a_date()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        using var server = new ScriptedServer(n => n == 1
            ? Json(429, "{}", ("Retry-After", "Fri, 20 Nov 2026 12:00:30 GMT"))
            : Json(200, """{"keys":[]}"""));
        using var client = Clients.Of(server, clock);

        var reading = client.GetKeysAsync(Cancel);
        await clock.WaitForTimersAsync(1);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(await reading);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(412)]
    [InlineData(422)]
    public async Task What_the_server_understood_is_not_asked_again(int status)
    {
        using var server = new ScriptedServer(_ => Json(status, "{}"));
        using var client = Clients.Of(server, new HastyClock());

        var failure = await Assert.ThrowsAsync<LifecycleException>(() => client.RedeemAsync("c", 1, cancel: Cancel));

        Assert.Equal((HttpStatusCode)status, failure.Status);
        Assert.Single(server.Sent);
    }

    [Fact]
    public async Task A_key_is_never_made_twice_by_a_lost_answer()
    {
        using var lost = new ScriptedServer(
            _ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The line is cut."));
        using var refused = new ScriptedServer(n => n == 1
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "Nobody listens.")
            : Json(201, """{"id":"k1","name":"till","roles":["ingest"],"key":"lk_k1_s"}"""));
        using var afterSending = Clients.Of(lost, new HastyClock());
        using var beforeSending = Clients.Of(refused, new HastyClock());

        await Assert.ThrowsAsync<LifecycleException>(() => afterSending.CreateKeyAsync("till", ["ingest"], Cancel));
        var key = await beforeSending.CreateKeyAsync("till", ["ingest"], Cancel);

        Assert.Single(lost.Sent);
        Assert.Equal("lk_k1_s", key.Key);
    }

    [Fact]
    public async Task A_server_that_never_answered_may_be_given_up_sooner()
    {
        var down = true;
        using var server = new ScriptedServer(
            _ => down ? throw new HttpRequestException("Nobody listens.") : Json(503, "{}"));
        using var client = Clients.Of(
            server, new HastyClock(), new RetryPolicy { AttemptsMax = 3, AttemptsUnansweredMax = 1 });

        await Assert.ThrowsAsync<LifecycleException>(() => client.GetKeysAsync(Cancel));
        Assert.Single(server.Sent);
        down = false;
        await Assert.ThrowsAsync<LifecycleException>(() => client.GetKeysAsync(Cancel));
        Assert.Equal(4, server.Sent.Count);
        down = true;
        await Assert.ThrowsAsync<LifecycleException>(() => client.GetKeysAsync(Cancel));

        Assert.Equal(7, server.Sent.Count);
    }

    [Fact]
    public async Task A_call_ends_within_its_time_limit_with_the_last_failure()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        using var server = new ScriptedServer(
            _ => Json(503, """{"detail":"The queue is full."}""", ("Retry-After", "4")));
        using var client = new LifecycleClient(new LifecycleClientOptions
        {
            Url = new("http://lifecycle.test"), Key = "k", Handler = server, Clock = clock,
            TimeLimit = TimeSpan.FromSeconds(10), AttemptLimit = Timeout.InfiniteTimeSpan,
        });

        var reading = client.GetKeysAsync(Cancel);
        for (var pauses = 1; pauses <= 2; pauses++)
        {
            await clock.WaitForTimersAsync(1);
            clock.Advance(TimeSpan.FromSeconds(4));
        }
        var failure = await Assert.ThrowsAsync<LifecycleException>(() => reading);

        Assert.Equal("The queue is full.", failure.Detail);
        Assert.Equal(3, server.Sent.Count);
    }

    [Fact]
    public async Task The_caller_can_give_up_in_a_pause()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        using var server = new ScriptedServer(_ => Json(503, "{}"));
        using var client = Clients.Of(server, clock);
        using var stop = new CancellationTokenSource();

        var reading = client.GetKeysAsync(stop.Token);
        await clock.WaitForTimersAsync(1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public void Chance_shortens_a_pause_by_at_most_its_share()
    {
        var policy = new RetryPolicy { Jitter = 0.5 };

        Assert.Equal(200, policy.DelayAfter(1, null, 0).TotalMilliseconds);
        Assert.Equal(100, policy.DelayAfter(1, null, 1).TotalMilliseconds);
        Assert.Equal(10_000, policy.DelayAfter(99, null, 0).TotalMilliseconds);
        Assert.Equal(3_000, policy.DelayAfter(1, TimeSpan.FromSeconds(3), 1).TotalMilliseconds);
    }

    [Theory]
    [InlineData("ftp://host", "k", "Url")]
    [InlineData("http://host", "", "Key")]
    [InlineData("http://host", "a b", "Key")]
    public void Wrong_options_are_named(string url, string key, string expected)
    {
        var fault = Assert.Throws<ArgumentException>(() => new LifecycleClient(new Uri(url), key));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }
}
