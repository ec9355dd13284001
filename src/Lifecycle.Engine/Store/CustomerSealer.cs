using System.Security.Cryptography;
using Lifecycle.Domain.Entries;

namespace Lifecycle.Engine.Store;

/// <summary>
/// Customers' own keys. A customer's private data is sealed under a random key of its own, which is stored only wrapped
/// under the installation's: destroying the wrapped key makes the data unreadable, wherever a copy of it is.
/// </summary>
public sealed class CustomerSealer(InstallationSecret secret)
{
    /// <summary>A new key; it is to be stored wrapped.</summary>
    public static byte[] CreateKey() => RandomNumberGenerator.GetBytes(InstallationSecret.Size);

    /// <summary>Seals under a customer's key.</summary>
    /// <param name="customerKey">From <see cref="CreateKey"/> or <see cref="Unwrap"/>.</param>
    /// <param name="plain">The private data.</param>
    /// <param name="associated">What it belongs to, such as the entry's own bytes; not secret.</param>
    public static byte[] Seal(
        ReadOnlySpan<byte> customerKey, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated) =>
        Sealing.Seal(customerKey, plain, associated);

    /// <exception cref="UnsealException">Another key, other associated bytes, or the bytes were changed.</exception>
    public static byte[] Unseal(
        ReadOnlySpan<byte> customerKey, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated) =>
        Sealing.Unseal(customerKey, sealedBytes, associated);

    /// <summary>What is stored of a customer's key. It can be unwrapped for that customer only.</summary>
    public byte[] Wrap(CustomerKey customer, ReadOnlySpan<byte> customerKey) =>
        Sealing.Seal(secret.Sealing, customerKey, Owner(customer.Value, Purpose.CustomerKey));

    /// <exception cref="UnsealException">Another installation's, another customer's, or changed bytes.</exception>
    public byte[] Unwrap(CustomerKey customer, ReadOnlySpan<byte> wrapped) =>
        Sealing.Unseal(secret.Sealing, wrapped, Owner(customer.Value, Purpose.CustomerKey));

    /// <summary>Seals a body for quarantine, where it has no customer yet.</summary>
    /// <param name="key">The item's key: the body can be unsealed beside it only.</param>
    /// <param name="body">The event as it was sent.</param>
    public byte[] SealQuarantined(Hash16 key, ReadOnlySpan<byte> body) =>
        Sealing.Seal(secret.Sealing, body, Owner(key, Purpose.Quarantine));

    /// <exception cref="UnsealException">Another installation's, another item's, or the bytes were changed.</exception>
    public byte[] UnsealQuarantined(Hash16 key, ReadOnlySpan<byte> sealedBody) =>
        Sealing.Unseal(secret.Sealing, sealedBody, Owner(key, Purpose.Quarantine));

    private static byte[] Owner(Hash16 key, Purpose purpose) => [(byte)purpose, .. key.ToArray()];

    // Stored inside the associated bytes: one purpose's bytes never open as another's.
    private enum Purpose : byte
    {
        CustomerKey = 1,
        Quarantine = 2,
    }
}
