using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// The stored body of an entry. The first byte is the version of the format; every version ever written stays
/// readable. Effects come before the input, so that a fold can stop early.
/// </summary>
public static class EntryCodec
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 1;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        Historical = 1,

        /// <summary>The input was addressed to an alias; its key follows.</summary>
        Addressed = 2,
        Sealed = 4,
    }

    /// <summary>Encodes what the columns of the row do not hold.</summary>
    /// <param name="entry">The entry; the private part of its input is not written.</param>
    /// <param name="addressed">The key that the input was addressed to, where that is not the customer's own.</param>
    /// <param name="sealedPart">The private part of the input, sealed; empty when there is none.</param>
    public static byte[] Encode(Entry entry, CustomerKey? addressed, ReadOnlySpan<byte> sealedPart)
    {
        using var writer = ByteWriter.Rent();
        writer.Byte(Version);
        writer.Byte((byte)((entry.Historical ? Flags.Historical : Flags.None) |
                           (addressed is null ? Flags.None : Flags.Addressed) |
                           (sealedPart.IsEmpty ? Flags.None : Flags.Sealed)));
        if (addressed is { } key) writer.Hash(key.Value);
        writer.Count(entry.ProgramVersion);
        writer.Count(entry.Effects.Length);
        foreach (var effect in entry.Effects) EffectCodec.Write(writer, effect);
        WriteAfter(writer, entry.After);
        writer.Hash(entry.BodyHash);
        InputCodec.Write(writer, entry.Input);
        if (!sealedPart.IsEmpty) writer.Bytes(sealedPart);
        return writer.ToArray();
    }

    /// <summary>
    /// What a fold needs of a row, and whether it was decided at its own time. It reads no further than that: the lines
    /// of an order are most of an entry, and that they are what was written the hash says.
    /// </summary>
    /// <exception cref="CodecException">The body is not one that this or an older version wrote.</exception>
    public static (EntryFold Fold, bool Historical) DecodeFold(JournalRow row)
    {
        var reader = new ByteReader(row.Body.Span);
        var flags = ReadHead(ref reader);
        if ((flags & Flags.Addressed) != 0) reader.Skip(Hash16.Size);
        reader.Unsigned();
        var effects = ReadEffects(ref reader);
        for (var i = 0; i < 3; i++) reader.Signed();
        reader.Bytes();
        var nextChangeAt = reader.Time();
        reader.Skip(Hash16.Size);
        return (
            new(row.Seq, row.At, row.OccurredAt, InputCodec.IsTick(ref reader), effects, nextChangeAt),
            (flags & Flags.Historical) != 0);
    }

    /// <summary>The entry of a row; the private part of its input is left out.</summary>
    /// <exception cref="CodecException">The body is not one that this or an older version wrote.</exception>
    public static Entry Decode(JournalRow row) => DecodeSealed(row).Entry;

    /// <summary>The entry of a row with the sealed private part of its input, empty when it has none.</summary>
    /// <exception cref="CodecException">The body is not one that this or an older version wrote.</exception>
    public static (Entry Entry, ReadOnlyMemory<byte> Sealed) DecodeSealed(JournalRow row)
    {
        var reader = new ByteReader(row.Body.Span);
        var flags = ReadHead(ref reader);
        Hash16? addressed = (flags & Flags.Addressed) != 0 ? reader.Hash() : null;
        var program = (int)reader.Unsigned();
        var effects = ReadEffects(ref reader);
        var after = ReadAfter(ref reader);
        var bodyHash = reader.Hash();
        var input = InputCodec.Read(ref reader, row.OccurredAt);
        var sealedPart = (flags & Flags.Sealed) != 0 ? reader.Bytes().ToArray() : [];
        if (!reader.AtEnd) throw new CodecException("An entry is longer than its parts.");
        return (new Entry
        {
            Seq = row.Seq, EventKey = row.EventKey, OccurredAt = row.OccurredAt, RecordedAt = row.RecordedAt,
            At = row.At, Historical = (flags & Flags.Historical) != 0, ProgramVersion = program, BodyHash = bodyHash,
            Input = input, Addressed = addressed, Effects = effects, After = after,
        }, sealedPart);
    }

    private static Flags ReadHead(ref ByteReader reader) => reader.Byte() is var version && version == Version
        ? (Flags)reader.Byte()
        : throw new CodecException($"Entry format {version} is not known; this program reads format {Version}.");

    private static ImmutableArray<Effect> ReadEffects(ref ByteReader reader)
    {
        var count = reader.Count();
        if (count == 0) return [];
        var effects = new Effect[count];
        for (var i = 0; i < effects.Length; i++) effects[i] = EffectCodec.Read(ref reader);
        return ImmutableCollectionsMarshal.AsImmutableArray(effects);
    }

    private static void WriteAfter(ByteWriter writer, After after)
    {
        writer.Signed(after.Available);
        writer.Signed(after.Pending);
        writer.Signed(after.Held);
        writer.Text(after.Stage);
        writer.Time(after.NextChangeAt);
    }

    private static After ReadAfter(ref ByteReader reader) =>
        new(reader.Signed(), reader.Signed(), reader.Signed(), reader.Name(), reader.Time());
}
