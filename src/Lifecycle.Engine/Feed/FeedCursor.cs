using System.Buffers.Binary;
using System.Buffers.Text;
using Lifecycle.Domain.Entries;

namespace Lifecycle.Engine.Feed;

/// <summary>A place in the feed. Its text is opaque to clients: they keep it and send it back.</summary>
/// <param name="Epoch">The history that the position belongs to.</param>
/// <param name="Position">The last entry that was read; 0 for the beginning.</param>
internal readonly record struct FeedCursor(Hash16 Epoch, long Position)
{
    private const byte Version = 1;
    private const int Size = 1 + Hash16.Size + sizeof(long);

    /// <exception cref="FeedCursorException">It is not the text of a cursor.</exception>
    public static FeedCursor Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.IsValid(text) ||
            !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Size || bytes[0] != Version)
        {
            throw Malformed();
        }

        var position = BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + Hash16.Size)..]);
        return position >= 0 ? new(Hash16.Read(bytes[1..]), position) : throw Malformed();
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        Epoch.Write(bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + Hash16.Size)..], Position);
        return Base64Url.EncodeToString(bytes);
    }

    private static FeedCursorException Malformed() => new(
        FeedCursorException.Malformed,
        "The cursor is not one that the feed gave. Send it as it was, or none to begin anew.");
}

/// <summary>The feed cannot be read on from a cursor. The reader begins anew; its message says so.</summary>
/// <param name="code">A problem code: <see cref="Malformed"/> or <see cref="OtherEpoch"/>.</param>
public sealed class FeedCursorException(string code, string message) : Exception(message)
{
    public const string Malformed = "cursor_malformed";

    /// <summary>The journal was restored since, so that positions mean other entries.</summary>
    public const string OtherEpoch = "cursor_of_another_epoch";

    public string Code { get; } = code;
}
