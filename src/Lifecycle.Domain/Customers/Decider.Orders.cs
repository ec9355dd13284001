using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;

namespace Lifecycle.Domain.Customers;

/// <summary>Orders, and the returns that came before them.</summary>
public static partial class Decider
{
    private static Needs NeedsOfOrder(CustomerState state, Input.Event placed)
    {
        if (state.AwaitedReturns.IsEmpty || placed.Data.Text(EventSchema.OrderId) is not { } id)
            return Customers.Needs.Nothing;
        var key = OrderKey.Of(id);
        return NeedsOf(state.AwaitedReturns.Where(waiting => waiting.Order == key));
    }

    private static Decision.Refused? PlaceOrder(Turn turn, Input.Event placed, IReadOnlyList<Entry> recalled)
    {
        var data = placed.Data;
        var kind = data.Text(EventSchema.Kind) ?? OrderKinds.Normal;
        if (kind is not (OrderKinds.Normal or OrderKinds.Test or OrderKinds.Staff))
            return new(
                RefusalCodes.UnknownOrderKind, $"The order's kind is '{kind}'; it can be normal, test or staff.");
        if (kind == OrderKinds.Test) return null;
        var id = data.Text(EventSchema.OrderId) ?? placed.Id;
        var key = OrderKey.Of(id);
        if (turn.State.FindOpenOrder(key) >= 0)
            return new(RefusalCodes.OrderIdReused,
                $"Order '{id}' was placed already by another event. Send a changed order under an id of its own.");

        var gross = data.Integer(EventSchema.AmountMinor) ?? 0;
        var net = Math.Max(0, gross - Whole(data, EventSchema.TaxMinor) - Whole(data, EventSchema.ShippingMinor));
        var earned = EarnRules.Apply(turn.Program, turn.State, turn.At, placed, net);
        var counted = new Effect.OrderCounted(
            key, placed.OccurredAt, turn.Program.LocalDay(placed.OccurredAt), gross, net,
            Whole(data, EventSchema.DiscountMinor), UnitsOf(data.Items),
            kind == OrderKinds.Normal && gross > 0,
            placed.OccurredAt.Plus(turn.Program.Points.ReturnWindow),
            SkuFilter.Of(data.Items));
        turn.Emit(counted);
        Earn(turn, earned, placed.OccurredAt, key);
        Release(turn, counted, data.Items, recalled);
        return null;
    }

    /// <summary>Matches the returns that waited for this order, in the order they came.</summary>
    private static void Release(
        Turn turn, Effect.OrderCounted counted, ImmutableArray<OrderItem> items, IReadOnlyList<Entry> recalled)
    {
        if (turn.State.AwaitedReturns.IsEmpty) return;
        OrderOnFile? order = null;
        var unmet = recalled.ToList();
        foreach (var waiting in turn.State.AwaitedReturns)
        {
            if (waiting.Order != counted.Order) continue;
            if (TakeReturn(waiting, unmet) is not { } returned) continue;
            order ??= OrderOnFile.Of(counted, turn.State.Seq, items, turn.Effects.ToArray());
            Release(turn, waiting, order, returned);
        }
    }

    private static void Release(Turn turn, AwaitedReturn waiting, OrderOnFile order, Input.Event returned)
    {
        turn.Emit(new Effect.ReturnReleased(waiting.Order, waiting.Seq));
        var claim = new ReturnClaim(returned.Data);
        MatchNamed(turn, order, claim);
        FlagRest(turn, claim);
    }

    private static long UnitsOf(ImmutableArray<OrderItem> items)
    {
        var units = 0L;
        foreach (var item in items) units = checked(units + item.Quantity);
        return units;
    }

    private static long Whole(EventData data, Field field) => data.Integer(field) ?? 0;
}
