using System.Globalization;
using System.Text.Json.Nodes;
using Lifecycle.Web.Wire;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Operations;

/// <summary>What the value of a parameter or header may be, for the documentation.</summary>
internal abstract record Shape
{
    private const string TimeExample = "2026-11-20T09:30:00Z";

    private Shape()
    {
    }

    /// <summary>A page's size, as <see cref="Query.Limit"/> reads it.</summary>
    public static Shape Limit(int otherwise = Wire.Query.LimitDefault) =>
        new Integer(1, Wire.Query.LimitMax, otherwise);

    /// <summary>Free text of at most so many characters.</summary>
    public sealed record Text(int LengthMax, string? Example = null) : Shape;

    public sealed record Integer(long Min, long Max, long? Default = null) : Shape;

    public sealed record Flag(bool Default = false) : Shape;

    /// <summary>One of a closed set.</summary>
    public sealed record OneOf(IReadOnlyList<string> Allowed, string? Default = null) : Shape;

    /// <summary>RFC 3339, with an offset.</summary>
    public sealed record Time : Shape;

    public JsonNode? ExampleValue => this switch
    {
        Text text => text.Example is null ? null : JsonValue.Create(text.Example),
        Integer integer => JsonValue.Create(integer.Default ?? integer.Min),
        Flag => JsonValue.Create(true),
        OneOf oneOf => JsonValue.Create(oneOf.Default ?? oneOf.Allowed[0]),
        _ => JsonValue.Create(TimeExample),
    };

    /// <summary>What an answer says of a value that does not fit; null where nearly every text does.</summary>
    public string? Fault => this switch
    {
        Integer integer => string.Create(
            CultureInfo.InvariantCulture, $"must be a whole number from {integer.Min} to {integer.Max}"),
        Flag => "must be true or false",
        OneOf oneOf => $"must be one of {string.Join(", ", oneOf.Allowed)}",
        Time => $"must be a time with an offset, such as {TimeExample}",
        _ => null,
    };

    public OpenApiSchema ToSchema() => this switch
    {
        Text text => new() { Type = JsonSchemaType.String, MaxLength = text.LengthMax },
        Integer integer => new()
        {
            Type = JsonSchemaType.Integer, Format = integer.Max > int.MaxValue ? "int64" : "int32",
            Minimum = integer.Min.ToString(CultureInfo.InvariantCulture),
            Maximum = integer.Max.ToString(CultureInfo.InvariantCulture),
            Default = integer.Default is { } value ? JsonValue.Create(value) : null,
        },
        Flag flag => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(flag.Default) },
        OneOf oneOf => new()
        {
            Type = JsonSchemaType.String, Enum = [.. oneOf.Allowed.Select(a => JsonValue.Create(a))],
            Default = oneOf.Default is { } value ? JsonValue.Create(value) : null,
        },
        _ => new() { Type = JsonSchemaType.String, Format = "date-time" },
    };
}
