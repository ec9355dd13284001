using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
        // In the order in which they are stored, and into one part: each copy of it is as large as what is in it.
        return new Part
        {
            Balances = balances, Debt = reader.Signed(),
            Lots = Many(
                ref reader, static (ref ByteReader r) => new Lot(r.Time(), r.Time(), r.Signed(), r.Signed())),
            Pending = Many(
                ref reader,
                static (ref ByteReader r) => new PendingLot(new(r.Time(), r.Time()), r.Time(), r.Signed())),
            OpenOrders = Many(ref reader, ReadOrder),
            AwaitedReturns = Many(
                ref reader,
                static (ref ByteReader r) => new AwaitedReturn(new(r.Fixed()), r.Signed(), ReadJournal(ref r))),
            UnmatchedReturns = reader.Signed(), UnmatchedReturnMinor = reader.Signed(),
            Moments = ReadMoments(ref reader),
            Buckets = ReadBuckets(ref reader), Lifetime = ReadTotals(ref reader), Referrals = reader.Signed(),
            Members = Many(
                ref reader, static (ref ByteReader r) => new Member(r.Hash(), r.Hash(), r.Signed(), r.Time())),
            Formers = Many(ref reader, static (ref ByteReader r) => new Former(r.Hash(), r.Signed())),
        };
    }

    private delegate T Reads<out T>(ref ByteReader reader);

    private static ImmutableArray<T> Many<T>(ref ByteReader reader, Reads<T> read)
    {
        var count = reader.Count();
        // Most are empty: these share one array.
        if (count == 0) return [];
        var items = new T[count];
        for (var i = 0; i < count; i++) items[i] = read(ref reader);
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
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
        var seqs = Many(ref reader, static (ref ByteReader r) => r.Signed());
        var journal = ReadJournal(ref reader);
        var elsewhere = Many(ref reader, static (ref ByteReader r) => new EntryRef(r.Hash(), r.Signed()));
        if ((gross, net, units, whole, seqs.Length + elsewhere.Length) == (0, 0, 0, false, 0) && journal is null)
            return order;
        return order with
        {
            ReturnedGrossMinor = gross, ReturnedNetMinor = net, ReturnedUnits = units, Whole = whole,
            ReturnSeqs = seqs, Journal = journal, ReturnsElsewhere = elsewhere,
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

    private static OrderMoments ReadMoments(ref ByteReader reader) => OrderMoments.Of(
        Many(ref reader, ReadMoment), reader.Signed(), reader.Time(), ReadMoment(ref reader), reader.Double());

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

    private static BucketSeries ReadBuckets(ref ByteReader reader)
    {
        var count = reader.Count();
        if (count == 0) return default;
        var rented = ArrayPool<Bucket>.Shared.Rent(count);
        for (var i = 0; i < count; i++) rented[i] = new(reader.Signed(), ReadTotals(ref reader));
        var buckets = BucketSeries.Of(rented.AsSpan(0, count));
        ArrayPool<Bucket>.Shared.Return(rented);
        return buckets;
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
