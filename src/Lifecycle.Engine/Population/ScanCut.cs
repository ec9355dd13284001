using System.Buffers.Binary;
using System.Buffers.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Feed;

namespace Lifecycle.Engine.Population;

/// <summary>
/// What a scan is true for: exactly the entries up to a position of one history, viewed at one instant. Its text is
/// opaque to clients: they keep it to go on at the same cut.
/// </summary>
/// <param name="Epoch">The history that the position belongs to.</param>
/// <param name="Position">The last entry that counts.</param>
/// <param name="AsOf">The instant that every customer is viewed at.</param>
public readonly record struct ScanCut(Hash16 Epoch, long Position, Instant AsOf)
{
    private const byte Version = 1;
    private const int Size = 1 + Hash16.Size + 2 * sizeof(long);

    /// <exception cref="FeedCursorException">It is not the text of a cut.</exception>
    public static ScanCut Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.IsValid(text) ||
            !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Size || bytes[0] != Version)
        {
            throw Malformed();
        }

        var position = BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + Hash16.Size)..]);
        var asOf = new Instant(BinaryPrimitives.ReadInt64BigEndian(bytes[(Size - sizeof(long))..]));
        return position >= 0 && asOf >= Instant.Earliest && asOf <= Instant.Latest
            ? new(Hash16.Read(bytes[1..]), position, asOf)
            : throw Malformed();
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        Epoch.Write(bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + Hash16.Size)..], Position);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(Size - sizeof(long))..], AsOf.Micros);
        return Base64Url.EncodeToString(bytes);
    }

    private static FeedCursorException Malformed() => new(
        FeedCursorException.Malformed,
        "The cut is not one that a scan gave. Send Lifecycle-Cut as it was, or none to scan anew.");
}
