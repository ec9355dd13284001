using System.Collections.Immutable;
using System.Diagnostics;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// The forms in which inputs and answers travel between the processes of a cluster. Nothing of it is stored; but while
/// one release takes the place of another the two ends may differ, so each form begins with its version.
/// </summary>
internal static class CallCodec
{
    private const byte Version = 1;

    private const byte AcceptedTag = 1;
    private const byte RefusedTag = 2;
    private const byte UnacceptableTag = 3;
    private const byte IdReusedTag = 4;
    private const byte StaleTag = 5;

    [Flags]
    private enum DeliveryFlags : byte
    {
        None = 0,
        Historical = 1,
        IfMatch = 2,
        Keyed = 4,
        TimeAssigned = 8,
        ClaimedAt = 16,
        Private = 32,
    }

    public static byte[] Write(IReadOnlyList<Delivery> deliveries)
    {
        using var writer = Begin();
        writer.Count(deliveries.Count);
        foreach (var delivery in deliveries) Write(writer, delivery);
        return writer.ToArray();
    }

    /// <exception cref="CodecException">Of another release, or not one.</exception>
    public static Delivery[] ReadDeliveries(ReadOnlySpan<byte> bytes)
    {
        var reader = Begin(bytes);
        var deliveries = new Delivery[reader.Count()];
        for (var i = 0; i < deliveries.Length; i++) deliveries[i] = ReadDelivery(ref reader);
        return deliveries;
    }

    public static byte[] Write(Answer answer)
    {
        using var writer = Begin();
        writer.Flag(answer.Redirect is not null);
        if (answer.Redirect is { } redirect)
        {
            writer.Flag(redirect.To is not null);
            if (redirect.To is { } to) writer.Hash(to.Value);
            return writer.ToArray();
        }

        writer.Count(answer.Outcomes.Length);
        foreach (var outcome in answer.Outcomes) Write(writer, outcome);
        return writer.ToArray();
    }

    /// <exception cref="CodecException">Of another release, or not one.</exception>
    public static Answer ReadAnswer(ReadOnlySpan<byte> bytes)
    {
        var reader = Begin(bytes);
        if (reader.Flag()) return new([], new Redirect(reader.Flag() ? new CustomerKey(reader.Hash()) : null));
        var outcomes = ImmutableArray.CreateBuilder<Outcome>(reader.Count());
        for (var i = outcomes.Capacity; i > 0; i--) outcomes.Add(ReadOutcome(ref reader));
        return new(outcomes.MoveToImmutable(), null);
    }

    public static byte[] Write(Head head) => SnapshotCodec.Pack(head);

    /// <exception cref="CodecException">Of another release, or not one.</exception>
    public static Head ReadHead(ReadOnlySpan<byte> bytes) => SnapshotCodec.Unpack(bytes);

    public static byte[] Write(in CustomerStatus status)
    {
        using var writer = Begin();
        writer.Signed(status.Version);
        writer.Text(status.Stage);
        writer.Signed(status.Available);
        writer.Signed(status.Pending);
        writer.Signed(status.Held);
        writer.Flag(status.NextExpiry is not null);
        if (status.NextExpiry is var (points, at))
        {
            writer.Signed(points);
            writer.Time(at);
        }

        writer.Time(status.NextChangeAt);
        return writer.ToArray();
    }

    /// <exception cref="CodecException">Of another release, or not one.</exception>
    public static CustomerStatus ReadStatus(ReadOnlySpan<byte> bytes)
    {
        var reader = Begin(bytes);
        return new(
            reader.Signed(), reader.Name(), reader.Signed(), reader.Signed(), reader.Signed(),
            reader.Flag() ? (reader.Signed(), reader.Time()) : null, reader.Time());
    }

    private static ByteWriter Begin()
    {
        var writer = ByteWriter.Rent();
        writer.Byte(Version);
        return writer;
    }

    private static ByteReader Begin(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        return reader.Byte() is var version && version == Version
            ? reader
            : throw new CodecException($"A call of form {version}; this program knows form {Version}.");
    }

