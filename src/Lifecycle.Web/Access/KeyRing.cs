using System.Collections.Frozen;
using Lifecycle.Engine.Store;

namespace Lifecycle.Web.Access;

/// <summary>The keys that are valid, replaced as a whole: a key that is revoked is in the next ring no more.</summary>
internal sealed class KeyRing
{
    public static readonly KeyRing Empty = new([]);

    private readonly FrozenDictionary<string, (Caller Caller, ReadOnlyMemory<byte> Hash)>
        .AlternateLookup<ReadOnlySpan<char>> _byId;

    public KeyRing(IEnumerable<StoredApiKey> keys) =>
        _byId = keys.Where(key => key.RevokedAt is null)
            .ToFrozenDictionary(key => key.Id, key => (new Caller(key.Id, key.Roles), key.Hash))
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Null for a key that is not in the ring.</summary>
    public Caller? Find(ReadOnlySpan<char> key) =>
        KeySecret.TrySplit(key, out var id, out var secret) && _byId.TryGetValue(id, out var known)
            && KeySecret.Matches(secret, known.Hash.Span)
            ? known.Caller
            : null;
}
