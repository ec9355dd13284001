using System.Collections.Frozen;
using System.Text;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Web.Segment;

/// <summary>How a value of a message becomes a field of ours.</summary>
internal enum FieldRule
{
    /// <summary>Taken when it is a usable text; otherwise it stays with the sealed rest.</summary>
    Text,

    /// <summary>Taken as it is: what is wrong with it puts the event into quarantine.</summary>
    Key,

    /// <summary>An amount in units of the currency; what is no amount puts the event into quarantine.</summary>
    Money,

    /// <summary>A number, or a text that is one.</summary>
    Number,

    /// <summary>Taken when it is a whole number; otherwise it stays with the sealed rest.</summary>
    Count,
}

/// <param name="From">
/// Names in <c>properties</c>, the first that is there; <c>context.</c> and dots lead to other places.
/// </param>
internal sealed record FieldSource(Field To, FieldRule Rule, params string[] From);

/// <summary>Which lines an event has.</summary>
internal enum LineRule
{
    None,

    /// <summary>Each of <c>products</c>.</summary>
    Products,

    /// <summary>The product that the event itself is about.</summary>
    Itself,
}

/// <summary>How the amount of an event is found.</summary>
internal enum AmountRule
{
    None,

    /// <summary>What the customer pays, with tax and shipping.</summary>
    Order,

    /// <summary><c>total</c>, and only without it the lines.</summary>
    Return,
}

/// <param name="Type">Of our event.</param>
internal sealed record EventMapping(string Type, params FieldSource[] Fields)
{
    public LineRule Lines { get; init; }

    public AmountRule Amount { get; init; }

    /// <summary>Where the event names none.</summary>
    public string? Channel { get; init; }
}

/// <summary>
/// The event names of the Segment specification and what they are here; <c>docs/segment.md</c> has the same table.
/// </summary>
internal static class SegmentNames
{
    private static readonly FieldSource Sku = new(EventSchema.Sku, FieldRule.Text, "sku", "product_id");
    private static readonly FieldSource Category = new(EventSchema.Category, FieldRule.Text, "category");
    private static readonly FieldSource OrderId = new(EventSchema.OrderId, FieldRule.Key, "order_id", "orderId");
    private static readonly FieldSource Tax = new(EventSchema.TaxMinor, FieldRule.Money, "tax");
    private static readonly FieldSource Shipping = new(EventSchema.ShippingMinor, FieldRule.Money, "shipping");
    private static readonly FieldSource Discount = new(EventSchema.DiscountMinor, FieldRule.Money, "discount");
    private static readonly FieldSource Reason = new(EventSchema.Reason, FieldRule.Text, "reason");

    private static readonly FieldSource Coupon =
        new(EventSchema.Coupon, FieldRule.Text, "coupon", "coupon_id", "coupon_name");

    private static readonly FieldSource Campaign = new(
        EventSchema.Campaign, FieldRule.Text, "campaign_id", "campaign_name", "campaign.name", "email_id",
        "context.campaign.name");

    private static readonly EventMapping Return =
        new(EventTypes.OrderReturned, OrderId, Tax, Shipping, Reason)
        {
            Amount = AmountRule.Return, Lines = LineRule.Products,
        };

    /// <summary>By the name in lower-case words.</summary>
    public static readonly FrozenDictionary<string, EventMapping> Known = new Dictionary<string, EventMapping>
    {
        ["product viewed"] = new(EventTypes.ProductViewed, Sku, Category),
        ["products searched"] = new(
            EventTypes.SearchPerformed, new FieldSource(EventSchema.Results, FieldRule.Count, "results"), Category),
        ["product added"] = new(EventTypes.CartUpdated) { Lines = LineRule.Itself },
        ["product removed"] = new(EventTypes.CartUpdated),
        ["cart viewed"] = new(
            EventTypes.CartUpdated, new FieldSource(EventSchema.AmountMinor, FieldRule.Money, "total", "value"))
        {
            Lines = LineRule.Products,
        },
        ["order completed"] = new(
            EventTypes.OrderPlaced, OrderId, Tax, Shipping, Discount, Coupon,
            new FieldSource(EventSchema.Campaign, FieldRule.Text, "context.campaign.name"))
        {
            Amount = AmountRule.Order, Lines = LineRule.Products,
        },
        ["order refunded"] = Return,
        ["order cancelled"] = Return,
        ["coupon applied"] = new(
            EventTypes.CouponRedeemed,
            new FieldSource(EventSchema.Coupon, FieldRule.Text, "coupon_id", "coupon_name", "coupon"), OrderId,
            new FieldSource(EventSchema.AmountMinor, FieldRule.Money, "discount")),
        ["product reviewed"] = new(
            EventTypes.ReviewPosted, new FieldSource(EventSchema.Rating, FieldRule.Number, "rating"), Sku, Category),
        ["email delivered"] = new(EventTypes.CampaignSent, Campaign) { Channel = "email" },
        ["email opened"] = new(EventTypes.CampaignOpened, Campaign) { Channel = "email" },
        ["email link clicked"] = new(EventTypes.CampaignClicked, Campaign) { Channel = "email" },
        ["push notification received"] = new(EventTypes.CampaignSent, Campaign) { Channel = "push" },
        ["push notification tapped"] = new(EventTypes.CampaignClicked, Campaign) { Channel = "push" },
        ["signed up"] = new(
            EventTypes.CustomerRegistered,
            new FieldSource(
                EventSchema.AcquisitionChannel, FieldRule.Text, "acquisition_channel", "context.campaign.source"),
            new FieldSource(EventSchema.Country, FieldRule.Text, "country")),
    }.ToFrozenDictionary();

    /// <summary>Null for a name that the table does not have.</summary>
    public static EventMapping? Find(string name) =>
        name.Length <= InputLimits.TextMax ? Known.GetValueOrDefault(Words(name, ' ')) : null;

    /// <summary>The type of an event that the table does not have: lower case, and words joined by <c>_</c>.</summary>
    public static string TypeOf(string name) => Words(name, '_');

    /// <summary>What is neither a letter, a digit nor a dot separates words.</summary>
    private static string Words(string name, char separator)
    {
        var words = new StringBuilder(name.Length);
        var gap = false;
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && !char.IsSurrogate(c) && c != '.')
            {
                gap = words.Length > 0;
                continue;
            }

            if (gap) words.Append(separator);
            gap = false;
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
