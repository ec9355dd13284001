using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task A_key_that_asks_too_often_is_429_until_its_bucket_fills()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:RequestsPerSecondMax", "3"));
        for (var i = 0; i < 3; i++) Assert.Equal(404, (await site.GetAsync("/v1/customers/c")).Status);
        var refused = await site.GetAsync("/v1/customers/c");
        await site.AdvanceAsync(TimeSpan.FromSeconds(0.4));

        Assert.Equal((429, "rate_limited"), (refused.Status, refused.Problem));
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal(404, (await site.GetAsync("/v1/customers/c")).Status);
    }

    [Fact]
    public async Task Bodies_events_and_requests_have_the_limits_that_are_set()
    {
        await using var site = await Site.StartAsync(
            settings: [("Lifecycle:Web:EventsMax", "2"), ("Lifecycle:Web:EventBytesMax", "1024"),
                ("Lifecycle:Web:CommandBytesMax", "1024")]);
        var visit = Sent.Visit("c", "1");

        var many = await site.PostAsync("/v1/events", $"[{visit},{visit},{visit}]");
        var large = await site.PostAsync("/v1/events", visit.Insert(1, new string(' ', 2000)));
        var command = await site.PostAsync(
            "/v1/customers/c/points/adjust", $$"""{"points":1,"reason":"r","note":"{{new string('x', 2000)}}"}""");

        Assert.Equal((413, "too_many_events"), (many.Status, many.Problem));
        Assert.Contains("event_too_large", large.Body, StringComparison.Ordinal);
        Assert.Equal((413, "body_too_large"), (command.Status, command.Problem));
        Assert.Equal(404, (await site.GetAsync("/v1/customers/c")).Status);
    }

    [Fact]
    public async Task Full_queues_of_the_engine_are_429_and_other_faults_hide_what_they_are()
    {
        await using var full = await StartFailingAsync(
            new UnavailableException("overloaded", "Too many inputs are under way.", TimeSpan.FromMilliseconds(5)));
        await using var broken = await StartFailingAsync(new InvalidOperationException("the secret of the day"));

        var overloaded = await full.GetAsync("/v1/customers/bad");
        var fault = await broken.GetAsync("/v1/customers/bad");

        Assert.Equal((429, "overloaded"), (overloaded.Status, overloaded.Problem));
        Assert.Equal("1", overloaded.Headers.GetValues("Retry-After").Single());
        Assert.Equal((500, "internal_error"), (fault.Status, fault.Problem));
        Assert.DoesNotContain("secret", fault.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EventsMax", "0")]
    [InlineData("BodyBytesMax", "1")]
    [InlineData("RequestsPerSecondMax", "-1")]
    public async Task A_wrong_limit_stops_the_start_and_is_named(string name, string value)
    {
        var stopped = await Assert.ThrowsAsync<OptionsValidationException>(
            () => Site.StartAsync(settings: ($"Lifecycle:Web:{name}", value)));

        Assert.Contains(name, stopped.Message, StringComparison.Ordinal);
    }

    private static Task<Site> StartFailingAsync(Exception fault) => Site.StartAsync(services: s =>
        s.AddSingleton<ICustomers>(provider =>
            new FailingCustomers(provider.GetRequiredService<LifecycleEngine>().Customers, "bad", fault)));
}
