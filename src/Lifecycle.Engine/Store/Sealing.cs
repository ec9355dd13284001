using System.Security.Cryptography;

namespace Lifecycle.Engine.Store;

/// <summary>
/// AES-256-GCM with a random nonce. What is sealed is: version 1 (1 byte), nonce (12), tag (16), ciphertext.
/// </summary>
/// <remarks>
/// With random nonces one key seals up to 2^32 times (NIST SP 800-38D, 8.3); a customer's own key is far from that, and
/// the installation's seals only customers' keys and quarantined bodies.
/// </remarks>
public static class Sealing
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>How much longer the sealed bytes are.</summary>
    public const int Overhead = 1 + NonceSize + TagSize;

    /// <param name="key">32 bytes.</param>
    /// <param name="plain">What nobody without the key may read.</param>
    /// <param name="associated">What it belongs to: it can be unsealed only beside the same bytes.</param>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var result = new byte[Overhead + plain.Length];
        result[0] = Version;
        var nonce = result.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(nonce, plain, result.AsSpan(Overhead), result.AsSpan(1 + NonceSize, TagSize), associated);
        return result;
    }

    /// <exception cref="UnsealException">Another key, other associated bytes, changed or cut bytes.</exception>
    public static byte[] Unseal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        if (sealedBytes.Length < Overhead) throw new UnsealException("too short to be sealed");
        if (sealedBytes[0] != Version) throw new UnsealException($"of the unknown version {sealedBytes[0]}");
        var plain = new byte[sealedBytes.Length - Overhead];
        try
        {
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(
                sealedBytes.Slice(1, NonceSize), sealedBytes[Overhead..], sealedBytes.Slice(1 + NonceSize, TagSize),
                plain, associated);
            return plain;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new UnsealException("of another key or owner, or was changed", e);
        }
    }
}

/// <summary>Sealed bytes could not be opened. Says nothing about their content.</summary>
public sealed class UnsealException(string reason, Exception? inner = null)
    : Exception($"The sealed bytes are {reason}.", inner);
