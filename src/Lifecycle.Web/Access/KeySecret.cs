using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Lifecycle.Web.Access;

/// <summary>Where ids that nobody chose come from; tests give their own.</summary>
public interface IIdSource
{
    /// <summary>32 hexadecimal digits, never the same twice.</summary>
    string Next();
}

internal sealed class RandomIds : IIdSource
{
    public string Next() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}

/// <summary>
/// An API key as its owner holds it: <c>lk_&lt;id&gt;_&lt;secret&gt;</c>, the secret 32 random bytes.
/// </summary>
/// <remarks>
/// The secret is random and long, so a plain SHA-256 of it cannot be searched; a slow hash would only tax each request.
/// </remarks>
internal static class KeySecret
{
    private const string Prefix = "lk_";
    private const int SecretBytes = 32;
    private const int IdDigits = 12;

    /// <summary>Of <see cref="SecretBytes"/> in base64url.</summary>
    private const int SecretLength = 43;

    private static int KeyLength => Prefix.Length + IdDigits + 1 + SecretLength;

    public static string NewId() => RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);

    public static (string Key, byte[] Hash) Make(string id)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return ($"{Prefix}{id}_{secret}", SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
    }

    public static bool TrySplit(ReadOnlySpan<char> key, out ReadOnlySpan<char> id, out ReadOnlySpan<char> secret)
    {
        id = secret = default;
        if (!key.StartsWith(Prefix, StringComparison.Ordinal) || key.Length != KeyLength) return false;
        if (key[Prefix.Length + IdDigits] != '_') return false;
        id = key.Slice(Prefix.Length, IdDigits);
        secret = key[^SecretLength..];
        return true;
    }

    public static bool Matches(ReadOnlySpan<char> secret, ReadOnlySpan<byte> hash)
    {
        Span<byte> text = stackalloc byte[3 * SecretLength];
        Span<byte> hashed = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(secret, text)], hashed);
        return CryptographicOperations.FixedTimeEquals(hashed, hash);
    }
}
