using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Cluster.Customers;

/// <summary>A customer's key as the key of a grain, byte for byte.</summary>
internal static class CustomerKeys
{
    public static CustomerKey Of(Guid grain)
    {
        Span<byte> bytes = stackalloc byte[Hash16.Size];
        grain.TryWriteBytes(bytes, bigEndian: true, out _);
        return new(Hash16.Read(bytes));
    }

    public static Guid ToGuid(this CustomerKey key)
    {
        Span<byte> bytes = stackalloc byte[Hash16.Size];
        key.Value.Write(bytes);
        return new(bytes, bigEndian: true);
    }
}
