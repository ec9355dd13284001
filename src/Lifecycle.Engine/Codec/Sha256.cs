using System.Security.Cryptography;
using Lifecycle.Domain.Entries;

namespace Lifecycle.Engine.Codec;

/// <summary>SHA-256 cut to 16 bytes. A thread makes its hash once: making one costs more than hashing an entry.</summary>
internal static class Sha256
{
    [ThreadStatic]
    private static IncrementalHash? _hash;

    /// <summary>Of two spans as if they were one.</summary>
    public static Hash16 Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var sha = _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(first);
        sha.AppendData(second);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        sha.GetHashAndReset(hash);
        return Hash16.Read(hash);
    }
}
