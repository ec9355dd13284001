using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>What is kept beside the journal: readable ids, customers' keys, programs, API keys.</summary>
public interface IRegistry
{
    /// <summary>The readable id of each customer that has one.</summary>
    Task<IReadOnlyDictionary<CustomerKey, string>> ReadIdsAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel);

    /// <summary>
    /// Ids that begin with a text, in their order and behind one of an earlier answer. Capital and small letters of
    /// ASCII count as the same, for both.
    /// </summary>
    Task<IReadOnlyList<KnownId>> FindIdsAsync(
        string prefix, KnownId? after, int limit, CancellationToken cancel);

    /// <summary>A customer's sealed key; null when there is none, or when it was destroyed.</summary>
    Task<ReadOnlyMemory<byte>?> ReadSecretAsync(CustomerKey customer, CancellationToken cancel);

    /// <summary>Every stored program, oldest version first.</summary>
    Task<IReadOnlyList<StoredProgram>> ReadProgramsAsync(CancellationToken cancel);

    /// <summary>Stores a program under the next version and answers it.</summary>
    Task<StoredProgram> AddProgramAsync(string document, Instant effectiveAt, CancellationToken cancel);

    Task<IReadOnlyList<StoredApiKey>> ReadApiKeysAsync(CancellationToken cancel);

    Task AddApiKeyAsync(StoredApiKey key, CancellationToken cancel);

    /// <summary>Answers whether there was such a key that was not revoked before.</summary>
    Task<bool> RevokeApiKeyAsync(string id, Instant at, CancellationToken cancel);
}

/// <summary>A readable id and what it names.</summary>
public sealed record KnownId(string Id, CustomerKey Customer);

/// <param name="Version">1, 2, 3…</param>
/// <param name="Document">The YAML as it was given.</param>
/// <param name="EffectiveAt">Inputs decided for this instant or later are under it.</param>
public sealed record StoredProgram(int Version, string Document, Instant EffectiveAt);

/// <param name="Id">Public, for lists and revocation.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Hash">SHA-256 of the secret part.</param>
/// <param name="Roles">Names of roles.</param>
public sealed record StoredApiKey(
    string Id, string Name, ReadOnlyMemory<byte> Hash, IReadOnlyList<string> Roles, Instant CreatedAt,
    Instant? RevokedAt);

/// <summary>Everything that is durable, and the proof that this process alone writes it.</summary>
public interface IStore : IAsyncDisposable
{
    IJournal Journal { get; }
    IProjection Projection { get; }
    IRegistry Registry { get; }
    IQuarantine Quarantine { get; }

    /// <summary>
    /// Makes contact with what proves that this process may write and read: false when another has taken over.
    /// The lease is counted from the start of the last call that answered true.
    /// </summary>
    Task<bool> ConfirmOwnershipAsync(CancellationToken cancel);
}
