using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lifecycle.Domain.Entries;

/// <summary>Sixteen bytes: a hash, or an id made by hashing.</summary>
public readonly record struct Hash16(ulong High, ulong Low) : IComparable<Hash16>
{
    /// <summary>Bytes when written.</summary>
    public const int Size = 16;

    /// <summary>All zeros: the predecessor of a customer's first entry.</summary>
    public static readonly Hash16 Zero;

    public static Hash16 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    public int CompareTo(Hash16 other) =>
        High == other.High ? Low.CompareTo(other.Low) : High.CompareTo(other.High);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}

/// <summary>An order's key within its customer: the first eight bytes of the SHA-256 of the order id.</summary>
public readonly record struct OrderKey(ulong Value)
{
    public static OrderKey Of(string orderId)
    {
        var size = Encoding.UTF8.GetMaxByteCount(orderId.Length);
        var bytes = size <= 512 ? stackalloc byte[512] : new byte[size];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(orderId, bytes)], hash);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }
}
