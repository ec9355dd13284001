using System.Buffers;
using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;

namespace Lifecycle.Engine.Codec;

/// <summary>
/// The stored form of what can go from one customer to another. It is in entries, so every version ever written stays
/// readable; the state, which is a cache, has the same fields.
/// </summary>
internal static class PartCodec
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 1;

    public static void Write(ByteWriter writer, Part part)
    {
        writer.Byte(Version);
        WriteFields(writer, part);
    }

    /// <exception cref="CodecException">The bytes are of no known version.</exception>
    public static Part Read(ref ByteReader reader) => reader.Byte() is var version && version == Version
        ? ReadFields(ref reader)
        : throw new CodecException($"Part format {version} is not known; this program reads format {Version}.");

    public static void WriteFields(ByteWriter writer, Part part)
    {
        for (var i = 0; i < Accounts.Count; i++) writer.Signed(part.Balances.Of((Account)i));
        writer.Signed(part.Debt);
        WriteLots(writer, part);
        WriteOrders(writer, part);
        WriteMetrics(writer, part);
        WriteIds(writer, part);
    }

    public static Part ReadFields(ref ByteReader reader)
    {
        var balances = new Balances();
        for (var i = 0; i < Accounts.Count; i++) balances.Set((Account)i, reader.Signed());
        var part = new Part { Balances = balances, Debt = reader.Signed() };
        part = ReadLots(ref reader, part);
        part = ReadOrders(ref reader, part);
        part = ReadMetrics(ref reader, part);
        return ReadIds(ref reader, part);
    }

    private static void WriteIds(ByteWriter writer, Part part)
    {
        writer.Count(part.Members.Length);
        foreach (var member in part.Members)
        {
            writer.Hash(member.Key);
            writer.Hash(member.Into);
            writer.Signed(member.Seq);
            writer.Time(member.Since);
        }

        writer.Count(part.Formers.Length);
        foreach (var former in part.Formers)
        {
            writer.Hash(former.Key);
            writer.Signed(former.Until);
        }
    }

    private static Part ReadIds(ref ByteReader reader, Part part)
    {
        var members = ImmutableArray.CreateBuilder<Member>(reader.Count());
        for (var i = members.Capacity; i > 0; i--)
            members.Add(new(reader.Hash(), reader.Hash(), reader.Signed(), reader.Time()));
        var formers = ImmutableArray.CreateBuilder<Former>(reader.Count());
        for (var i = formers.Capacity; i > 0; i--) formers.Add(new(reader.Hash(), reader.Signed()));
        return part with { Members = members.MoveToImmutable(), Formers = formers.MoveToImmutable() };
    }

    private static void WriteLots(ByteWriter writer, Part part)
    {
        writer.Count(part.Lots.Length);
        foreach (var lot in part.Lots)
        {
            writer.Time(lot.ExpiresAt);
            writer.Time(lot.EarnedAt);
            writer.Signed(lot.Remaining);
            writer.Signed(lot.Expired);
        }

        writer.Count(part.Pending.Length);
        foreach (var lot in part.Pending)
        {
            writer.Time(lot.Dates.AvailableAt);
            writer.Time(lot.Dates.ExpiresAt);
            writer.Time(lot.EarnedAt);
            writer.Signed(lot.Points);
        }
    }

    private static Part ReadLots(ref ByteReader reader, Part part)
    {
        var lots = ImmutableArray.CreateBuilder<Lot>(reader.Count());
        for (var i = lots.Capacity; i > 0; i--)
            lots.Add(new(reader.Time(), reader.Time(), reader.Signed(), reader.Signed()));
        var pending = ImmutableArray.CreateBuilder<PendingLot>(reader.Count());
        for (var i = pending.Capacity; i > 0; i--)
            pending.Add(new(new(reader.Time(), reader.Time()), reader.Time(), reader.Signed()));
        return part with { Lots = lots.MoveToImmutable(), Pending = pending.MoveToImmutable() };
    }

    private static void WriteOrders(ByteWriter writer, Part part)
    {
        writer.Count(part.OpenOrders.Length);
        foreach (var order in part.OpenOrders) WriteOrder(writer, order);
        writer.Count(part.AwaitedReturns.Length);
        foreach (var waiting in part.AwaitedReturns)
        {
            writer.Fixed(waiting.Order.Value);
            writer.Signed(waiting.Seq);
            WriteJournal(writer, waiting.Journal);
        }

        writer.Signed(part.UnmatchedReturns);
        writer.Signed(part.UnmatchedReturnMinor);
    }

    private static Part ReadOrders(ref ByteReader reader, Part part)
    {
        var orders = ImmutableArray.CreateBuilder<OpenOrder>(reader.Count());
        for (var i = orders.Capacity; i > 0; i--) orders.Add(ReadOrder(ref reader));
        var waiting = ImmutableArray.CreateBuilder<AwaitedReturn>(reader.Count());
        for (var i = waiting.Capacity; i > 0; i--)
            waiting.Add(new(new(reader.Fixed()), reader.Signed(), ReadJournal(ref reader)));
        return part with
        {
            OpenOrders = orders.MoveToImmutable(), AwaitedReturns = waiting.MoveToImmutable(),
            UnmatchedReturns = reader.Signed(), UnmatchedReturnMinor = reader.Signed(),
        };
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
        WriteJournal(writer, order.Journal);
        writer.Count(order.ReturnsElsewhere.Length);
        foreach (var elsewhere in order.ReturnsElsewhere)
        {
            writer.Hash(elsewhere.Journal);
            writer.Signed(elsewhere.Seq);
        }
    }

    private static OpenOrder ReadOrder(ref ByteReader reader)
    {
        var order = new OpenOrder
        {
            Key = new(reader.Fixed()), Seq = reader.Signed(), OccurredAt = reader.Time(), Day = (int)reader.Signed(),
            GrossMinor = reader.Signed(), NetMinor = reader.Signed(), Units = reader.Signed(), Counts = reader.Flag(),
            OpenUntil = reader.Time(), Skus = new UInt128(reader.Fixed(), reader.Fixed()), Earned = reader.Signed(),
            Lot = new(reader.Time(), reader.Time()),
        };
        var (gross, net, units) = (reader.Signed(), reader.Signed(), reader.Signed());
        var whole = reader.Flag();
        var seqs = ImmutableArray.CreateBuilder<long>(reader.Count());
        for (var i = seqs.Capacity; i > 0; i--) seqs.Add(reader.Signed());
        var journal = ReadJournal(ref reader);
        var elsewhere = ImmutableArray.CreateBuilder<EntryRef>(reader.Count());
        for (var i = elsewhere.Capacity; i > 0; i--) elsewhere.Add(new(reader.Hash(), reader.Signed()));
        if ((gross, net, units, whole, seqs.Count + elsewhere.Count) == (0, 0, 0, false, 0) && journal is null)
            return order;
        return order with
        {
            ReturnedGrossMinor = gross, ReturnedNetMinor = net, ReturnedUnits = units, Whole = whole,
            ReturnSeqs = seqs.MoveToImmutable(), Journal = journal, ReturnsElsewhere = elsewhere.MoveToImmutable(),
        };
    }

    private static void WriteJournal(ByteWriter writer, Hash16? journal)
    {
        writer.Flag(journal is not null);
        if (journal is { } other) writer.Hash(other);
    }

    private static Hash16? ReadJournal(ref ByteReader reader) => reader.Flag() ? reader.Hash() : null;

    private static void WriteMetrics(ByteWriter writer, Part part)
    {
        var moments = part.Moments;
        writer.Count(moments.Recent.Length);
        foreach (var moment in moments.Recent) WriteMoment(writer, moment);
        writer.Signed(moments.OldDays);
        writer.Time(moments.OldFirst);
        WriteMoment(writer, moments.OldLast);
        writer.Double(moments.OldGapSquares);
        WriteBuckets(writer, part.Buckets);

        WriteTotals(writer, part.Lifetime);
        writer.Signed(part.Referrals);
    }

    private static void WriteBuckets(ByteWriter writer, BucketSeries buckets)
    {
        var count = buckets.Length;
        writer.Count(count);
        if (count == 0) return;
        var rented = ArrayPool<Bucket>.Shared.Rent(count);
        buckets.CopyTo(rented);
        for (var i = 0; i < count; i++)
        {
            writer.Signed(rented[i].Start);
            WriteTotals(writer, rented[i].Totals);
        }

        ArrayPool<Bucket>.Shared.Return(rented);
    }

    private static Part ReadMetrics(ref ByteReader reader, Part part)
    {
        var recent = ImmutableArray.CreateBuilder<OrderMoment>(reader.Count());
        for (var i = recent.Capacity; i > 0; i--) recent.Add(ReadMoment(ref reader));
        var moments = OrderMoments.Of(
            recent.MoveToImmutable(), reader.Signed(), reader.Time(), ReadMoment(ref reader), reader.Double());
        var count = reader.Count();
        var rented = ArrayPool<Bucket>.Shared.Rent(count);
        for (var i = 0; i < count; i++) rented[i] = new(reader.Signed(), ReadTotals(ref reader));
        var buckets = BucketSeries.Of(rented.AsSpan(0, count));
        ArrayPool<Bucket>.Shared.Return(rented);
        return part with
        {
            Moments = moments, Buckets = buckets, Lifetime = ReadTotals(ref reader),
            Referrals = reader.Signed(),
        };
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
