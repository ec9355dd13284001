using System.Globalization;
using Lifecycle.Domain.Inputs;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Documentation;

/// <summary>
/// The data of an event: the declared fields, which are stored in clear, and any others, which are sealed under the
/// customer's own key.
/// </summary>
public sealed record EventDataBody(IReadOnlyList<OrderItemBody>? Items = null);

/// <summary>The fields of event data, from the same table that events are read by.</summary>
internal static class EventDataDocumentation
{
    private static readonly string Amounts = InputLimits.AmountMax.ToString(CultureInfo.InvariantCulture);

    private static readonly Dictionary<string, string> Descriptions = new()
    {
        ["order_id"] = "The order, of which returns and payments speak.",
        ["currency"] = "A code of ISO 4217 in capitals; the program's own when absent.",
        ["amount_minor"] = "What was paid, with tax and shipping, in the smallest unit of the currency.",
        ["kind"] = "Of an order normal, test or staff; of a survey nps, csat or servqual; else free.",
        ["channel"] = "Where it happened: web, store, app.",
        ["discount_minor"] = "Discounts given, in the smallest unit of the currency.",
        ["tax_minor"] = "Tax within the amount, in the smallest unit of the currency.",
        ["shipping_minor"] = "Shipping within the amount, in the smallest unit of the currency.",
        ["points_paid"] = "Points that paid a part of the order.",
        ["country"] = "Where the customer or the order is at home.",
        ["coupon"] = "The coupon's code.",
        ["campaign"] = "The campaign that led to it.",
        ["offer"] = "The offer of the campaign.",
        ["arm"] = "The arm of an experiment.",
        ["cost_minor"] = "What it cost us, in the smallest unit of the currency.",
        ["sku"] = "The article.",
        ["category"] = "The category of the goods or the ticket.",
        ["dwell_seconds"] = "How long the page was looked at.",
        ["section"] = "The part of the page.",
        ["results"] = "How many a search found.",
        ["score"] = "The answer to a survey: nps 0 to 10, csat 1 to 5.",
        ["dimension"] = "The dimension of a servqual survey.",
        ["expectation"] = "What was expected, in a servqual survey.",
        ["perception"] = "What was perceived, in a servqual survey.",
        ["ticket_id"] = "The ticket.",
        ["priority"] = "The ticket's priority.",
        ["reason"] = "Why: of a return or a cancellation.",
        ["subscription_id"] = "The subscription.",
        ["plan"] = "The subscription's plan.",
        ["period_end"] = "When the paid period ends.",
        ["purpose"] = "What the consent is for.",
        ["granted"] = "Whether the consent was given or taken back.",
        ["month"] = "The month of the spend, such as 2026-11.",
        ["rating"] = "The rating of a review.",
        ["sentiment"] = "The tone of a review, from -1 to 1.",
        ["acquisition_channel"] = "How the customer came to us.",
        ["traits"] = "What is known of the customer, as the sender names it.",
        ["page"] = "The page.",
    };

    public static void Describe(OpenApiSchema schema)
    {
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        foreach (var field in EventSchema.Fields.Values.OrderBy(f => f.Id))
            schema.Properties[field.Name] = ToSchema(field);
        schema.AdditionalPropertiesAllowed = true;
        schema.AdditionalProperties = new OpenApiSchema { Description = "Sealed: no answer shows it." };
    }

    private static OpenApiSchema ToSchema(Field field)
    {
        var schema = field.Kind switch
        {
            FieldKind.Integer => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Format = "int64", Maximum = Amounts,
                Minimum = field.NotNegative ? "0" : $"-{Amounts}",
            },
            FieldKind.Number => new() { Type = JsonSchemaType.Number, Minimum = field.NotNegative ? "0" : null },
            FieldKind.Boolean => new() { Type = JsonSchemaType.Boolean },
            FieldKind.Time => new() { Type = JsonSchemaType.String, Format = "date-time" },
            FieldKind.Json => new()
            {
                Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Description = "As sent." },
            },
            _ => new() { Type = JsonSchemaType.String, MaxLength = InputLimits.TextMax },
        };
        schema.Description = Descriptions.GetValueOrDefault(field.Name);
        return schema;
    }
}
