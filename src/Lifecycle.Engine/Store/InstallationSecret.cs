using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Entries;

namespace Lifecycle.Engine.Store;

/// <summary>
/// The 32 random bytes of an installation, and the keys derived from them: one for each purpose, so that no output of
/// one says anything about another. Without them no customer is found by id and nothing sealed is read.
/// </summary>
public sealed class InstallationSecret
{
    /// <summary>Length in bytes, of the secret and of each derived key.</summary>
    public const int Size = 32;

    private readonly byte[] _customers;
    private readonly byte[] _events;
    private readonly byte[] _bodies;

    /// <exception cref="ArgumentException">Not <see cref="Size"/> bytes.</exception>
    public InstallationSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Size)
            throw new ArgumentException($"An installation secret has {Size} bytes.", nameof(secret));
        // The names are part of what is stored: another name would be another key.
        _customers = Derive(secret, "lifecycle customer key 1");
        _events = Derive(secret, "lifecycle event key 1");
        _bodies = Derive(secret, "lifecycle body hash 1");
        Sealing = Derive(secret, "lifecycle sealing 1");
    }

    /// <summary>Seals customers' keys and quarantined bodies.</summary>
    internal byte[] Sealing { get; }

    /// <summary>The journal's name for the customer with this canonical id.</summary>
    public CustomerKey CustomerKeyOf(string id) => new(Keyed(_customers, Encoding.UTF8.GetBytes(id)));

    /// <summary>The key of an input: the same for each delivery, whichever customer its id leads to by then.</summary>
    /// <param name="addressed">The key of the id that the input names.</param>
    /// <param name="source">The channel it came by.</param>
    /// <param name="inputId">Its id within the channel.</param>
    public Hash16 EventKeyOf(CustomerKey addressed, string source, string inputId)
    {
        // Each part is led by its length, so that no two different inputs give the same bytes.
        var bytes = new byte[
            3 * sizeof(int) + Hash16.Size + Encoding.UTF8.GetByteCount(source) + Encoding.UTF8.GetByteCount(inputId)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Hash16.Size);
        addressed.Value.Write(bytes.AsSpan(sizeof(int)));
        var rest = Append(bytes.AsSpan(sizeof(int) + Hash16.Size), source);
        Append(rest, inputId);
        return Keyed(_events, bytes);
    }

    /// <summary>A hash that tells two bodies apart and says nothing about them without the secret.</summary>
    public Hash16 BodyHashOf(ReadOnlySpan<byte> body) => Keyed(_bodies, body);

    private static Hash16 Keyed(byte[] key, ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, hash);
        return Hash16.Read(hash);
    }

    private static Span<byte> Append(Span<byte> target, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, target[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(target, length);
        return target[(sizeof(int) + length)..];
    }

    private static byte[] Derive(ReadOnlySpan<byte> secret, string purpose)
    {
        var key = new byte[Size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: default, Encoding.ASCII.GetBytes(purpose));
        return key;
    }
}
