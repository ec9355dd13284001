using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Lifecycle.Domain.Inputs;

/// <summary>How a declared field is read and stored.</summary>
public enum FieldKind
{
    /// <summary>A string of at most <see cref="InputLimits.TextMax"/> characters.</summary>
    Text,

    /// <summary>A whole number; money and points are of this kind.</summary>
    Integer,

    /// <summary>A decimal number, such as a score.</summary>
    Number,
    Boolean,

    /// <summary>RFC 3339.</summary>
    Time,

    /// <summary>A JSON object, kept as it was sent; at most <see cref="InputLimits.JsonMax"/> bytes.</summary>
    Json,
}

/// <summary>A declared public field of event data. Names and ids are stored and never change.</summary>
/// <param name="Id">The stored number.</param>
/// <param name="Name">The JSON name.</param>
/// <param name="Kind">How it is read.</param>
/// <param name="NotNegative">For amounts and counts that have no meaning below zero.</param>
public sealed record Field(byte Id, string Name, FieldKind Kind, bool NotNegative = false);

/// <summary>
/// The fields of event data that are public: stored in clear, readable by rules. Every other field that an event
/// brings (names, notes, free text, what nobody declared) is sealed under the customer's key.
/// </summary>
public static class EventSchema
{
    public static readonly Field OrderId = new(1, "order_id", FieldKind.Text);
    public static readonly Field Currency = new(2, "currency", FieldKind.Text);
    public static readonly Field AmountMinor = new(3, "amount_minor", FieldKind.Integer, NotNegative: true);
    public static readonly Field Kind = new(4, "kind", FieldKind.Text);
    public static readonly Field Channel = new(5, "channel", FieldKind.Text);
    public static readonly Field DiscountMinor = new(6, "discount_minor", FieldKind.Integer, NotNegative: true);
    public static readonly Field TaxMinor = new(7, "tax_minor", FieldKind.Integer, NotNegative: true);
    public static readonly Field ShippingMinor = new(8, "shipping_minor", FieldKind.Integer, NotNegative: true);
    public static readonly Field PointsPaid = new(9, "points_paid", FieldKind.Integer, NotNegative: true);
    public static readonly Field Country = new(10, "country", FieldKind.Text);
    public static readonly Field Coupon = new(11, "coupon", FieldKind.Text);
    public static readonly Field Campaign = new(12, "campaign", FieldKind.Text);
    public static readonly Field Offer = new(13, "offer", FieldKind.Text);
    public static readonly Field Arm = new(14, "arm", FieldKind.Text);
    public static readonly Field CostMinor = new(15, "cost_minor", FieldKind.Integer, NotNegative: true);
    public static readonly Field Sku = new(16, "sku", FieldKind.Text);
    public static readonly Field Category = new(17, "category", FieldKind.Text);
    public static readonly Field DwellSeconds = new(18, "dwell_seconds", FieldKind.Number, NotNegative: true);
    public static readonly Field Section = new(19, "section", FieldKind.Text);
    public static readonly Field Results = new(20, "results", FieldKind.Integer, NotNegative: true);
    public static readonly Field Score = new(21, "score", FieldKind.Number);
    public static readonly Field Dimension = new(22, "dimension", FieldKind.Text);
    public static readonly Field Expectation = new(23, "expectation", FieldKind.Number);
    public static readonly Field Perception = new(24, "perception", FieldKind.Number);
    public static readonly Field TicketId = new(25, "ticket_id", FieldKind.Text);
    public static readonly Field Priority = new(26, "priority", FieldKind.Text);
    public static readonly Field Reason = new(27, "reason", FieldKind.Text);
    public static readonly Field SubscriptionId = new(28, "subscription_id", FieldKind.Text);
    public static readonly Field Plan = new(29, "plan", FieldKind.Text);
    public static readonly Field PeriodEnd = new(30, "period_end", FieldKind.Time);
    public static readonly Field Purpose = new(31, "purpose", FieldKind.Text);
    public static readonly Field Granted = new(32, "granted", FieldKind.Boolean);
    public static readonly Field Month = new(33, "month", FieldKind.Text);
    public static readonly Field Rating = new(34, "rating", FieldKind.Number);
    public static readonly Field Sentiment = new(35, "sentiment", FieldKind.Number);
    public static readonly Field AcquisitionChannel = new(36, "acquisition_channel", FieldKind.Text);
    public static readonly Field Traits = new(37, "traits", FieldKind.Json);
    public static readonly Field Page = new(38, "page", FieldKind.Text);

    private static readonly Field[] Money = [Currency, AmountMinor];
    private static readonly Field[] CampaignFields = [Campaign, Channel, Offer, Arm, CostMinor, Coupon];
    private static readonly Field[] TicketFields = [TicketId, Kind, Category, Priority, Channel];
    private static readonly Field[] SubscriptionFields =
        [SubscriptionId, Plan, .. Money, PeriodEnd, Reason, Channel];

    private static readonly Field[] OrderFields =
    [
        OrderId, .. Money, Kind, Channel, DiscountMinor, TaxMinor, ShippingMinor, PointsPaid, Country, Coupon, Campaign,
    ];

