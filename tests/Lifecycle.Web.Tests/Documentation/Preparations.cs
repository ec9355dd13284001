using System.Globalization;
using Lifecycle.Fuzz;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Documentation;

/// <summary>Values of parameters that a preparation led to; they stand for the examples.</summary>
/// <param name="Always">Parameters of the query without which the operation does not succeed.</param>
internal sealed record Prepared(IReadOnlyDictionary<string, string> Values, params IReadOnlyList<string> Always)
{
    public static readonly Prepared Nothing = new(new Dictionary<string, string>());

    public static Prepared Of(string name, string value) => new(new Dictionary<string, string> { [name] = value });
}

/// <summary>
/// What must be there before the example of an operation succeeds. The customer <c>c-1</c> of the examples always has
/// an order, a visit and 10,000 points. An operation whose example needs more, such as an id that the server makes,
/// has its entry here.
/// </summary>
internal static class Preparations
{
    /// <summary>By operationId.</summary>
    private static readonly Dictionary<string, Func<Site, Task<Prepared>>> Own = new()
    {
        ["deleteAdminKey"] = async site => Prepared.Of(
            "id", (await site.PostAsync("/v1/admin/keys", """{"name":"old","roles":["ingest"]}""")).Text("id")!),
        ["deleteProgramsActivation"] = ScheduleAsync,
        ["getCustomers"] = async site =>
        {
            await site.PostAsync("/v1/events", Sent.Visit("c-2", "prepared-visit"));
            // A list may be behind the journal; a scan waits until its table is not.
            await site.GetAsync("/v1/scan?columns=customer");
            return Prepared.Of("cursor", (await site.GetAsync("/v1/customers?limit=1")).Text("next_cursor")!);
        },
        ["getQuarantineItem"] = QuarantineAsync,
        ["getScan"] = ScanAsync,
        ["postCustomerUnmerge"] = async site =>
        {
            await site.PostAsync("/v1/customers/c-1/merge", """{"from":"ann@example.org"}""");
            return Prepared.Nothing;
        },
        ["postQuarantineDiscard"] = OfOneSource,
        ["postQuarantineItemDiscard"] = QuarantineAsync,
        ["postQuarantineItemReplay"] = QuarantineAsync,
        ["postQuarantineReplay"] = OfOneSource,
    };

    public static async Task PrepareAsync(Site site)
    {
        await site.OrderAsync("c-1", "prepared-order");
        await site.PostAsync("/v1/events", Sent.Visit("c-1", "prepared-visit"));
        await site.PostAsync("/v1/customers/c-1/points/adjust", """{"points":10000,"reason":"goodwill"}""");
    }

    public static Task<Prepared> PrepareAsync(Site site, ApiOperation operation) =>
        Own.TryGetValue(operation.Id, out var prepare) ? prepare(site) : Task.FromResult(Prepared.Nothing);

    /// <summary>For the instant of the example of activating: no activation may be before the last one.</summary>
    private static async Task<Prepared> ScheduleAsync(Site site)
    {
        var made = await site.PostAsync("/v1/programs/1/activate", """{"effective_at":"2026-12-01T00:00:00Z"}""");
        return Prepared.Of("id", made.Number("id").ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>An event that waits, from a source of its own.</summary>
    private static async Task<Prepared> QuarantineAsync(Site site)
    {
        var source = Guid.NewGuid().ToString("N");
        await site.PostAsync("/v1/events", $$"""{"id":"e-1","source":"{{source}}","type":"visit"}""");
        var waiting = (await site.GetAsync($"/v1/quarantine?source={source}")).Json.GetProperty("items")[0];
        return Prepared.Of("id", waiting.GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<Prepared> ScanAsync(Site site)
    {
        var cut = (await site.GetAsync("/v1/scan")).Headers.GetValues("Lifecycle-Cut").Single();
        return new(new Dictionary<string, string> { ["cut"] = cut }, "cut");
    }

    /// <summary>One of the filters is needed, whichever, and a schema cannot say so.</summary>
    private static Task<Prepared> OfOneSource(Site site) =>
        Task.FromResult(new Prepared(new Dictionary<string, string> { ["source"] = "shop" }, "source"));
}
