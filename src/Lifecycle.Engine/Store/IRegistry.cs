using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>What is kept beside the journal: readable ids, customers' keys, programs, API keys.</summary>
public interface IRegistry
{
    /// <summary>The readable id of each customer that has one.</summary>
    Task<IReadOnlyDictionary<CustomerKey, string>> ReadIdsAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel);

    /// <summary>The readable ids of the customers from one key to another, both among them, in key order.</summary>
    Task<IReadOnlyList<KnownId>> ReadIdsAsync(CustomerKey first, CustomerKey last, CancellationToken cancel);

    /// <summary>
    /// Ids that begin with a text, in their order and behind one of an earlier answer. Capital and small letters of
    /// ASCII count as the same, for both.
    /// </summary>
    Task<IReadOnlyList<KnownId>> FindIdsAsync(
        string prefix, KnownId? after, int limit, CancellationToken cancel);

    /// <summary>A customer's sealed key; null when there is none, or when it was destroyed.</summary>
    Task<ReadOnlyMemory<byte>?> ReadSecretAsync(CustomerKey customer, CancellationToken cancel);

    /// <summary>The check of the secret that the store was begun with; null where none is kept yet.</summary>
    Task<Hash16?> ReadSecretCheckAsync(CancellationToken cancel);

    /// <summary>Keeps the check of a secret, unless one is kept already; answers the one that is kept then.</summary>
    Task<Hash16> KeepSecretCheckAsync(Hash16 check, CancellationToken cancel);

    /// <summary>Every stored program, oldest version first.</summary>
    Task<IReadOnlyList<StoredProgram>> ReadProgramsAsync(CancellationToken cancel);

    /// <summary>
    /// Stores a program under the next version and answers it; a document that is stored already is answered as it is.
    /// </summary>
    Task<StoredProgram> AddProgramAsync(string document, Instant storedAt, CancellationToken cancel);

    /// <summary>The list of activations, and up to when it says everything.</summary>
    Task<ActivationList> ReadActivationsAsync(CancellationToken cancel);

    /// <summary>
    /// Schedules a stored version; null, and nothing written, where one that stands takes effect later than this. A
    /// store that is shared also refuses what is less than <see cref="ActivationList.Delay"/> ahead of its own clock,
    /// but for the first of all.
    /// </summary>
    /// <param name="effectiveAt">
    /// Null for as soon as allowed: the delay after the store's own clock (<paramref name="scheduledAt"/> where it has
    /// none), and not before the last one that stands.
    /// </param>
    Task<StoredActivation?> AddActivationAsync(
        int version, Instant? effectiveAt, Instant scheduledAt, string origin, CancellationToken cancel);

    /// <summary>
    /// Takes an activation back; answers whether there was such a one that stood and, in a store that is shared, was
    /// still the delay ahead.
    /// </summary>
    Task<bool> WithdrawActivationAsync(long id, Instant at, CancellationToken cancel);

    Task<IReadOnlyList<StoredApiKey>> ReadApiKeysAsync(CancellationToken cancel);

    Task AddApiKeyAsync(StoredApiKey key, CancellationToken cancel);

    /// <summary>
    /// Adds a key unless there is or was one with any of its roles; answers whether it did. Of several processes that
    /// try at once one does.
    /// </summary>
    Task<bool> AddFirstApiKeyAsync(StoredApiKey key, CancellationToken cancel);

    /// <summary>Answers whether there was such a key that was not revoked before.</summary>
    Task<bool> RevokeApiKeyAsync(string id, Instant at, CancellationToken cancel);
}

/// <summary>A readable id and what it names.</summary>
public sealed record KnownId(string Id, CustomerKey Customer);

/// <param name="Id">Public, for lists and revocation.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Hash">SHA-256 of the secret part.</param>
/// <param name="Roles">Names of roles.</param>
public sealed record StoredApiKey(
    string Id, string Name, ReadOnlyMemory<byte> Hash, IReadOnlyList<string> Roles, Instant CreatedAt,
    Instant? RevokedAt);
