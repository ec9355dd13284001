using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Access;

/// <summary>The keys of the store, kept in memory; this process refreshes them when it changes one.</summary>
internal sealed class ApiKeys(IStore store, TimeProvider time, DevKey devKey, ILogger<ApiKeys> logger)
{
    private volatile KeyRing _valid = KeyRing.Empty;

    /// <summary>Null for a key that is none or was revoked.</summary>
    public Caller? Find(ReadOnlySpan<char> key) =>
        key.SequenceEqual(DevKey.Value) ? (devKey.IsOpen ? DevKey.Caller : null) : _valid.Find(key);

    /// <summary>Reads the keys; answers all that ever were, revoked ones too.</summary>
    public async Task<IReadOnlyList<StoredApiKey>> LoadAsync(CancellationToken cancel)
    {
        var all = await store.Registry.ReadApiKeysAsync(cancel);
        _valid = new(all);
        return all;
    }

    public Task<IReadOnlyList<StoredApiKey>> ListAsync(CancellationToken cancel) =>
        store.Registry.ReadApiKeysAsync(cancel);

    /// <summary>Answers the stored key, and the key itself, which is shown this once.</summary>
    public async Task<(StoredApiKey Stored, string Key)> MakeAsync(
        string name, IReadOnlyList<string> roles, CancellationToken cancel)
    {
        var id = KeySecret.NewId();
        var (key, hash) = KeySecret.Make(id);
        var stored = new StoredApiKey(id, name, hash, roles, Instant.From(time.GetUtcNow()), null);
        await store.Registry.AddApiKeyAsync(stored, cancel);
        await LoadAsync(cancel);
        WebLog.KeyMade(logger, id, string.Join(", ", roles));
        return (stored, key);
    }

    /// <summary>False when there is no such key, or it was revoked before.</summary>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancel)
    {
        var revoked = await store.Registry.RevokeApiKeyAsync(id, Instant.From(time.GetUtcNow()), cancel);
        await LoadAsync(cancel);
        if (revoked) WebLog.KeyRevoked(logger, id);
        return revoked;
    }
}
