using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Store;

internal sealed class MemoryRegistry(MemoryDisk disk, Weather weather) : IRegistry
{
    public Task<IReadOnlyDictionary<CustomerKey, string>> ReadIdsAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) =>
        MeetAsync<IReadOnlyDictionary<CustomerKey, string>>(
            StoreCall.Read,
            () => customers.Distinct().Where(disk.Ids.ContainsKey).ToDictionary(key => key, key => disk.Ids[key]),
            cancel);

    public Task<IReadOnlyList<KnownId>> ReadIdsAsync(CustomerKey first, CustomerKey last, CancellationToken cancel) =>
        ListAsync(
            () => disk.Ids.Where(pair => pair.Key.CompareTo(first) >= 0 && pair.Key.CompareTo(last) <= 0)
                .OrderBy(pair => pair.Key).Select(pair => new KnownId(pair.Value, pair.Key)),
            cancel);

    public Task<IReadOnlyList<KnownId>> FindIdsAsync(
        string prefix, KnownId? after, int limit, CancellationToken cancel) => ListAsync(
            () => disk.Ids.Select(pair => new KnownId(pair.Value, pair.Key))
                .Where(id => Lower(id.Id).StartsWith(Lower(prefix), StringComparison.Ordinal))
                .Where(id => after is null || Compare(id, after) > 0)
                .Order(Comparer<KnownId>.Create(Compare)).Take(limit),
            cancel);

    public Task<ReadOnlyMemory<byte>?> ReadSecretAsync(CustomerKey customer, CancellationToken cancel) => MeetAsync(
        StoreCall.Read,
        () => disk.Secrets.TryGetValue(customer, out var secret) ? secret : (ReadOnlyMemory<byte>?)null, cancel);

    public Task<Hash16?> ReadSecretCheckAsync(CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, () => disk.SecretCheck, cancel);

    public Task<Hash16> KeepSecretCheckAsync(Hash16 check, CancellationToken cancel) =>
        MeetAsync(StoreCall.Register, () => disk.SecretCheck ??= check, cancel);

    public Task<IReadOnlyList<StoredProgram>> ReadProgramsAsync(CancellationToken cancel) =>
        ListAsync(() => disk.Programs, cancel);

    public Task<StoredProgram> AddProgramAsync(string document, Instant storedAt, CancellationToken cancel) =>
        MeetAsync(
            StoreCall.Register,
            () =>
            {
                if (disk.Programs.Find(program => program.Document == document) is { } stored) return stored;
                disk.Programs.Add(new(disk.Programs.Count + 1, document, storedAt));
                return disk.Programs[^1];
            },
            cancel);

    public Task<ActivationList> ReadActivationsAsync(CancellationToken cancel) => MeetAsync(
        StoreCall.Read, () => new ActivationList([.. disk.Activations], disk.Programs.Count, Clock: null), cancel);

    public Task<StoredActivation?> AddActivationAsync(
        int version, Instant? effectiveAt, Instant scheduledAt, string origin, CancellationToken cancel) => MeetAsync(
            StoreCall.Register,
            () =>
            {
                var last = disk.Activations.Where(a => a.WithdrawnAt is null).Select(a => a.EffectiveAt)
                    .DefaultIfEmpty(Instant.Earliest).Max();
                var from = effectiveAt ?? Instant.Max(scheduledAt.Plus(ActivationList.Delay), last);
                if (disk.Activations.Exists(a => a.WithdrawnAt is null && a.EffectiveAt > from)) return null;
                disk.Activations.Add(
                    new(disk.Activations.Count + 1, version, from, scheduledAt, origin, null));
                return disk.Activations[^1];
            },
            cancel);

    public Task<bool> WithdrawActivationAsync(long id, Instant at, CancellationToken cancel) => MeetAsync(
        StoreCall.Register,
        () =>
        {
            var index = disk.Activations.FindIndex(a => a.Id == id && a.WithdrawnAt is null);
            if (index < 0) return false;
            disk.Activations[index] = disk.Activations[index] with { WithdrawnAt = at };
            return true;
        },
        cancel);

    public Task<IReadOnlyList<StoredApiKey>> ReadApiKeysAsync(CancellationToken cancel) =>
        ListAsync(() => disk.ApiKeys, cancel);

    public Task AddApiKeyAsync(StoredApiKey key, CancellationToken cancel) => MeetAsync(
        StoreCall.Register,
        () =>
        {
            if (disk.ApiKeys.Exists(stored => stored.Id == key.Id))
                throw new StoreException($"There is a key {key.Id}.");
            disk.ApiKeys.Add(key);
            return true;
        },
        cancel);

    public Task<bool> AddFirstApiKeyAsync(StoredApiKey key, CancellationToken cancel) => MeetAsync(
        StoreCall.Register,
        () =>
        {
            if (disk.ApiKeys.Exists(stored => stored.Roles.Intersect(key.Roles).Any())) return false;
            disk.ApiKeys.Add(key);
            return true;
        },
        cancel);

    public Task<bool> RevokeApiKeyAsync(string id, Instant at, CancellationToken cancel) => MeetAsync(
        StoreCall.Register,
        () =>
        {
            var index = disk.ApiKeys.FindIndex(key => key.Id == id && key.RevokedAt is null);
            if (index < 0) return false;
            disk.ApiKeys[index] = disk.ApiKeys[index] with { RevokedAt = at };
            return true;
        },
        cancel);

    private static int Compare(KnownId a, KnownId b) =>
        string.CompareOrdinal(Lower(a.Id), Lower(b.Id)) is not 0 and var order
            ? order
            : a.Customer.CompareTo(b.Customer);

    private static string Lower(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));

    private Task<IReadOnlyList<T>> ListAsync<T>(Func<IEnumerable<T>> read, CancellationToken cancel) =>
        MeetAsync<IReadOnlyList<T>>(StoreCall.Read, () => [.. read()], cancel);

    private Task<T> MeetAsync<T>(StoreCall call, Func<T> act, CancellationToken cancel) => weather.MeetAsync(
        call,
        () =>
        {
            lock (disk) return act();
        },
        cancel);
}
