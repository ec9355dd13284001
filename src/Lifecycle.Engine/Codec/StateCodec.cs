using System.Security.Cryptography;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// The stored form of a state: a cache, so a version that is not known is no error but a reason to fold the journal.
/// The same state has the same bytes; their hash is the customer's state hash.
/// </summary>
public static class StateCodec
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const byte Version = 2;

    public static byte[] Encode(CustomerState state)
    {
        using var writer = ByteWriter.Rent();
        Write(writer, state);
        return writer.ToArray();
    }

    internal static void Write(ByteWriter writer, CustomerState state)
    {
        writer.Byte(Version);
        writer.Signed(state.Seq);
        writer.Time(state.At);
        writer.Time(state.DueAt);
        writer.Text(state.Stage);
        writer.Byte((byte)state.StageRole);
        writer.Time(state.StageSince);
        writer.Text(state.StageReason);
        writer.Signed(state.StageOrderDay);
        writer.Flag(state.MergedInto is not null);
        if (state.MergedInto is { } into) writer.Hash(into);
        writer.Signed(state.Errand);
        writer.Time(state.SeenUntil);
        PartCodec.WriteFields(writer, Parts.Of(state));
    }

    /// <exception cref="CodecException">The bytes are of another version or damaged.</exception>
    public static CustomerState Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        if (reader.Byte() is var version && version != Version)
            throw new CodecException($"State format {version} is not the one this program reads, {Version}.");
        var state = new CustomerState
        {
            Seq = reader.Signed(), At = reader.Time(), DueAt = reader.Time(), Stage = reader.Name(),
            StageRole = (StageRole)reader.Byte(), StageSince = reader.Time(), StageReason = reader.Name(),
            StageOrderDay = (int)reader.Signed(),
        };
        if (reader.Flag()) state.MergedInto = reader.Hash();
        state.Errand = reader.Signed();
        state.SeenUntil = reader.Time();
        Parts.Put(state, PartCodec.ReadFields(ref reader));
        if (!reader.AtEnd) throw new CodecException("A state is longer than its parts.");
        return state;
    }

    /// <summary>
    /// The first 16 bytes of the SHA-256 of the encoded state: equal for equal histories, on any store.
    /// </summary>
    public static Hash16 HashOf(CustomerState state) => Hash16.Read(SHA256.HashData(Encode(state)));
}
