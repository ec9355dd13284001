using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    private const int FeedPageMax = 1_000;
    private const string CustomerColumn = "customer";

    /// <summary>How often in a row a scan is taken up again without one more customer.</summary>
    private const int BreaksMax = 10;

    /// <summary>A page of customers.</summary>
    public Task<CustomerPage> GetCustomersAsync(
        CustomerQuery? query = null, string? cursor = null, int? limit = null, CancellationToken cancel = default) =>
        GetAsync(
            new RequestPath("v1/customers").With("q", query?.Q).With("stage", query?.Stage)
                .With("min_available", query?.MinAvailable).With("sort", query?.Sort).With("limit", limit)
                .With("cursor", cursor),
            ClientJson.Wire.CustomerPage, cancel);

    /// <summary>All customers of a query, read page by page.</summary>
    public async IAsyncEnumerable<CustomerLine> GetAllCustomersAsync(
        CustomerQuery? query = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (string? cursor = null; ;)
        {
            var page = await GetCustomersAsync(query, cursor, PageMax, cancel).ConfigureAwait(false);
            foreach (var customer in page.Customers) yield return customer;
            if ((cursor = page.NextCursor) is null) yield break;
        }
    }

    /// <summary>A page of every customer's entries in the order they were committed.</summary>
    /// <param name="after">A <c>next</c> or a cursor; null from the beginning, <c>now</c> only what comes next.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="waitSeconds">When there is none, 0 to 60.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<FeedPage> GetFeedAsync(
        string? after = null, int? limit = null, int? waitSeconds = null, CancellationToken cancel = default)
    {
        var path = new RequestPath("v1/feed").With("after", after).With("limit", limit).With("wait", waitSeconds);
        var call = new Call(HttpMethod.Get, path.ToString()) { Waits = TimeSpan.FromSeconds(waitSeconds ?? 0) };
        return Read((await _wire.SendAsync(call, cancel).ConfigureAwait(false)).Body, ClientJson.Wire.FeedPage);
    }

    /// <summary>
    /// The feed without an end: it waits for what comes next. Keep the cursor of what you have worked off.
    /// </summary>
    public async IAsyncEnumerable<FeedEntry> FollowFeedAsync(
        string? after = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        const int WaitSeconds = 25;
        while (true)
        {
            var page = await GetFeedAsync(after, FeedPageMax, WaitSeconds, cancel).ConfigureAwait(false);
            foreach (var entry in page.Entries) yield return entry;
            after = page.Next;
        }
    }

    /// <summary>
    /// Every customer at one consistent cut, each once, as they come. A scan that breaks off goes on behind the last
    /// customer it gave, at the same cut.
    /// </summary>
    /// <param name="filter">A condition over <c>customer.*</c>; null for all.</param>
    /// <param name="columns">The members of each line, <c>customer</c> always among them; null for all.</param>
    /// <param name="cancel">Gives up.</param>
    public async IAsyncEnumerable<JsonObject> ScanAsync(
        string? filter = null, IReadOnlyList<string>? columns = null,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var names = columns is null ? null : string.Join(',', columns.Prepend(CustomerColumn).Distinct());
        string? cut = null;
        string? last = null;
        for (var breaks = 0; ; breaks++)
        {
            var path = new RequestPath("v1/scan").With("filter", filter).With("columns", names).With("cut", cut)
                .With("after", last);
            var call = new Call(HttpMethod.Get, path.ToString()) { IsStream = true };
            using var response = await _wire.OpenAsync(call, cancel).ConfigureAwait(false);
            cut = response.Headers.TryGetValues("Lifecycle-Cut", out var cuts) ? cuts.First() : cut;
            var stream = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            using var lines = new StreamReader(stream, Encoding.UTF8);
            while (true)
            {
                var (line, broke) = await ReadLineAsync(lines, breaks >= BreaksMax, cancel).ConfigureAwait(false);
                if (broke) break;
                if (line is null) yield break;
                var customer = Read(Encoding.UTF8.GetBytes(line), ClientJson.Wire.JsonObject);
                (last, breaks) = ((string?)customer[CustomerColumn], 0);
                yield return customer;
            }
        }
    }

    /// <summary>A whole line, null at the end, or that the line to the server broke.</summary>
    private async Task<(string? Line, bool Broke)> ReadLineAsync(
        StreamReader lines, bool isLast, CancellationToken cancel)
    {
        try
        {
            return (await lines.ReadLineAsync(cancel).ConfigureAwait(false), false);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return isLast ? throw Problems.OfConnection(Options.Url, failure, BreaksMax) : (null, true);
        }
    }
}
