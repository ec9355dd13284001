namespace Lifecycle.Client;

/// <summary>Something that happened to a customer.</summary>
/// <param name="Id">Unique for customer and source, for ever: sending the same event again does no harm.</param>
/// <param name="Type">One of <see cref="EventTypes"/>, or a name of your own.</param>
/// <param name="Customer">Whom it happened to.</param>
public sealed record CustomerEvent(string Id, string Type, string Customer)
{
    /// <summary>The channel or system it comes from; <c>api</c> when null.</summary>
    public string? Source { get; init; }

    /// <summary>When it happened; the server's time when null.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    public EventData? Data { get; init; }
}

/// <summary>The built-in event types.</summary>
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
