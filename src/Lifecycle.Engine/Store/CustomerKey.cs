using Lifecycle.Domain.Entries;

namespace Lifecycle.Engine.Store;

/// <summary>
/// The journal's name for a customer: the first 16 bytes of HMAC-SHA-256(installation secret, canonical id). It says
/// nothing about the person; the readable id lives in an erasable table.
/// </summary>
public readonly record struct CustomerKey(Hash16 Value) : IComparable<CustomerKey>
{
    public int CompareTo(CustomerKey other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
