using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    /// <summary>Everything live of a customer, or as it stood at a time.</summary>
    public async Task<Customer> GetCustomerAsync(
        string customer, PointInTime? at = null, CancellationToken cancel = default) =>
        (await GetCustomerAsync(customer, at, null, cancel).ConfigureAwait(false))!;

    /// <summary>The same, unless it is still what <paramref name="etag"/> stands for: then null.</summary>
    public Task<Customer?> GetCustomerIfChangedAsync(
        string customer, string etag, PointInTime? at = null, CancellationToken cancel = default) =>
        GetCustomerAsync(customer, at, etag, cancel);

    /// <summary>The small answer for member apps.</summary>
    public async Task<CustomerStatus> GetStatusAsync(
        string customer, PointInTime? at = null, CancellationToken cancel = default) =>
        (await GetStatusAsync(customer, at, null, cancel).ConfigureAwait(false))!;

    /// <summary>The same, unless it is still what <paramref name="etag"/> stands for: then null.</summary>
    public Task<CustomerStatus?> GetStatusIfChangedAsync(
        string customer, string etag, PointInTime? at = null, CancellationToken cancel = default) =>
        GetStatusAsync(customer, at, etag, cancel);

    /// <summary>The entries that make one number, such as <c>points.available</c>, and their sum.</summary>
    public Task<Explanation> ExplainAsync(
        string customer, string field, PointInTime? at = null, int? limit = null, CancellationToken cancel = default) =>
        GetAsync(
            RequestPath.OfCustomer(customer, "/explain").With("field", field).With("limit", limit)
                .With("as_of", at?.AsOf).With("known_at", at?.KnownAt),
            ClientJson.Wire.Explanation, cancel);

    /// <summary>
    /// A page of the customer's history, newest first; as of a time it may be short although more follow.
    /// </summary>
    public Task<EntryPage> GetEntriesAsync(
        string customer, string? cursor = null, int? limit = null, PointInTime? at = null,
        CancellationToken cancel = default) =>
        GetAsync(
            RequestPath.OfCustomer(customer, "/entries").With("limit", limit).With("cursor", cursor)
                .With("as_of", at?.AsOf).With("known_at", at?.KnownAt),
            ClientJson.Wire.EntryPage, cancel);

    /// <summary>The whole history, newest first, read page by page.</summary>
    public async IAsyncEnumerable<Entry> GetAllEntriesAsync(
        string customer, PointInTime? at = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (string? cursor = null; ;)
        {
            var page = await GetEntriesAsync(customer, cursor, PageMax, at, cancel).ConfigureAwait(false);
            foreach (var entry in page.Entries) yield return entry;
            if ((cursor = page.NextCursor) is null) yield break;
        }
    }

    private async Task<Customer?> GetCustomerAsync(
        string customer, PointInTime? at, string? etag, CancellationToken cancel)
    {
        var (value, tag) = await ReadAsync(
            RequestPath.OfCustomer(customer), at, etag, ClientJson.Wire.Customer, cancel).ConfigureAwait(false);
        return value is null ? null : value with { ETag = tag };
    }

    private async Task<CustomerStatus?> GetStatusAsync(
        string customer, PointInTime? at, string? etag, CancellationToken cancel)
    {
        var (value, tag) = await ReadAsync(
            RequestPath.OfCustomer(customer, "/status"), at, etag, ClientJson.Wire.CustomerStatus, cancel)
            .ConfigureAwait(false);
        return value is null ? null : value with { ETag = tag };
    }

    private async Task<(T? Value, string ETag)> ReadAsync<T>(
        RequestPath path, PointInTime? at, string? etag, JsonTypeInfo<T> json, CancellationToken cancel)
        where T : class
    {
        path.With("as_of", at?.AsOf).With("known_at", at?.KnownAt);
        var call = new Call(HttpMethod.Get, path.ToString()) { IfNoneMatch = etag };
        var reply = await _wire.SendAsync(call, cancel).ConfigureAwait(false);
        return reply.IsNotModified ? (null, reply.ETag) : (Read(reply.Body, json), reply.ETag);
    }
}
