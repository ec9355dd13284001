using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Verification;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

public sealed class OperationsTests
{
    [Fact]
    public async Task Readiness_says_what_is_in_the_way_and_a_person_can_confirm_the_clock()
    {
        await using var site = await Site.StartAsync();
        var ready = await site.GetAsync("/health/ready");
        site.Clock.Jump(TimeSpan.FromDays(400));
        await site.Services.GetRequiredService<LifecycleEngine>(
            ).Gate.RenewAsync(TestContext.Current.CancellationToken);
        var jumped = await site.GetAsync("/health/ready");
        var jumpedHead = await HeadAsync(site, "/health/ready");
        var refused = await site.GetAsync("/v1/customers/c");
        var confirmed = await site.PostAsync("/v1/admin/clock/confirm", "");

        Assert.Equal((200, "ready"), (ready.Status, ready.Text("status")));
        Assert.Equal((503, "not_ready"), (jumped.Status, jumped.Text("status")));
        Assert.StartsWith("HTTP/1.1 503 ", jumpedHead, StringComparison.Ordinal);
        Assert.Contains("clock", jumped.Json.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal((503, "unavailable"), (refused.Status, refused.Problem));
        Assert.Equal((204, 200), (confirmed.Status, (await site.GetAsync("/health/ready")).Status));
        Assert.Equal(200, (await site.GetAsync("/health/live")).Status);
        foreach (var path in new[] { "/health/live", "/health/ready" })
        {
            var head = await HeadAsync(site, path);
            Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
        }
    }

    private static Task<string> HeadAsync(Site site, string path) =>
        site.RawAsync($"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    [Fact]
    public async Task Reports_come_as_json_or_csv_with_their_cut()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("c", "e");

        var catalogue = await site.GetAsync("/v1/reports");
        var json = await site.GetAsync("/v1/reports/rfm?as_of=2026-11-20T12:00:00Z");
        var csv = await site.GetAsync("/v1/reports/rfm?as_of=2026-11-20T12:00:00Z", ("Accept", "text/csv"));

        Assert.Equal("rfm", catalogue.Json.GetProperty("reports")[0].GetProperty("name").GetString());
        Assert.Equal(
            ("rfm", "2026-11-20T12:00:00Z", 1), (json.Text("report"), json.Text("as_of"), json.Number("position")));
        Assert.Equal(10, json.Json.GetProperty("rows").GetArrayLength());
        Assert.Equal(
            ("text/csv", 11), (csv.MediaType, csv.Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Equal("1", csv.Headers.GetValues("Lifecycle-Position").Single());
        Assert.Equal(404, (await site.GetAsync("/v1/reports/nope")).Status);
        Assert.Equal(400, (await site.GetAsync("/v1/reports/rfm?format=xml")).Status);
    }

    [Fact]
    public async Task A_verification_replays_the_journal_and_finds_nothing_wrong()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("c-1", "e");
        await site.OrderAsync("c-2", "e");
        var report = await site.PostAsync("/v1/admin/verify", "");

        Assert.Equal(200, report.Status);
        Assert.Equal(
            (2, 2, 0), (report.Number("entries"), report.Number("customers"), report.Number("violations_found")));
        Assert.Equal(0, report.Json.GetProperty("violations").GetArrayLength());
    }

    [Fact]
    public async Task A_host_that_has_its_customers_elsewhere_verifies_in_its_own_way()
    {
        await using var site = await Site.StartAsync(services: s => s.AddSingleton<IVerifier, OtherVerifier>());
        var report = await site.PostAsync("/v1/admin/verify", "");

        Assert.Equal((200, 9, 1), (report.Status, report.Number("position"), report.Number("violations_found")));
        var violation = Assert.Single(report.Json.GetProperty("violations").EnumerateArray());
        Assert.Equal("live", violation.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_active_program_is_shown_with_its_document()
    {
        await using var site = await Site.StartAsync();
        var programs = await site.GetAsync("/v1/programs");

        Assert.Equal(1, programs.Number("active"));
        Assert.Contains("program: retail-default", programs.Text("document"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quarantine_counts_what_came_again_and_goes_on_by_cursor()
    {
        await using var site = await Site.StartAsync();
        for (var i = 0; i < 2; i++) await site.PostAsync("/v1/events", """[{"id":"1","source":"shop"},{"id":"2","source":"shop"}]""");

        var first = await site.GetAsync("/v1/quarantine?limit=1");
        var second = await site.GetAsync($"/v1/quarantine?limit=1&cursor={first.Text("next_cursor")}");

        var count = first.Json.GetProperty("counts")[0];
        Assert.Equal(("shop", 2, 4), (
            count.GetProperty(
                "source").GetString(), count.GetProperty("items").GetInt64(), count.GetProperty("times").GetInt64()));
        Assert.Equal(
            [1L, 2L], new[] { first, second }.Select(a => a.Json.GetProperty("items")[0].GetProperty("id").GetInt64()));
    }

    private sealed class OtherVerifier : IVerifier
    {
        public Task<VerificationReport> VerifyAsync(
            IProgress<VerificationProgress>? progress, CancellationToken cancel) => Task.FromResult(
            new VerificationReport(9, 9, 3, [new(ViolationCodes.Live, null, 0, "Told by the other host.")], 1));
    }
}
