using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;

namespace Lifecycle.Simulation.Clients;

/// <summary>Makes the inputs that scripts name.</summary>
internal static class Inputs
{
    public static Delivery Of(Step.Send send, Instant at, long? ifMatch, bool changed = false)
    {
        var amount = changed ? send.Amount + 1 : send.Amount;
        Input input = send.Ask switch
        {
            Ask.Order => Event(EventTypes.OrderPlaced, Order(send.Number), amount),
            Ask.SameOrder => Event(EventTypes.OrderPlaced, Order(send.About), amount),
            Ask.Return => Event(EventTypes.OrderReturned, Order(send.About), amount),
            Ask.Visit => Event(changed ? EventTypes.SearchPerformed : EventTypes.Visit, null, null),
            Ask.Redeem => new Input.RedeemPoints(amount, "till", send.Private ? "between us" : null)
            {
                Source = "api", Id = Id(send.Number), OccurredAt = at,
            },
            _ => new Input.AdjustPoints(amount == 0 ? 7 : amount, "goodwill", null)
            {
                Source = "api", Id = Id(send.Number), OccurredAt = at,
            },
        };
        var isEvent = input is Input.Event;
        return new(input, isEvent && send.Historical, ifMatch, isEvent || send.Keyed, TimeAssigned: !isEvent);

        Input.Event Event(string type, string? order, long? amountMinor)
        {
            var fields = new List<FieldValue>();
            if (order is not null) fields.Add(new(EventSchema.OrderId, Text: order));
            if (amountMinor is { } minor) fields.Add(new(EventSchema.AmountMinor, Integer: minor));
            return new(type, new EventData([.. fields], [], default))
            {
                Source = "shop", Id = Id(send.Number), OccurredAt = at,
            };
        }
    }

    public static string Id(int number) => $"i{number}";

    public static string Order(int number) => $"o{number}";

    public static string Customer(int number) => $"c{number}";
}
