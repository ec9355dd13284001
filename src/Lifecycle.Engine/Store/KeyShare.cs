using Lifecycle.Domain.Entries;

namespace Lifecycle.Engine.Store;

/// <summary>
/// One of so many equal parts of the range of customers' keys. Keys are hashes, so each part has as many customers.
/// </summary>
public readonly record struct KeyShare
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public KeyShare(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        var size = UInt128.MaxValue / (UInt128)count;
        First = ToKey(size * (UInt128)index);
        Before = index == 0 ? null : ToKey(size * (UInt128)index - 1);
        Last = ToKey(index == count - 1 ? UInt128.MaxValue : size * (UInt128)(index + 1) - 1);
    }

    /// <summary>The whole range.</summary>
    public static KeyShare All { get; } = new(0, 1);

    /// <summary>The key right before the least that is in it; null before the first part.</summary>
    public CustomerKey? Before { get; }

    /// <summary>The least key that is in it.</summary>
    public CustomerKey First { get; }

    /// <summary>The greatest.</summary>
    public CustomerKey Last { get; }

    public bool Contains(CustomerKey customer) => customer.CompareTo(First) >= 0 && customer.CompareTo(Last) <= 0;

    private static CustomerKey ToKey(UInt128 number) => new(new Hash16((ulong)(number >> 64), (ulong)number));
}
