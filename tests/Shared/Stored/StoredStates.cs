using System.Security.Cryptography;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;

namespace Lifecycle.Tests.Shared;

/// <summary>Every customer of a data folder, folded from its journal alone.</summary>
internal static class StoredStates
{
    private const int PageSize = 1_000;

    public sealed record Summary(
        long Entries, long Trial, IReadOnlyDictionary<CustomerKey, Hash16> Hashes, IReadOnlyDictionary<CustomerKey, long> Versions)
    {
        /// <summary>One hash over all customers' state hashes.</summary>
        public string Total => Convert.ToHexStringLower(SHA256.HashData(
            [.. Hashes.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.ToArray())]));
    }

    public static async Task<Summary> ReadAsync(string folder)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(folder);
        return await ReadAsync(store);
    }

    public static async Task<Summary> ReadAsync(IStore store)
    {
        var loader = new HeadLoader(store);
        var hashes = new Dictionary<CustomerKey, Hash16>();
        var versions = new Dictionary<CustomerKey, long>();
        var trial = 0L;
        for (CustomerKey? after = null; ;)
        {
            var page = await store.Journal.ReadCustomersAsync(after, PageSize, CancellationToken.None);
            foreach (var customer in page)
            {
                var head = Head.Empty;
                await foreach (var row in loader.ReadAsync(customer, CancellationToken.None))
                    head = Chain.Follow(head, row);
                hashes[customer] = StateCodec.HashOf(head.State);
                versions[customer] = head.Seq;
                trial += head.State.Balances.Trial();
            }

            if (page.Count < PageSize) break;
            after = page[^1];
        }

        return new(await store.Journal.ReadHeadAsync(CancellationToken.None), trial, hashes, versions);
    }

    /// <summary>The decoded entries of one customer, oldest first.</summary>
    public static async Task<List<Entry>> EntriesAsync(string folder, string customer)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(folder);
        var key = InstallationKeyFile.Read(folder).CustomerKeyOf(customer);
        var entries = new List<Entry>();
        await foreach (var row in new HeadLoader(store).ReadAsync(key, CancellationToken.None))
            entries.Add(EntryCodec.Decode(row));
        return entries;
    }

    /// <summary>What a customer can spend at the instant of an entry, summed from movements and nothing else.</summary>
    public static long Available(IEnumerable<Entry> entries) =>
        entries.SelectMany(entry => entry.Effects).OfType<Effect.PointsMoved>().Sum(
            moved => (moved.Credit == Account.Available ? moved.Points : 0) -
                     (moved.Debit == Account.Available ? moved.Points : 0));
}
