using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Engine.Programs;

/// <summary>
/// Which <c>event.*</c> have a value for which type of event. A rule that reads one that never has would silently be
/// worth nothing, so it is an error of the document.
/// </summary>
internal static class EventVariables
{
    /// <summary>The scope of a rule's conditions.</summary>
    /// <param name="type">The rule's event type.</param>
    /// <param name="isMultiplier">It is worked out line by line, where the event is an order.</param>
    public static ConditionScope Scope(string type, bool isMultiplier) =>
        ConditionScope.Event with { RefuseAlso = variable => Refuse(variable, type, isMultiplier) };

    private static string? Refuse(Variable variable, string type, bool isMultiplier)
    {
        if (!variable.OfEvent || variable.Fact == Fact.EventType) return null;
        if (!EventSchema.Types.TryGetValue(type, out var fields))
            return $"{variable.Name} is always empty here: the data of '{type}', which is not built in, is sealed.";
        if (variable.OfItem && type == EventTypes.OrderPlaced)
        {
            return isMultiplier
                ? null
                : $"{variable.Name} belongs to the lines of an order, and an award is for the whole order: only " +
                "rules with 'multiply' can read it.";
        }

        var isThere = variable.Fact == Fact.EventQuantity
            ? EventSchema.HasItems(type)
            : FieldOf(variable.Fact) is { } field && fields.Contains(field);
        return isThere ? null : $"{variable.Name} is always empty here: a '{type}' does not carry it.";
    }

    private static Field? FieldOf(Fact fact) => fact switch
    {
        Fact.EventAmountMinor or Fact.EventNetMinor => EventSchema.AmountMinor,
        Fact.EventDiscountMinor => EventSchema.DiscountMinor,
        Fact.EventPointsPaid => EventSchema.PointsPaid,
        Fact.EventChannel => EventSchema.Channel,
        Fact.EventKind => EventSchema.Kind,
        Fact.EventCountry => EventSchema.Country,
        Fact.EventCoupon => EventSchema.Coupon,
        Fact.EventCampaign => EventSchema.Campaign,
        Fact.EventScore => EventSchema.Score,
        Fact.EventRating => EventSchema.Rating,
        Fact.EventSku => EventSchema.Sku,
        Fact.EventCategory => EventSchema.Category,
        _ => null,
    };
}
