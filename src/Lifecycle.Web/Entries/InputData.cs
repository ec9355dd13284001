using System.Diagnostics;
using System.Text.Json.Nodes;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Web.Entries;

/// <summary>The public data of an input, by the names that it came with.</summary>
internal static class InputData
{
    public static JsonObject Of(Input input) => input switch
    {
        Input.Event e => Of(e.Data),
        Input.RedeemPoints e => new() { ["points"] = e.Points, ["reference"] = e.Reference },
        Input.AdjustPoints e => new() { ["points"] = e.Points, ["reason"] = e.Reason },
        Input.Tick => [],
        Input.Merge e => new() { ["into"] = e.Into.ToString() },
        Input.Join e => new() { ["from"] = e.From.ToString(), ["from_seq"] = e.Seq },
        Input.Unmerge e => new() { ["alias"] = e.Alias.ToString() },
        Input.Rejoin e => new() { ["from"] = e.From.ToString(), ["from_seq"] = e.Seq },
        Input.Settle e => new() { ["seq"] = e.Seq },
        _ => throw new UnreachableException($"The input {input.GetType()} has no public data."),
    };

    private static JsonObject Of(EventData data)
    {
        var json = new JsonObject();
        foreach (var value in data.Fields) json[value.Field.Name] = Of(value);
        if (!data.Items.IsEmpty) json["items"] = new JsonArray([.. data.Items.Select(Of)]);
        return json;
    }

    private static JsonNode? Of(FieldValue value) => value.Field.Kind switch
    {
        FieldKind.Text => value.Text,
        FieldKind.Integer => value.Integer,
        FieldKind.Number => value.Number,
        FieldKind.Boolean => value.Integer != 0,
        FieldKind.Time => new Instant(value.Integer).ToString(),
        FieldKind.Json => JsonNode.Parse(value.Text ?? "null"),
        _ => throw new UnreachableException($"The field kind {value.Field.Kind} has no JSON."),
    };

    private static JsonNode Of(OrderItem item)
    {
        var json = new JsonObject { ["sku"] = item.Sku };
        if (item.Category.Length > 0) json["category"] = item.Category;
        if (item.Line.Length > 0) json["line"] = item.Line;
        if (item.Grade.Length > 0) json["grade"] = item.Grade;
        json["quantity"] = item.Quantity;
        json["amount_minor"] = item.AmountMinor;
        if (item.DiscountMinor != 0) json["discount_minor"] = item.DiscountMinor;
        if (item.CostMinor != 0) json["cost_minor"] = item.CostMinor;
        return json;
    }
}