    /// <summary>The built-in event types. Others are accepted too: their data is sealed whole.</summary>
    public static readonly FrozenDictionary<string, ImmutableArray<Field>> Types =
        new Dictionary<string, Field[]>
        {
            [EventTypes.OrderPlaced] = OrderFields,
            [EventTypes.OrderReturned] = [OrderId, .. Money, TaxMinor, ShippingMinor, Reason, Channel, Country],
            [EventTypes.CustomerRegistered] = [AcquisitionChannel, Kind, Traits, Channel, Country],
            [EventTypes.CustomerUpdated] = [Kind, Traits, Country],
            [EventTypes.Visit] = [Channel, Page, Section],
            [EventTypes.ProductViewed] = [Sku, Category, DwellSeconds, Section, Channel],
            [EventTypes.SearchPerformed] = [Results, Category, Channel],
            [EventTypes.CartUpdated] = [.. Money, Channel],
            [EventTypes.CouponRedeemed] = [Coupon, Campaign, OrderId, .. Money, Channel],
            [EventTypes.CampaignSent] = CampaignFields,
            [EventTypes.CampaignOpened] = CampaignFields,
            [EventTypes.CampaignClicked] = CampaignFields,
            [EventTypes.SurveyAnswered] = [Kind, Score, Dimension, Expectation, Perception, Channel],
            [EventTypes.TicketOpened] = TicketFields,
            [EventTypes.TicketResponded] = TicketFields,
            [EventTypes.TicketResolved] = TicketFields,
            [EventTypes.ReferralCompleted] = [Campaign, Channel],
            [EventTypes.SubscriptionStarted] = SubscriptionFields,
            [EventTypes.SubscriptionRenewed] = SubscriptionFields,
            [EventTypes.SubscriptionCancelled] = SubscriptionFields,
            [EventTypes.ConsentChanged] = [Purpose, Granted, Channel],
            [EventTypes.MarketingSpend] = [Channel, Month, .. Money, Campaign],
            [EventTypes.ReviewPosted] = [Rating, Sentiment, Sku, Category, OrderId],
        }.ToFrozenDictionary(
            pair => pair.Key, pair => pair.Value.DistinctBy(f => f.Id).OrderBy(f => f.Id).ToImmutableArray());

    /// <summary>Every declared field by its stored number.</summary>
    public static readonly FrozenDictionary<byte, Field> Fields =
        Types.Values.SelectMany(fields => fields).DistinctBy(f => f.Id).ToFrozenDictionary(f => f.Id);

    /// <summary>The types whose data may carry <c>items</c>.</summary>
    public static bool HasItems(string type) =>
        type is EventTypes.OrderPlaced or EventTypes.OrderReturned or EventTypes.CartUpdated;
}

/// <summary>Built-in event types. A stored name is for ever.</summary>
public static class EventTypes
{
    public const string OrderPlaced = "order.placed";
    public const string OrderReturned = "order.returned";
    public const string CustomerRegistered = "customer.registered";
    public const string CustomerUpdated = "customer.updated";
    public const string Visit = "visit";
    public const string ProductViewed = "product.viewed";
    public const string SearchPerformed = "search.performed";
    public const string CartUpdated = "cart.updated";
    public const string CouponRedeemed = "coupon.redeemed";
    public const string CampaignSent = "campaign.sent";
    public const string CampaignOpened = "campaign.opened";
    public const string CampaignClicked = "campaign.clicked";
    public const string SurveyAnswered = "survey.answered";
    public const string TicketOpened = "ticket.opened";
    public const string TicketResponded = "ticket.responded";
    public const string TicketResolved = "ticket.resolved";
    public const string ReferralCompleted = "referral.completed";
    public const string SubscriptionStarted = "subscription.started";
    public const string SubscriptionRenewed = "subscription.renewed";
    public const string SubscriptionCancelled = "subscription.cancelled";
    public const string ConsentChanged = "consent.changed";
    public const string MarketingSpend = "marketing.spend";
    public const string ReviewPosted = "review.posted";
}

/// <summary>The kinds of order. Test orders never earn or count; staff orders earn but do not count.</summary>
public static class OrderKinds
{
    public const string Normal = "normal";
    public const string Test = "test";
    public const string Staff = "staff";
}

/// <summary>The maxima of what one input may carry.</summary>
public static class InputLimits
{
    /// <summary>Characters of an id, a source, a type or an order id.</summary>
    public const int IdMax = 128;

    /// <summary>Characters of any other text field.</summary>
    public const int TextMax = 256;

    /// <summary>Bytes of a field of kind <see cref="FieldKind.Json"/>.</summary>
    public const int JsonMax = 4_096;

    /// <summary>Bytes of the private document of one event.</summary>
    public const int PrivateMax = 65_536;

    /// <summary>Lines of one order, return or cart.</summary>
    public const int ItemsMax = 2_000;

    /// <summary>Largest money amount or point count, either sign: leaves room to add a billion of them.</summary>
    public const long AmountMax = 1_000_000_000_000;

    /// <summary>Units of one line.</summary>
    public const long QuantityMax = 1_000_000_000;

    /// <summary>Characters of a note on a command.</summary>
    public const int NoteMax = 3_500;
}
