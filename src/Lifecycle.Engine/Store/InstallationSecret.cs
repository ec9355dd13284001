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
    /// <summary>Bytes to hash that need no array: ids are short.</summary>
    private const int StackMax = 512;

    /// <summary>Length in bytes, of the secret and of each derived key.</summary>
    public const int Size = 32;

    private readonly KeyedHash _customers;
    private readonly KeyedHash _events;
    private readonly KeyedHash _bodies;

    /// <exception cref="ArgumentException">Not <see cref="Size"/> bytes.</exception>
    public InstallationSecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Size)
            throw new ArgumentException($"An installation secret has {Size} bytes.", nameof(secret));
        // The names are part of what is stored: another name would be another key.
        _customers = new(Derive(secret, "lifecycle customer key 1"));
        _events = new(Derive(secret, "lifecycle event key 1"));
        _bodies = new(Derive(secret, "lifecycle body hash 1"));
        Sealing = Derive(secret, "lifecycle sealing 1");
        Check = Hash16.Read(Derive(secret, "lifecycle secret check 1"));
    }

    /// <summary>Seals customers' keys and quarantined bodies.</summary>
    internal byte[] Sealing { get; }

    /// <summary>Tells it from another secret, and nothing of it or of a key derived from it.</summary>
    public Hash16 Check { get; }

    /// <summary>The journal's name for the customer with this canonical id.</summary>
    public CustomerKey CustomerKeyOf(string id)
    {
        var size = Encoding.UTF8.GetMaxByteCount(id.Length);
        var bytes = size <= StackMax ? stackalloc byte[StackMax] : new byte[size];
        return new(_customers.Of(bytes[..Encoding.UTF8.GetBytes(id, bytes)]));
    }

    /// <summary>The key of an input: the same for each delivery, whichever customer its id leads to by then.</summary>
    /// <param name="addressed">The key of the id that the input names.</param>
    /// <param name="source">The channel it came by.</param>
    /// <param name="inputId">Its id within the channel.</param>
    public Hash16 EventKeyOf(CustomerKey addressed, string source, string inputId)
    {
        // Each part is led by its length, so that no two different inputs give the same bytes.
        var size = 3 * sizeof(int) + Hash16.Size + Encoding.UTF8.GetMaxByteCount(source.Length) +
            Encoding.UTF8.GetMaxByteCount(inputId.Length);
        var bytes = size <= StackMax ? stackalloc byte[StackMax] : new byte[size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Hash16.Size);
        addressed.Value.Write(bytes[sizeof(int)..]);
        var rest = Append(bytes[(sizeof(int) + Hash16.Size)..], source);
        rest = Append(rest, inputId);
        return _events.Of(bytes[..^rest.Length]);
    }

    /// <summary>A hash that tells two bodies apart and says nothing about them without the secret.</summary>
    public Hash16 BodyHashOf(ReadOnlySpan<byte> body) => _bodies.Of(body);

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

    /// <summary>
    /// HMAC-SHA-256 cut to 16 bytes. One that has its key is kept for the next use: setting it up costs as much as
    /// hashing an id.
    /// </summary>
    private sealed class KeyedHash(byte[] key)
    {
        /// <summary>A power of two; threads that meet at one place make another.</summary>
        private const int KeptMax = 64;

        private readonly IncrementalHash?[] _kept = new IncrementalHash?[KeptMax];

        public Hash16 Of(ReadOnlySpan<byte> bytes)
        {
            ref var place = ref _kept[Environment.CurrentManagedThreadId & (KeptMax - 1)];
            var hmac = Interlocked.Exchange(ref place, null) ??
                IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(bytes);
            Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
            hmac.GetHashAndReset(hash);
            Volatile.Write(ref place, hmac);
            return Hash16.Read(hash);
        }
    }
}
