using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Population;

/// <summary>
/// Where a page of a list ended: at a value and not at a number of rows, so that what changes in between moves nobody
/// who did not change.
/// </summary>
/// <param name="Query">Which list it belongs to.</param>
/// <param name="Value">What the last row was put in order by, when that is a number.</param>
/// <param name="Id">The same when that is the id.</param>
internal sealed record ListCursor(uint Query, long Value, CustomerKey Customer, string Id)
{
    public const int TextMax = 800;

    private const byte Version = 1;
    private const int FixedSize = 1 + sizeof(uint) + sizeof(long) + Hash16.Size;

    /// <summary>Tells lists apart: a page goes on in the list that it began.</summary>
    public static uint QueryOf(ListQuery query) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{query.Order}\n{query.Prefix}\n{query.Stage}\n{query.AvailableMin}")));

    /// <summary>Null for what is no cursor of this list.</summary>
    public static ListCursor? Parse(string text, ListQuery query)
    {
        if (text.Length > TextMax || !Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < FixedSize || bytes[0] != Version) return null;
        var cursor = new ListCursor(
            BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)),
            BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1 + sizeof(uint))),
            new(Hash16.Read(bytes.AsSpan(FixedSize - Hash16.Size))), Encoding.UTF8.GetString(bytes.AsSpan(FixedSize)));
        return cursor.Query == QueryOf(query) ? cursor : null;
    }

    public override string ToString()
    {
        var bytes = new byte[FixedSize + Encoding.UTF8.GetByteCount(Id)];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), Query);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1 + sizeof(uint)), Value);
        Customer.Value.Write(bytes.AsSpan(FixedSize - Hash16.Size));
        Encoding.UTF8.GetBytes(Id, bytes.AsSpan(FixedSize));
        return Base64Url.EncodeToString(bytes);
    }
}