    private static void Write(ByteWriter writer, Delivery delivery)
    {
        var input = delivery.Input;
        var own = InputCodec.PrivateOf(input);
        writer.Byte((byte)(
            (delivery.Historical ? DeliveryFlags.Historical : 0) |
            (delivery.IfMatch is null ? 0 : DeliveryFlags.IfMatch) | (delivery.Keyed ? DeliveryFlags.Keyed : 0) |
            (delivery.TimeAssigned ? DeliveryFlags.TimeAssigned : 0) |
            (delivery.ClaimedAt is null ? 0 : DeliveryFlags.ClaimedAt) |
            (own.IsEmpty ? DeliveryFlags.None : DeliveryFlags.Private)));
        writer.Time(input.OccurredAt);
        InputCodec.Write(writer, input);
        if (delivery.IfMatch is { } version) writer.Signed(version);
        if (delivery.ClaimedAt is { } claimed) writer.Time(claimed);
        if (!own.IsEmpty) writer.Bytes(own.Span);
    }

    private static Delivery ReadDelivery(ref ByteReader reader)
    {
        var flags = (DeliveryFlags)reader.Byte();
        var input = InputCodec.Read(ref reader, reader.Time());
        long? ifMatch = (flags & DeliveryFlags.IfMatch) != 0 ? reader.Signed() : null;
        Instant? claimed = (flags & DeliveryFlags.ClaimedAt) != 0 ? reader.Time() : null;
        if ((flags & DeliveryFlags.Private) != 0) input = InputCodec.WithPrivate(input, reader.Bytes().ToArray());
        return new(
            input, (flags & DeliveryFlags.Historical) != 0, ifMatch, (flags & DeliveryFlags.Keyed) != 0,
            (flags & DeliveryFlags.TimeAssigned) != 0, claimed);
    }

    private static void Write(ByteWriter writer, Outcome outcome)
    {
        switch (outcome)
        {
            case Outcome.Accepted accepted:
                writer.Byte(AcceptedTag);
                writer.Flag(accepted.Replayed);
                Write(writer, accepted.Receipt);
                break;
            case Outcome.Refused refused:
                writer.Byte(RefusedTag);
                writer.Text(refused.Code);
                writer.Text(refused.Detail);
                writer.Signed(refused.Version);
                writer.Flag(refused.Replayed);
                break;
            case Outcome.Unacceptable unacceptable:
                writer.Byte(UnacceptableTag);
                writer.Text(unacceptable.Reason);
                writer.Text(unacceptable.Detail);
                break;
            case Outcome.IdReused reused:
                writer.Byte(IdReusedTag);
                writer.Signed(reused.Seq);
                break;
            case Outcome.Stale stale:
                writer.Byte(StaleTag);
                writer.Signed(stale.Version);
                break;
            default:
                throw new UnreachableException($"Outcome {outcome.GetType().Name} has no form to travel in.");
        }
    }

    private static Outcome ReadOutcome(ref ByteReader reader) => reader.Byte() switch
    {
        AcceptedTag when reader.Flag() is var replayed => new Outcome.Accepted(ReadReceipt(ref reader), replayed),
        RefusedTag => new Outcome.Refused(reader.Text(), reader.Text(), reader.Signed(), reader.Flag()),
        UnacceptableTag => new Outcome.Unacceptable(reader.Text(), reader.Text()),
        IdReusedTag => new Outcome.IdReused(reader.Signed()),
        StaleTag => new Outcome.Stale(reader.Signed()),
        var tag => throw new CodecException($"Outcome tag {tag} is not known."),
    };

    private static void Write(ByteWriter writer, Receipt receipt)
    {
        writer.Signed(receipt.Version);
        writer.Time(receipt.At);
        writer.Count(receipt.Effects.Length);
        foreach (var effect in receipt.Effects) EffectCodec.Write(writer, effect);
        writer.Signed(receipt.Available);
        writer.Signed(receipt.Pending);
        writer.Signed(receipt.Held);
        writer.Text(receipt.Stage);
        writer.Time(receipt.NextChangeAt);
        writer.OptionalText(receipt.Customer);
    }

    private static Receipt ReadReceipt(ref ByteReader reader)
    {
        var (version, at) = (reader.Signed(), reader.Time());
        var effects = ImmutableArray.CreateBuilder<Domain.Entries.Effect>(reader.Count());
        for (var i = effects.Capacity; i > 0; i--) effects.Add(EffectCodec.Read(ref reader));
        return new(
            version, at, effects.MoveToImmutable(), reader.Signed(), reader.Signed(), reader.Signed(), reader.Name(),
            reader.Time()) { Customer = reader.OptionalText() };
    }
}
