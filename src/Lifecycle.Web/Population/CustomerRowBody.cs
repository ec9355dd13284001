using Lifecycle.Analytics.Population;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Population;

/// <summary>A customer in a scan: a member for each column that was asked for, in that order.</summary>
/// <remarks>For the documentation: lines are written without it.</remarks>
public sealed record CustomerRowBody;

/// <summary>The members of a line, from the same table that the lines are written by.</summary>
internal static class CustomerRowDocumentation
{
    private static readonly Dictionary<string, string> Descriptions = new()
    {
        ["customer"] = "The customer's own id; the key in the journal, 32 hexadecimal digits, once the id was erased.",
        ["version"] = "The customer's last seq up to the cut.",
        ["stage"] = "The name of the stage of the lifecycle.",
        ["stage_since"] = "When they entered the stage.",
        ["stage_reason"] = "The condition or the silence that led to it.",
        ["next_review_at"] = "When silence alone would change the stage; null for never.",
        ["available"] = "Points that can be redeemed.",
        ["pending"] = "Points that were earned and are not available yet.",
        ["held"] = "Points set aside by a hold.",
        ["next_expiry_points"] = "Points that expire next; null when none will.",
        ["next_expiry_at"] = "When those expire; null when none will.",
        ["earned"] = "Points earned over the whole life.",
        ["redeemed"] = "Points redeemed over the whole life.",
        ["expired"] = "Points that expired over the whole life.",
        ["reversed"] = "Points taken back for returns over the whole life.",
        ["adjusted"] = "Points that people added or took, over the whole life.",
        ["recency_days"] = "Whole days since the last order; null without one.",
        ["frequency"] = "Orders in all.",
        ["monetary_minor"] = "Spend in all, in the smallest unit of the program's currency.",
        ["aov_minor"] = "The mean amount of an order; null without one.",
        ["interpurchase_days"] = "The mean gap between orders; null before the second.",
        ["interpurchase_spread_days"] = "The standard deviation of the gaps; null before there are enough.",
        ["next_order_expected_at"] = "The last order and the mean gap; null before the second.",
        ["first_order_at"] = "When the first order happened; null without one.",
        ["last_order_at"] = "When the last order happened; null without one.",
        ["referrals"] = "Customers that this one brought.",
        ["unmatched_returns"] = "Returns that belong to no known order.",
        ["unmatched_return_minor"] = "What those returns come to.",
        ["awaited_returns"] = "Returns that wait for their order.",
        ["rhythm_warning_since"] = "Since when the silence is unusual for them; null when it is not.",
        ["next_change_at"] = "When points or stage change next if nothing comes in; null for never.",
        ["as_of"] = "The instant of the cut.",
    };

    private static readonly Dictionary<string, string> OfWindows = new()
    {
        ["orders"] = "Valid orders",
        ["spend_minor"] = "What valid orders came to, in the smallest unit of the program's currency,",
        ["units"] = "Units of goods",
        ["returns"] = "Returns",
        ["visits"] = "Visits",
        ["views"] = "Products looked at",
        ["searches"] = "Searches",
        ["discount_minor"] = "Discounts, in the smallest unit of the program's currency,",
    };

    public static void Describe(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Properties = new Dictionary<string, IOpenApiSchema>();
        foreach (var column in CustomerColumns.All)
        {
            schema.Properties[column.Name] = new OpenApiSchema
            {
                Type = TypeOf(column), Format = FormatOf(column), Description = DescriptionOf(column.Name),
            };
        }
    }

    private static JsonSchemaType TypeOf(CustomerColumn column) => column switch
    {
        CustomerColumn.Text => JsonSchemaType.String,
        CustomerColumn.Whole => JsonSchemaType.Integer | JsonSchemaType.Null,
        CustomerColumn.Number => JsonSchemaType.Number | JsonSchemaType.Null,
        _ => JsonSchemaType.String | JsonSchemaType.Null,
    };

    private static string? FormatOf(CustomerColumn column) => column switch
    {
        CustomerColumn.Whole => "int64",
        CustomerColumn.Time => "date-time",
        _ => null,
    };

    /// <summary>Null for a column that nobody has described: a test names it.</summary>
    private static string? DescriptionOf(string name)
    {
        if (Descriptions.GetValueOrDefault(name) is { } own) return own;
        if (OfWindows.GetValueOrDefault(name) is { } lifetime) return $"{lifetime} over the whole life.";
        var end = name.LastIndexOf('_');
        return end > 0 && OfWindows.GetValueOrDefault(name[..end]) is { } window
            ? $"{window} in the last {name[(end + 1)..^1]} days."
            : null;
    }
}
