using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Tests.Support;

/// <summary>A store whose list of programs fails when a test says so: before or after the write, or when it is read.</summary>
public sealed class TestRegistry(IStore inner) : IStore, IRegistry
{
    public bool ReadsFail { get; set; }

    public bool WritesFail { get; set; }

    /// <summary>The next activation is written, and then fails: the caller cannot know.</summary>
    public bool FailAfterActivation { get; set; }

    public IJournal Journal => inner.Journal;
    public IProjection Projection => inner.Projection;
    public IRegistry Registry => this;
    public IQuarantine Quarantine => inner.Quarantine;
    public bool IsShared => inner.IsShared;

    public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel) =>
        inner.LoadAsync(customers, rowsMax, cancel);

    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) => inner.ConfirmOwnershipAsync(cancel);

    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        inner.LockAsync(stripes, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public Task<ActivationList> ReadActivationsAsync(CancellationToken cancel) =>
        ReadsFail ? throw Failed() : inner.Registry.ReadActivationsAsync(cancel);

    public async Task<StoredActivation?> AddActivationAsync(
        int version, Instant? effectiveAt, Instant scheduledAt, string origin, CancellationToken cancel)
    {
        if (WritesFail) throw Failed();
        var added = await inner.Registry.AddActivationAsync(version, effectiveAt, scheduledAt, origin, cancel);
        if (!FailAfterActivation) return added;
        FailAfterActivation = false;
        throw Failed();
    }

    public Task<bool> WithdrawActivationAsync(long id, Instant at, CancellationToken cancel) =>
        WritesFail ? throw Failed() : inner.Registry.WithdrawActivationAsync(id, at, cancel);

    public Task<IReadOnlyList<StoredProgram>> ReadProgramsAsync(CancellationToken cancel) =>
        inner.Registry.ReadProgramsAsync(cancel);

    public Task<StoredProgram> AddProgramAsync(string document, Instant storedAt, CancellationToken cancel) =>
        inner.Registry.AddProgramAsync(document, storedAt, cancel);

    public Task<IReadOnlyList<KnownId>> ReadIdsAsync(
        CustomerKey first, CustomerKey last, CancellationToken cancel) =>
        inner.Registry.ReadIdsAsync(first, last, cancel);

    public Task<IReadOnlyDictionary<CustomerKey, string>> ReadIdsAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) =>
        inner.Registry.ReadIdsAsync(customers, cancel);

    public Task<IReadOnlyList<KnownId>> FindIdsAsync(
        string prefix, KnownId? after, int limit, CancellationToken cancel) =>
        inner.Registry.FindIdsAsync(prefix, after, limit, cancel);

    public Task<ReadOnlyMemory<byte>?> ReadSecretAsync(CustomerKey customer, CancellationToken cancel) =>
        inner.Registry.ReadSecretAsync(customer, cancel);

    public Task<Hash16?> ReadSecretCheckAsync(CancellationToken cancel) => inner.Registry.ReadSecretCheckAsync(cancel);

    public Task<Hash16> KeepSecretCheckAsync(Hash16 check, CancellationToken cancel) =>
        inner.Registry.KeepSecretCheckAsync(check, cancel);

    public Task<IReadOnlyList<StoredApiKey>> ReadApiKeysAsync(CancellationToken cancel) =>
        inner.Registry.ReadApiKeysAsync(cancel);

    public Task AddApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        inner.Registry.AddApiKeyAsync(key, cancel);

    public Task<bool> AddFirstApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        inner.Registry.AddFirstApiKeyAsync(key, cancel);

    public Task<bool> RevokeApiKeyAsync(string id, Instant at, CancellationToken cancel) =>
        inner.Registry.RevokeApiKeyAsync(id, at, cancel);

    private static StoreException Failed() => new("The test's disk failed.");
}
