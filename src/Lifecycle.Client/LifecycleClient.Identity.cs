using System.Runtime.CompilerServices;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    /// <summary>
    /// From now on <paramref name="from"/>, and every id that led to it, lead to this customer, with all they had.
    /// </summary>
    /// <param name="customer">An id of the customer; one of whom nothing is known is made.</param>
    /// <param name="from">Another id; one of which nothing is known becomes an alias.</param>
    /// <param name="options">The key and the version.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>
    /// The customer's receipt; of ids that are one customer already it is <see cref="Receipt.IsReplayed"/>.
    /// </returns>
    /// <exception cref="LifecycleException">Refused: <c>same_id</c>, <c>too_many_aliases</c>.</exception>
    public Task<Receipt> MergeAsync(
        string customer, string from, CommandOptions? options = null, CancellationToken cancel = default) =>
        CommandAsync(
            RequestPath.OfCustomer(customer, "/merge"), new(from), ClientJson.Wire.MergeBody, options, cancel);

    /// <summary>The alias is a customer of its own again, with what it brought and what was sent to it since.</summary>
    /// <returns>The receipt of the customer it leaves.</returns>
    /// <exception cref="LifecycleException">Refused: <c>not_an_alias</c> or <c>alias_nested</c>.</exception>
    public Task<Receipt> UnmergeAsync(
        string customer, string alias, CommandOptions? options = null, CancellationToken cancel = default) =>
        CommandAsync(
            RequestPath.OfCustomer(customer, "/unmerge"), new(alias), ClientJson.Wire.UnmergeBody, options, cancel);

    /// <summary>The other ids that lead to the customer, in the order they came.</summary>
    public async Task<CustomerAliases> GetAliasesAsync(string customer, CancellationToken cancel = default)
    {
        var (value, tag) = await ReadAsync(
            RequestPath.OfCustomer(customer, "/aliases"), null, null, ClientJson.Wire.CustomerAliases, cancel)
            .ConfigureAwait(false);
        return value! with { ETag = tag };
    }

    /// <summary>
    /// A page of what is recorded under this very id, newest first, also when it is an alias of another now.
    /// </summary>
    public Task<EntryPage> GetOwnEntriesAsync(
        string id, string? cursor = null, int? limit = null, CancellationToken cancel = default) =>
        GetAsync(
            RequestPath.OfCustomer(id, "/entries").With("own", "true").With("limit", limit).With("cursor", cursor),
            ClientJson.Wire.EntryPage, cancel);

    /// <summary>All that is recorded under this very id, newest first, read page by page.</summary>
    public async IAsyncEnumerable<Entry> GetAllOwnEntriesAsync(
        string id, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (string? cursor = null; ;)
        {
            var page = await GetOwnEntriesAsync(id, cursor, PageMax, cancel).ConfigureAwait(false);
            foreach (var entry in page.Entries) yield return entry;
            if ((cursor = page.NextCursor) is null) yield break;
        }
    }
}
