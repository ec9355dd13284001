using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Money;
using static Lifecycle.Engine.Ingest.QuarantineReasons;

namespace Lifecycle.Engine.Ingest;

/// <summary>What a type cannot do without, and the values that have a meaning.</summary>
internal sealed partial class EventParser
{
    private void CheckData(string type)
    {
        var undeclared = _private.Length + _envelope.Length;
        if (undeclared > InputLimits.PrivateMax)
            _faults.Add(
                EventTooLarge, "/data",
                $"has {undeclared} bytes of undeclared fields, at most {InputLimits.PrivateMax} are taken");
        if (Text(EventSchema.OrderId) is { } order && Ids.Fault(order) is { } fault) Wrong(EventSchema.OrderId, fault);
        if (Text(EventSchema.Currency) is { } code && Currencies.Find(code) is null)
            _faults.Add(
                UnknownCurrency, new Place("/data", EventSchema.Currency.Name),
                "must be a code of ISO 4217 in capitals, such as EUR");
        switch (type)
        {
            case EventTypes.OrderPlaced:
                Require(EventSchema.OrderId);
                Require(EventSchema.AmountMinor);
                OneOf(EventSchema.Kind, OrderKinds.Normal, OrderKinds.Test, OrderKinds.Staff);
                break;
            case EventTypes.OrderReturned when !_hadItems:
                Require(EventSchema.AmountMinor, " or items");
                break;
            case EventTypes.SurveyAnswered:
                CheckSurvey();
                break;
            case EventTypes.ReviewPosted:
                Require(EventSchema.Rating);
                break;
            case EventTypes.ConsentChanged:
                Require(EventSchema.Purpose);
                Require(EventSchema.Granted);
                break;
            case EventTypes.CouponRedeemed:
                Require(EventSchema.Coupon);
                break;
            case EventTypes.CampaignSent or EventTypes.CampaignOpened or EventTypes.CampaignClicked:
                Require(EventSchema.Campaign);
                break;
            case EventTypes.TicketOpened or EventTypes.TicketResponded or EventTypes.TicketResolved:
                Require(EventSchema.TicketId);
                break;
            case EventTypes.SubscriptionStarted or EventTypes.SubscriptionRenewed or EventTypes.SubscriptionCancelled:
                Require(EventSchema.SubscriptionId);
                break;
            case EventTypes.MarketingSpend:
                Require(EventSchema.Channel);
                Require(EventSchema.AmountMinor);
                CheckMonth();
                break;
        }
    }

    private void CheckSurvey()
    {
        Require(EventSchema.Kind);
        if (Text(EventSchema.Kind) == "servqual")
        {
            Require(EventSchema.Dimension);
            Require(EventSchema.Expectation);
            Require(EventSchema.Perception);
            return;
        }

        Require(EventSchema.Score);
        if (!Has(EventSchema.Score)) return;
        var score = _values[EventSchema.Score.Id].Number;
        var (least, most) = Text(EventSchema.Kind) switch
        {
            "nps" => (0, 10),
            "csat" => (1, 5),
            _ => (decimal.MinValue, decimal.MaxValue),
        };
        if (score < least || score > most) Wrong(EventSchema.Score, $"must be from {least} to {most}");
    }

    private void CheckMonth()
    {
        Require(EventSchema.Month);
        if (Text(EventSchema.Month) is { } month && !DateOnly.TryParseExact(month, "yyyy-MM", out _))
            Wrong(EventSchema.Month, "must be a month such as 2026-11");
    }

    private void Require(Field field, string alternative = "")
    {
        // A field that is there but wrong has its fault already.
        if ((_had & (1UL << field.Id)) != 0 && (_faults.Any || Has(field))) return;
        _faults.Add(
            MissingField, new Place("/data", field.Name), $"is missing: {_type} needs {field.Name}{alternative}");
    }

    private void OneOf(Field field, params ReadOnlySpan<string> allowed)
    {
        if (Text(field) is { } value && !allowed.Contains(value))
            Wrong(field, $"must be one of {string.Join(", ", allowed.ToArray())}");
    }

    private void Wrong(Field field, string message) =>
        _faults.Add(InvalidField, new Place("/data", field.Name), message);

    private bool Has(Field field) => (_set & (1UL << field.Id)) != 0;

    private string? Text(Field field) => Has(field) ? _values[field.Id].Text : null;
}
