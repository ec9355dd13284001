using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Lifecycle.Client;

/// <summary>
/// The fields that built-in events declare; docs/api.md says which type takes which. Money is in minor units. Whatever
/// is put into <see cref="More"/> is stored sealed under the customer's own key, and no rule reads it.
/// </summary>
public sealed record EventData
{
    public string? OrderId { get; init; }
    public string? Currency { get; init; }
    public long? AmountMinor { get; init; }
    public string? Kind { get; init; }
    public string? Channel { get; init; }
    public long? DiscountMinor { get; init; }
    public long? TaxMinor { get; init; }
    public long? ShippingMinor { get; init; }
    public long? PointsPaid { get; init; }
    public string? Country { get; init; }
    public string? Coupon { get; init; }
    public string? Campaign { get; init; }
    public string? Offer { get; init; }
    public string? Arm { get; init; }
    public long? CostMinor { get; init; }
    public string? Sku { get; init; }
    public string? Category { get; init; }
    public decimal? DwellSeconds { get; init; }
    public string? Section { get; init; }
    public long? Results { get; init; }
    public decimal? Score { get; init; }
    public string? Dimension { get; init; }
    public decimal? Expectation { get; init; }
    public decimal? Perception { get; init; }
    public string? TicketId { get; init; }
    public string? Priority { get; init; }
    public string? Reason { get; init; }
    public string? SubscriptionId { get; init; }
    public string? Plan { get; init; }
    public DateTimeOffset? PeriodEnd { get; init; }
    public string? Purpose { get; init; }
    public bool? Granted { get; init; }
    public string? Month { get; init; }
    public decimal? Rating { get; init; }
    public decimal? Sentiment { get; init; }
    public string? AcquisitionChannel { get; init; }
    public JsonObject? Traits { get; init; }
    public string? Page { get; init; }

    /// <summary>The lines of an order, a return or a cart.</summary>
    public IReadOnlyList<OrderLine>? Items { get; init; }

    /// <summary>Fields that are not declared, such as names and notes.</summary>
    [JsonIgnore]
    public JsonObject? More { get; init; }

    /// <summary>How <see cref="More"/> is written: beside the declared fields.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal IDictionary<string, JsonElement>? Undeclared
    {
        get => More?.ToDictionary(member => member.Key, member => ElementOf(member.Value));
        set => throw new NotSupportedException("Events are written and never read.");
    }

    private static JsonElement ElementOf(JsonNode? node)
    {
        using var document = JsonDocument.Parse(node?.ToJsonString() ?? "null");
        return document.RootElement.Clone();
    }
}

/// <summary>One line of an order, a return or a cart.</summary>
public sealed record OrderLine(string Sku)
{
    public string? Category { get; init; }

    /// <summary>The product line, for cross-selling.</summary>
    public string? Line { get; init; }

    /// <summary>The grade within its line, for upgrades.</summary>
    public string? Grade { get; init; }
    public long Quantity { get; init; } = 1;
    public long AmountMinor { get; init; }
    public long? DiscountMinor { get; init; }
    public long? CostMinor { get; init; }
}
