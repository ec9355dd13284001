using System.Collections.Immutable;
using System.Security.Cryptography;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// The stored form of a state: a cache, so a version that is not known is no error but a reason to fold the journal.
/// The same state has the same bytes; their hash is the customer's state hash.
/// </summary>
public static class StateCodec
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const byte Version = 1;

    public static byte[] Encode(CustomerState state)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Signed(state.Seq);
        writer.Time(state.At);
        writer.Time(state.DueAt);
        writer.Text(state.Stage);
        writer.Byte((byte)state.StageRole);
        writer.Time(state.StageSince);
        writer.Text(state.StageReason);
        writer.Signed(state.StageOrderDay);
        for (var i = 0; i < Accounts.Count; i++) writer.Signed(state.BalancesField.Of((Account)i));
        writer.Signed(state.Debt);
        WriteLots(writer, state);
        WriteOrders(writer, state);
        WriteMetrics(writer, state);
        return writer.ToArray();
    }

    /// <exception cref="CodecException">The bytes are of another version or damaged.</exception>
    public static CustomerState Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        if (reader.Byte() is var version && version != Version)
            throw new CodecException($"State format {version} is not the one this program reads, {Version}.");
        var state = new CustomerState
        {
            Seq = reader.Signed(), At = reader.Time(), DueAt = reader.Time(), Stage = reader.Text(),
            StageRole = (StageRole)reader.Byte(), StageSince = reader.Time(), StageReason = reader.Text(),
            StageOrderDay = (int)reader.Signed(),
        };
        for (var i = 0; i < Accounts.Count; i++) state.BalancesField.Set((Account)i, reader.Signed());
        state.Debt = reader.Signed();
        ReadLots(ref reader, state);
        ReadOrders(ref reader, state);
        ReadMetrics(ref reader, state);
        if (!reader.AtEnd) throw new CodecException("A state is longer than its parts.");
        return state;
    }

    /// <summary>
    /// The first 16 bytes of the SHA-256 of the encoded state: equal for equal histories, on any store.
    /// </summary>
    public static Hash16 HashOf(CustomerState state) => Hash16.Read(SHA256.HashData(Encode(state)));

    private static void WriteLots(ByteWriter writer, CustomerState state)
    {
        writer.Count(state.Lots.Length);
        foreach (var lot in state.Lots)
        {
            writer.Time(lot.ExpiresAt);
            writer.Time(lot.EarnedAt);
            writer.Signed(lot.Remaining);
            writer.Signed(lot.Expired);
        }

        writer.Count(state.Pending.Length);
        foreach (var lot in state.Pending)
        {
            writer.Time(lot.Dates.AvailableAt);
            writer.Time(lot.Dates.ExpiresAt);
            writer.Time(lot.EarnedAt);
            writer.Signed(lot.Points);
        }
    }

    private static void ReadLots(ref ByteReader reader, CustomerState state)
    {
        var lots = ImmutableArray.CreateBuilder<Lot>(reader.Count());
        for (var i = lots.Capacity; i > 0; i--)
            lots.Add(new(reader.Time(), reader.Time(), reader.Signed(), reader.Signed()));
        state.Lots = lots.MoveToImmutable();
        var pending = ImmutableArray.CreateBuilder<PendingLot>(reader.Count());
        for (var i = pending.Capacity; i > 0; i--)
            pending.Add(new(new(reader.Time(), reader.Time()), reader.Time(), reader.Signed()));
        state.Pending = pending.MoveToImmutable();
    }

    private static void WriteOrders(ByteWriter writer, CustomerState state)
    {
        writer.Count(state.OpenOrders.Length);
        foreach (var order in state.OpenOrders) WriteOrder(writer, order);
        writer.Count(state.AwaitedReturns.Length);
        foreach (var waiting in state.AwaitedReturns)
        {
            writer.Fixed(waiting.Order.Value);
            writer.Signed(waiting.Seq);
        }

        writer.Signed(state.UnmatchedReturns);
        writer.Signed(state.UnmatchedReturnMinor);
    }

    private static void ReadOrders(ref ByteReader reader, CustomerState state)
    {
        var orders = ImmutableArray.CreateBuilder<OpenOrder>(reader.Count());
        for (var i = orders.Capacity; i > 0; i--) orders.Add(ReadOrder(ref reader));
        state.OpenOrders = orders.MoveToImmutable();
        var waiting = ImmutableArray.CreateBuilder<AwaitedReturn>(reader.Count());
        for (var i = waiting.Capacity; i > 0; i--) waiting.Add(new(new(reader.Fixed()), reader.Signed()));
        state.AwaitedReturns = waiting.MoveToImmutable();
        state.UnmatchedReturns = reader.Signed();
        state.UnmatchedReturnMinor = reader.Signed();
    }

    private static void WriteOrder(ByteWriter writer, OpenOrder order)
    {
        writer.Fixed(order.Key.Value);
        writer.Signed(order.Seq);
        writer.Time(order.OccurredAt);
        writer.Signed(order.Day);
        writer.Signed(order.GrossMinor);
        writer.Signed(order.NetMinor);
        writer.Signed(order.Units);
        writer.Flag(order.Counts);
        writer.Time(order.OpenUntil);
        writer.Fixed((ulong)(order.Skus >> 64));
        writer.Fixed((ulong)order.Skus);
        writer.Signed(order.Earned);
        writer.Time(order.Lot.AvailableAt);
        writer.Time(order.Lot.ExpiresAt);
        writer.Signed(order.ReturnedGrossMinor);
        writer.Signed(order.ReturnedNetMinor);
        writer.Signed(order.ReturnedUnits);
        writer.Flag(order.Whole);
        writer.Count(order.ReturnSeqs.Length);
        foreach (var seq in order.ReturnSeqs) writer.Signed(seq);
    }

    private static OpenOrder ReadOrder(ref ByteReader reader)
    {
        var order = new OpenOrder
        {
            Key = new(reader.Fixed()), Seq = reader.Signed(), OccurredAt = reader.Time(), Day = (int)reader.Signed(),
            GrossMinor = reader.Signed(), NetMinor = reader.Signed(), Units = reader.Signed(), Counts = reader.Flag(),
            OpenUntil = reader.Time(), Skus = new UInt128(reader.Fixed(), reader.Fixed()), Earned = reader.Signed(),
            Lot = new(reader.Time(), reader.Time()), ReturnedGrossMinor = reader.Signed(),
            ReturnedNetMinor = reader.Signed(), ReturnedUnits = reader.Signed(), Whole = reader.Flag(),
        };
        var seqs = ImmutableArray.CreateBuilder<long>(reader.Count());
        for (var i = seqs.Capacity; i > 0; i--) seqs.Add(reader.Signed());
        return order with { ReturnSeqs = seqs.MoveToImmutable() };
    }

    private static void WriteMetrics(ByteWriter writer, CustomerState state)
    {
        var moments = state.Moments;
        writer.Count(moments.Recent.Length);
        foreach (var moment in moments.Recent) WriteMoment(writer, moment);
        writer.Signed(moments.OldDays);
        writer.Time(moments.OldFirst);
        WriteMoment(writer, moments.OldLast);
        writer.Double(moments.OldGapSquares);
        writer.Count(state.Buckets.Length);
        foreach (var bucket in state.Buckets)
        {
            writer.Signed(bucket.Start);
            WriteTotals(writer, bucket.Totals);
        }

        WriteTotals(writer, state.Lifetime);
        writer.Signed(state.Referrals);
    }

    private static void ReadMetrics(ref ByteReader reader, CustomerState state)
    {
        var recent = ImmutableArray.CreateBuilder<OrderMoment>(reader.Count());
        for (var i = recent.Capacity; i > 0; i--) recent.Add(ReadMoment(ref reader));
        state.Moments = new()
        {
            Recent = recent.MoveToImmutable(), OldDays = reader.Signed(), OldFirst = reader.Time(),
            OldLast = ReadMoment(ref reader), OldGapSquares = reader.Double(),
        };
        state.Gaps = state.Moments.Gaps();
        var buckets = ImmutableArray.CreateBuilder<Bucket>(reader.Count());
        for (var i = buckets.Capacity; i > 0; i--) buckets.Add(new(reader.Signed(), ReadTotals(ref reader)));
        state.Buckets = buckets.MoveToImmutable();
        state.Lifetime = ReadTotals(ref reader);
        state.Referrals = reader.Signed();
    }

    private static void WriteMoment(ByteWriter writer, OrderMoment moment)
    {
        writer.Time(moment.At);
        writer.Signed(moment.Day);
    }

    private static OrderMoment ReadMoment(ref ByteReader reader) => new(reader.Time(), (int)reader.Signed());

    private static void WriteTotals(ByteWriter writer, WindowTotals totals)
    {
        writer.Signed(totals.Orders);
        writer.Signed(totals.SpendMinor);
        writer.Signed(totals.Units);
        writer.Signed(totals.Returns);
        writer.Signed(totals.Visits);
        writer.Signed(totals.Views);
        writer.Signed(totals.Searches);
        writer.Signed(totals.DiscountMinor);
    }

    private static WindowTotals ReadTotals(ref ByteReader reader) => new(
        reader.Signed(), reader.Signed(), reader.Signed(), reader.Signed(), reader.Signed(), reader.Signed(),
        reader.Signed(), reader.Signed());
}
