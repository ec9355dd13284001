using System.Globalization;
using System.Text.Json;
using Lifecycle.Fuzz;

namespace Lifecycle.Web.Tests.Documentation;

/// <summary>
/// Compares a value with its schema. Knows the keywords that the document uses, and an object has no members but
/// those that its schema names: what an answer says must be described.
/// </summary>
internal sealed class SchemaCheck(ApiDocument document)
{
    private static readonly string[] Known =
    [
        "$ref", "type", "format", "description", "properties", "required", "items", "additionalProperties", "oneOf",
        "anyOf", "discriminator", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
        "default", "pattern",
    ];

    public List<string> Faults { get; } = [];

    public SchemaCheck Check(JsonElement schema, JsonElement value, string at)
    {
        schema = document.Resolve(schema);
        if (schema.ValueKind != JsonValueKind.Object) return this;
        foreach (var keyword in schema.EnumerateObject().Where(k => !Known.Contains(k.Name)))
            Faults.Add($"{at}: this check does not know the keyword {keyword.Name}");
        if (schema.TryGetProperty("oneOf", out var forms))
            OneOf(forms, value, at);
        else if (schema.TryGetProperty("discriminator", out var discriminator))
            Alternative(discriminator, value, at);
        else
            Plain(schema, value, at);
        return this;
    }

    private void OneOf(JsonElement forms, JsonElement value, string at)
    {
        var tries = forms.EnumerateArray().Select(f => new SchemaCheck(document).Check(f, value, at)).ToList();
        if (tries.Any(t => t.Faults.Count == 0)) return;
        Faults.Add($"{at}: fits none of its forms: {string.Join("; ", tries.SelectMany(t => t.Faults))}");
    }

    private void Alternative(JsonElement discriminator, JsonElement value, string at)
    {
        var name = discriminator.GetProperty("propertyName").GetString()!;
        var kind = value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var k) ? k.GetString()! : "";
        if (!discriminator.GetProperty("mapping").TryGetProperty(kind, out var reference))
        {
            Faults.Add($"{at}: {name} '{kind}' is none of the alternatives");
            return;
        }

        var target = reference.GetString()!.Split('/')[^1];
        Check(document.Root.GetProperty("components").GetProperty("schemas").GetProperty(target), value, at);
    }

    private void Plain(JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(t => Is(value, t)))
        {
            Faults.Add($"{at}: {value.ValueKind} is not of type {type.GetRawText()}");
            return;
        }

        if (schema.TryGetProperty("enum", out var set)
            && !set.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)))
            Faults.Add($"{at}: {value.GetRawText()} is not in {set.GetRawText()}");
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Object(schema, value, at);
                break;
            case JsonValueKind.Array when schema.TryGetProperty("items", out var items):
                var index = 0;
                foreach (var item in value.EnumerateArray()) Check(items, item, $"{at}/{index++}");
                break;
            case JsonValueKind.String:
                Text(schema, value.GetString()!, at);
                break;
            case JsonValueKind.Number:
                Range(schema, value.GetDouble(), at);
                break;
        }
    }

    private void Object(JsonElement schema, JsonElement value, string at)
    {
        var properties = schema.TryGetProperty("properties", out var p) ? p : default;
        var others = schema.TryGetProperty("additionalProperties", out var a) ? a : default;
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Where(n => !value.TryGetProperty(n.GetString()!, out _)))
                Faults.Add($"{at}/{name.GetString()}: is required and missing");
        }

        foreach (var member in value.EnumerateObject())
        {
            var place = $"{at}/{member.Name}";
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var own))
                Check(own, member.Value, place);
            else if (others.ValueKind == JsonValueKind.Object)
                Check(others, member.Value, place);
            else if (others.ValueKind == JsonValueKind.False
                || (others.ValueKind == JsonValueKind.Undefined && properties.ValueKind == JsonValueKind.Object))
                Faults.Add($"{place}: is not in the schema");
        }
    }

    private void Text(JsonElement schema, string text, string at)
    {
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time"
            && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _))
            Faults.Add($"{at}: '{text}' is no time");
        if (schema.TryGetProperty("maxLength", out var max) && text.Length > max.GetInt32())
            Faults.Add($"{at}: has {text.Length} characters");
        if (schema.TryGetProperty("minLength", out var min) && text.Length < min.GetInt32())
            Faults.Add($"{at}: has {text.Length} characters");
    }

    private void Range(JsonElement schema, double number, string at)
    {
        if ((schema.TryGetProperty("minimum", out var min) && number < min.GetDouble())
            || (schema.TryGetProperty("maximum", out var max) && number > max.GetDouble()))
            Faults.Add($"{at}: {number} is out of range");
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => false,
    };
}
