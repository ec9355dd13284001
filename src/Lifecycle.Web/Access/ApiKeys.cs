using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Access;

/// <summary>
/// The keys of the store, kept in memory; this process refreshes them when it changes one, and all the time where
/// others may.
/// </summary>
internal sealed class ApiKeys(IStore store, TimeProvider time, DevKey devKey, ILogger<ApiKeys> logger) : IDisposable
{
    // One reading after the other: the ring of an earlier one must not replace that of a later one.
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile KeyRing _valid = KeyRing.Empty;

    /// <summary>Null for a key that is none or was revoked.</summary>
    public Caller? Find(ReadOnlySpan<char> key) =>
        key.SequenceEqual(DevKey.Value) ? (devKey.IsOpen ? DevKey.Caller : null) : _valid.Find(key);

    /// <summary>Reads the keys; answers all that ever were, revoked ones too.</summary>
    public async Task<IReadOnlyList<StoredApiKey>> LoadAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            var all = await store.Registry.ReadApiKeysAsync(cancel);
            _valid = new(all);
            return all;
        }
        finally
        {
            _reading.Release();
        }
    }

    public Task<IReadOnlyList<StoredApiKey>> ListAsync(CancellationToken cancel) =>
        store.Registry.ReadApiKeysAsync(cancel);

    /// <summary>Answers the stored key, and the key itself, which is shown this once.</summary>
    public async Task<(StoredApiKey Stored, string Key)> MakeAsync(
        string name, IReadOnlyList<string> roles, CancellationToken cancel)
    {
        var (stored, key) = New(name, roles);
        await store.Registry.AddApiKeyAsync(stored, cancel);
        await TakeInAsync(stored, cancel);
        return (stored, key);
    }

    /// <summary>The same for the first key with any of the roles; null when there is or was one already.</summary>
    public async Task<string?> MakeFirstAsync(string name, IReadOnlyList<string> roles, CancellationToken cancel)
    {
        var (stored, key) = New(name, roles);
        if (!await store.Registry.AddFirstApiKeyAsync(stored, cancel)) return null;
        await TakeInAsync(stored, cancel);
        return key;
    }

    /// <summary>False when there is no such key, or it was revoked before.</summary>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancel)
    {
        var revoked = await store.Registry.RevokeApiKeyAsync(id, Instant.From(time.GetUtcNow()), cancel);
        await LoadAsync(cancel);
        if (revoked) WebLog.KeyRevoked(logger, id);
        return revoked;
    }

    public void Dispose() => _reading.Dispose();

    private (StoredApiKey Stored, string Key) New(string name, IReadOnlyList<string> roles)
    {
        var id = KeySecret.NewId();
        var (key, hash) = KeySecret.Make(id);
        return (new(id, name, hash, roles, Instant.From(time.GetUtcNow()), null), key);
    }

    private async Task TakeInAsync(StoredApiKey made, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        WebLog.KeyMade(logger, made.Id, string.Join(", ", made.Roles));
    }
}
