using System.Text;
using System.Text.Json;
using Lifecycle.Engine.Programs;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class ProgramTests
{
    private static readonly string Slower =
        ShippedPrograms.Default.Replace("pending: 14d", "pending: 30d", StringComparison.Ordinal);

    [Fact]
    public async Task A_program_is_stored_once_whatever_form_it_is_sent_in()
    {
        await using var site = await Site.StartAsync();
        var stored = await StoreAsync(site, Slower);
        var again = await StoreAsync(site, Slower);
        var json = await site.PostAsync("/v1/programs", JsonSerializer.Serialize(new { document = Slower }));
        var plain = await site.SendAsync(
            HttpMethod.Post, "/v1/programs", new StringContent(Slower, Encoding.UTF8, "text/plain"));
        var read = await site.GetAsync("/v1/programs/2");

        Assert.Equal((201, 200, 200, 200), (stored.Status, again.Status, json.Status, plain.Status));
        Assert.All([stored, again, json, plain, read], answer => Assert.Equal(2, answer.Number("version")));
        Assert.Equal((Slower, "retail-default"), (read.Text("document"), read.Text("name")));
        Assert.Equal(0, read.Json.GetProperty("activations").GetArrayLength());
        Assert.Equal(404, (await site.GetAsync("/v1/programs/3")).Status);
        Assert.Equal(1, (await site.GetAsync("/v1/programs")).Number("active"));
    }

    [Fact]
    public async Task Every_error_has_its_line_and_column_and_nothing_is_stored()
    {
        await using var site = await Site.StartAsync();
        var wrong = Slower.Replace("currency: EUR", "currency: EURO", StringComparison.Ordinal) + "\nno_such: 1\n";
        var answer = await StoreAsync(site, wrong);
        var dry = await StoreAsync(site, wrong, "?dry_run=true");
        var dollars = await StoreAsync(site, Slower.Replace("currency: EUR", "currency: USD", StringComparison.Ordinal));

        Assert.Equal((422, "invalid_program", 422), (answer.Status, answer.Problem, dry.Status));
        var errors = answer.Json.GetProperty("errors").EnumerateObject().ToList();
        Assert.Equal(2, errors.Count);
        Assert.All(errors, error => Assert.Matches("^[0-9]+:[0-9]+$", error.Name));
        var line = Array.FindIndex(Slower.Split('\n'), text => text.StartsWith("currency:", StringComparison.Ordinal)) + 1;
        Assert.Contains(errors, error => error.Name == $"{line}:11");
        Assert.Equal((422, "invalid_program"), (dollars.Status, dollars.Problem));
        Assert.Contains("are in EUR", dollars.Json.GetProperty("errors").GetProperty($"{line}:11").GetString(),
            StringComparison.Ordinal);
        var valid = await StoreAsync(site, Slower, "?dry_run=true");
        Assert.Equal((200, "retail-default"), (valid.Status, valid.Text("name")));
        Assert.Equal(JsonValueKind.Null, valid.Json.GetProperty("version").ValueKind);
        Assert.Equal(1, (await site.GetAsync("/v1/programs")).Json.GetProperty("programs").GetArrayLength());
    }

    [Theory]
    [InlineData("application/json", "{\"document\":1}", 400, "invalid_body")]
    [InlineData("application/json", "{", 400, "malformed_json")]
    [InlineData("application/json", "{\"yaml\":\"a\"}", 400, "invalid_body")]
    [InlineData("application/xml", "<a/>", 415, "unsupported_media_type")]
    [InlineData("application/yaml", "\u0001", 422, "invalid_program")]
    [InlineData("application/yaml", "", 422, "invalid_program")]
    public async Task A_body_that_is_no_program_is_refused(string type, string body, int status, string code)
    {
        await using var site = await Site.StartAsync();
        var answer = await site.SendAsync(HttpMethod.Post, "/v1/programs", new StringContent(body, Encoding.UTF8, type));
        Assert.Equal((status, code), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task An_activation_is_scheduled_once_takes_effect_and_is_rolled_back_by_another_one()
    {
        await using var site = await Site.StartAsync();
        await StoreAsync(site, Slower);
        var soon = await site.PostAsync("/v1/programs/2/activate", """{"effective_at":"2026-11-20T12:00:01Z"}""");
        var far = await site.PostAsync("/v1/programs/2/activate", """{"effective_at":"2029-11-20T12:00:01Z"}""");
        var first = await site.PostAsync("/v1/programs/2/activate", """{"effective_at":"2026-11-20T13:00:00Z"}""");
        var again = await site.PostAsync("/v1/programs/2/activate", """{"effective_at":"2026-11-20T13:00:00Z"}""");
        var before = await site.PostAsync("/v1/programs/1/activate", """{"effective_at":"2026-11-20T12:30:00Z"}""");
        Assert.Equal((422, "invalid_effective_at"), (soon.Status, soon.Problem));
        Assert.Equal((422, "invalid_effective_at"), (far.Status, far.Problem));
        Assert.Equal((201, 200), (first.Status, again.Status));
        Assert.Equal((2, "scheduled"), (first.Number("id"), first.Text("status")));
        Assert.Equal((422, "invalid_effective_at"), (before.Status, before.Problem));

        await site.OrderAsync("c", "e-1");
        Assert.Equal("2026-11-20T13:00:00Z", (await site.GetAsync("/v1/customers/c/status")).Text("next_change_at"));
        await site.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, (await site.GetAsync("/v1/programs")).Number("active"));
        var order = await site.OrderAsync("c", "e-2", query: "?results=all");
        Assert.Equal(1, order.Number("accepted"));
        var entries = (await site.GetAsync("/v1/customers/c/entries")).Json.GetProperty("entries").EnumerateArray()
            .Select(entry => (entry.GetProperty("type").GetString(), entry.GetProperty("program_version").GetInt32()));
        Assert.Equal([("order.placed", 2), ("tick", 2), ("order.placed", 1)], entries);

        var back = await site.PostAsync("/v1/programs/1/activate", "");
        Assert.Equal((201, "2026-11-20T13:00:02Z"), (back.Status, back.Text("effective_at")));
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        var list = await site.GetAsync("/v1/programs");
        Assert.Equal(1, list.Number("active"));
        Assert.Equal(
            ["past", "active"], list.Json.GetProperty("programs")[1].GetProperty("activations").EnumerateArray()
                .Select(a => a.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task An_activation_can_be_withdrawn_until_two_seconds_before()
    {
        await using var site = await Site.StartAsync();
        await StoreAsync(site, Slower);
        await site.PostAsync("/v1/programs/2/activate", """{"effective_at":"2026-11-20T12:01:00Z"}""");
        var scheduled = (await site.GetAsync("/v1/programs")).Json.GetProperty("scheduled");
        var withdrawn = await DeleteAsync(site, 2);
        var again = await DeleteAsync(site, 2);
        Assert.Equal(2, scheduled[0].GetProperty("version").GetInt32());
        Assert.Equal((204, 204), (withdrawn.Status, again.Status));
        Assert.Equal(0, (await site.GetAsync("/v1/programs")).Json.GetProperty("scheduled").GetArrayLength());
        Assert.Equal(404, (await DeleteAsync(site, 9)).Status);
        var ruling = await DeleteAsync(site, 1);
        Assert.Equal((409, "activation_in_effect"), (ruling.Status, ruling.Problem));

        var late = await site.PostAsync("/v1/programs/2/activate", """{"effective_at":"2026-11-20T12:01:00Z"}""");
        Assert.Equal((201, 3), (late.Status, late.Number("id")));
        await site.AdvanceAsync(TimeSpan.FromSeconds(58.5));
        Assert.Equal("activation_in_effect", (await DeleteAsync(site, 3)).Problem);
    }

    [Fact]
    public async Task Two_versions_or_a_version_and_a_document_are_compared()
    {
        await using var site = await Site.StartAsync();
        await StoreAsync(site, Slower);
        var diff = await site.GetAsync("/v1/programs/diff?from=1&to=2");
        var sent = await site.SendAsync(
            HttpMethod.Post, "/v1/programs/diff?from=2",
            new StringContent(ShippedPrograms.Default, Encoding.UTF8, "application/yaml"));

        Assert.Equal(["~ points.pending: 14d -> 30d"], Lines(diff));
        Assert.Equal("changed", diff.Json.GetProperty("changes")[0].GetProperty("kind").GetString());
        Assert.Equal(["~ points.pending: 30d -> 14d"], Lines(sent));
        Assert.Equal(400, (await site.GetAsync("/v1/programs/diff?from=1")).Status);
        Assert.Equal(404, (await site.GetAsync("/v1/programs/diff?to=7")).Status);

        static IEnumerable<string?> Lines(Answer answer) =>
            answer.Json.GetProperty("lines").EnumerateArray().Select(line => line.GetString());
    }

    private static Task<Answer> StoreAsync(Site site, string document, string query = "") => site.SendAsync(
        HttpMethod.Post, $"/v1/programs{query}", new StringContent(document, Encoding.UTF8, "application/yaml"));

    private static Task<Answer> DeleteAsync(Site site, int id) =>
        site.SendAsync(HttpMethod.Delete, $"/v1/programs/activations/{id}", null);
}
