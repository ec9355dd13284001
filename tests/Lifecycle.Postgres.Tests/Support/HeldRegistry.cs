using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Postgres.Tests.Support;

/// <summary>A real store whose list of activations can be read only while the test lets it.</summary>
public sealed class HeldRegistry(IStore inner) : IStore, IRegistry
{
    private TaskCompletionSource? _held;

    public IJournal Journal => inner.Journal;
    public IProjection Projection => inner.Projection;
    public IRegistry Registry => this;
    public IQuarantine Quarantine => inner.Quarantine;
    public bool IsShared => inner.IsShared;

    /// <summary>From now on who reads the list waits.</summary>
    public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        _held?.SetResult();
        _held = null;
    }

    public async Task<ActivationList> ReadActivationsAsync(CancellationToken cancel)
    {
        if (_held is { } held) await held.Task.WaitAsync(cancel);
        return await inner.Registry.ReadActivationsAsync(cancel);
    }

    public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel) =>
        inner.LoadAsync(customers, rowsMax, cancel);

    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) => inner.ConfirmOwnershipAsync(cancel);

    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        inner.LockAsync(stripes, cancel);

    public Task<Hash16?> ReadSecretCheckAsync(CancellationToken cancel) =>
        inner.Registry.ReadSecretCheckAsync(cancel);

    public Task<Hash16> KeepSecretCheckAsync(Hash16 check, CancellationToken cancel) =>
        inner.Registry.KeepSecretCheckAsync(check, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public Task<StoredActivation?> AddActivationAsync(
        int version, Instant? effectiveAt, Instant scheduledAt, string origin, CancellationToken cancel) =>
        inner.Registry.AddActivationAsync(version, effectiveAt, scheduledAt, origin, cancel);

    public Task<bool> WithdrawActivationAsync(long id, Instant at, CancellationToken cancel) =>
        inner.Registry.WithdrawActivationAsync(id, at, cancel);

    public Task<IReadOnlyList<StoredProgram>> ReadProgramsAsync(CancellationToken cancel) =>
        inner.Registry.ReadProgramsAsync(cancel);

    public Task<StoredProgram> AddProgramAsync(string document, Instant storedAt, CancellationToken cancel) =>
        inner.Registry.AddProgramAsync(document, storedAt, cancel);

    public Task<IReadOnlyList<KnownId>> ReadIdsAsync(CustomerKey first, CustomerKey last, CancellationToken cancel) =>
        inner.Registry.ReadIdsAsync(first, last, cancel);

    public Task<IReadOnlyDictionary<CustomerKey, string>> ReadIdsAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) =>
        inner.Registry.ReadIdsAsync(customers, cancel);

    public Task<IReadOnlyList<KnownId>> FindIdsAsync(
        string prefix, KnownId? after, int limit, CancellationToken cancel) =>
        inner.Registry.FindIdsAsync(prefix, after, limit, cancel);

    public Task<ReadOnlyMemory<byte>?> ReadSecretAsync(CustomerKey customer, CancellationToken cancel) =>
        inner.Registry.ReadSecretAsync(customer, cancel);

    public Task<IReadOnlyList<StoredApiKey>> ReadApiKeysAsync(CancellationToken cancel) =>
        inner.Registry.ReadApiKeysAsync(cancel);

    public Task AddApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        inner.Registry.AddApiKeyAsync(key, cancel);

    public Task<bool> AddFirstApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        inner.Registry.AddFirstApiKeyAsync(key, cancel);

    public Task<bool> RevokeApiKeyAsync(string id, Instant at, CancellationToken cancel) =>
        inner.Registry.RevokeApiKeyAsync(id, at, cancel);
}
