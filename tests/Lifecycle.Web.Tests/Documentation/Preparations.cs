using Lifecycle.Fuzz;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Documentation;

/// <summary>
/// What must be there before the example of an operation succeeds. The customer <c>c-1</c> of the examples always has
/// an order, a visit and 10,000 points. An operation whose example needs more, such as an id that the server makes,
/// has its entry here.
/// </summary>
internal static class Preparations
{
    /// <summary>By operationId: does what is needed, and answers the values of the path that it led to.</summary>
    private static readonly Dictionary<string, Func<Site, Task<Dictionary<string, string>>>> Own = new()
    {
        ["deleteAdminKey"] = async site => new()
        {
            ["id"] = (await site.PostAsync("/v1/admin/keys", """{"name":"old","roles":["ingest"]}""")).Text("id")!,
        },
    };

    public static async Task PrepareAsync(Site site)
    {
        await site.OrderAsync("c-1", "prepared-order");
        await site.PostAsync("/v1/events", Sent.Visit("c-1", "prepared-visit"));
        await site.PostAsync("/v1/customers/c-1/points/adjust", """{"points":10000,"reason":"goodwill"}""");
    }

    public static Task<Dictionary<string, string>> PrepareAsync(Site site, ApiOperation operation) =>
        Own.TryGetValue(operation.Id, out var prepare) ? prepare(site) : Task.FromResult<Dictionary<string, string>>([]);
}
