using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Domain.Orders;

/// <summary>An order as its recorded entry says, and what has come back of it so far.</summary>
internal sealed class OrderOnFile
{
    private readonly long[] _returnedPieces;
    private readonly long[] _returnedAmounts;

    private OrderOnFile(Effect.OrderCounted placed, long seq, ImmutableArray<OrderItem> items)
    {
        Placed = placed;
        Seq = seq;
        Items = items;
        _returnedPieces = new long[items.Length];
        _returnedAmounts = new long[items.Length];
    }

    public Effect.OrderCounted Placed { get; }
    public long Seq { get; }
    public ImmutableArray<OrderItem> Items { get; }

    /// <summary>What the order's entry earned and the lot it went to.</summary>
    public long Earned { get; private set; }
    public LotDates Lot { get; private set; }

    public long ReturnedGrossMinor { get; private set; }
    public long ReturnedNetMinor { get; private set; }
    public long ReturnedDiscountMinor { get; private set; }
    public long ReturnedUnits { get; private set; }
    public bool Whole { get; private set; }

    /// <summary>From the effects of the entry that placed it.</summary>
    public static OrderOnFile Of(
        Effect.OrderCounted placed, long seq, ImmutableArray<OrderItem> items, IEnumerable<Effect> effects)
    {
        var order = new OrderOnFile(placed, seq, items);
        foreach (var effect in effects)
        {
            if (effect is not Effect.PointsMoved { Cause: Causes.Earned } earned || earned.Order != placed.Order)
                continue;
            order.Earned += earned.Points;
            order.Lot = earned.Lot;
        }

        return order;
    }

    /// <summary>
    /// From recalled entries, oldest first: the one that placed it and its returns. Null when it is not among them. The
    /// newest, should the id have been used again long after.
    /// </summary>
    public static OrderOnFile? Find(OrderKey key, IReadOnlyList<Entry> recalled)
    {
        foreach (var entry in recalled.Reverse())
        {
            if (entry.Input is not Input.Event { Data: var data }) continue;
            foreach (var effect in entry.Effects)
            {
                if (effect is not Effect.OrderCounted placed || placed.Order != key) continue;
                var order = Of(placed, entry.Seq, data.Items, entry.Effects);
                foreach (var later in recalled)
                    foreach (var returned in later.Effects.OfType<Effect.ReturnMatched>())
                        if (returned.Order == key && returned.OrderSeq == entry.Seq &&
                            returned.OrderOccurredAt == placed.OccurredAt) order.Count(returned);
                return order;
            }
        }

        return null;
    }

    public long PiecesLeft(int line) => Items[line].Quantity - _returnedPieces[line];

    /// <summary>
    /// What comes off the line's amount when so many more pieces come back: the difference of two shares of the whole,
    /// so that parts always add up to it.
    /// </summary>
    public ReturnedLine Line(int line, long pieces)
    {
        var item = Items[line];
        var after = _returnedPieces[line] + pieces;
        return new(line, pieces, Share(item.AmountMinor, after, item.Quantity) - _returnedAmounts[line]);
    }

    /// <summary>The effect of these lines coming back, or of an amount when there are none.</summary>
    public Effect.ReturnMatched Return(ImmutableArray<ReturnedLine> lines, long amountMinor)
    {
        var units = lines.Sum(line => line.Quantity);
        // Below zero only where two merged customers have one order under one number, both with returns.
        var grossLeft = Math.Max(0, Placed.GrossMinor - ReturnedGrossMinor);
        var gross = Math.Min(grossLeft, lines.IsEmpty ? amountMinor : GrossOf(lines));
        var whole = (Placed.Units > 0 && ReturnedUnits + units >= Placed.Units) ||
                    (Placed.GrossMinor > 0 && gross == grossLeft);
        if (whole) (gross, units) = (grossLeft, Placed.Units - ReturnedUnits);
        return new(
            Placed.Order, Seq, Placed.OccurredAt, Placed.Day, gross, Part(Placed.NetMinor) - ReturnedNetMinor,
            Part(Placed.DiscountMinor) - ReturnedDiscountMinor, units, Placed.Counts, whole, lines);

        long Part(long all) => whole ? all : Share(all, ReturnedGrossMinor + gross, Placed.GrossMinor);
    }

    /// <summary>
    /// How many of the earned points this return takes back: again a difference of two shares of the whole.
    /// </summary>
    public long PointsOf(Effect.ReturnMatched returned)
    {
        var before = Whole ? Earned : Share(Earned, ReturnedGrossMinor, Placed.GrossMinor);
        var after = returned.Whole
            ? Earned
            : Share(Earned, ReturnedGrossMinor + returned.GrossMinor, Placed.GrossMinor);
        return after - before;
    }

    public void Count(Effect.ReturnMatched returned)
    {
        ReturnedGrossMinor += returned.GrossMinor;
        ReturnedNetMinor += returned.NetMinor;
        ReturnedDiscountMinor += returned.DiscountMinor;
        ReturnedUnits += returned.Units;
        Whole |= returned.Whole;
        foreach (var line in returned.Lines)
        {
            _returnedPieces[line.Index] += line.Quantity;
            _returnedAmounts[line.Index] += line.AmountMinor;
        }
    }

    /// <summary>
    /// Lines may not add up to the order (shipping, an order's discount): their share of it counts. Where none has an
    /// amount, their share of the pieces.
    /// </summary>
    private long GrossOf(ImmutableArray<ReturnedLine> lines)
    {
        var all = Items.Sum(item => item.AmountMinor);
        var before = _returnedAmounts.Sum();
        var after = before + lines.Sum(line => line.AmountMinor);
        if (all == 0)
        {
            all = Placed.Units;
            before = _returnedPieces.Sum();
            after = before + lines.Sum(line => line.Quantity);
        }

        return Share(Placed.GrossMinor, after, all) - Share(Placed.GrossMinor, before, all);
    }

    private static long Share(long whole, long part, long of) =>
        of == 0 ? 0 : (long)((Int128)whole * part / of);
}
