using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Web.CloudEvents;

/// <summary>
/// A CloudEvent as an event of ours. The same CloudEvent gives the same bytes in every mode: attributes that we have no
/// name for are written as text, in the order of their names.
/// </summary>
internal static class CloudEventTranslation
{
    private static readonly string[] Required = ["specversion", "id", "source", "type"];

    // Not part of the event: how it was sent.
    private static readonly string[] OfTheEnvelope =
        ["specversion", "id", "source", "type", "time", "customer", "data", "data_base64", "datacontenttype"];

    /// <summary>The event, and what is wrong with the CloudEvent as such.</summary>
    public static (ReadOnlyMemory<byte> Event, Faults Faults) ToEvent(JsonElement json)
    {
        var faults = new Faults();
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true });
        if (json.ValueKind != JsonValueKind.Object)
        {
            // The one reader says what is wrong with it.
            writer.WriteNullValue();
        }
        else
        {
            var attributes = AttributesOf(json, faults);
            writer.WriteStartObject();
            WriteAttributes(writer, attributes, faults);
            WriteData(writer, attributes, faults);
            writer.WriteEndObject();
        }

        writer.Flush();
        return (buffer.WrittenMemory, faults);
    }

    private static SortedDictionary<string, JsonElement> AttributesOf(JsonElement json, Faults faults)
    {
        var attributes = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var name = Decode(() => member.Name) ?? "";
            if (!names.Add(name))
                faults.Add(QuarantineReasons.DuplicateField, $"/{name}", "is there twice");
            else if (!IsName(name) && name != "data_base64")
                faults.Add(
                    QuarantineReasons.InvalidField, $"/{name}",
                    "is no name of an attribute: those have lower-case letters and digits only");
            else if (member.Value.ValueKind != JsonValueKind.Null || name == "data")
                attributes.Add(name, member.Value);
        }

        foreach (var name in Required)
        {
            if (!attributes.ContainsKey(name))
                faults.Add(QuarantineReasons.MissingField, $"/{name}", "is missing: every CloudEvent has it");
        }

        if (attributes.TryGetValue("specversion", out var version) && TextOf(version) != "1.0")
            faults.Add(QuarantineReasons.UnsupportedSpecversion, "/specversion", "must be 1.0");
        return attributes;
    }

    private static void WriteAttributes(
        Utf8JsonWriter writer, SortedDictionary<string, JsonElement> attributes, Faults faults)
    {
        foreach (var name in (string[])["id", "source", "type"]) WriteRaw(writer, attributes, name, name);
        WriteRaw(writer, attributes, "time", "occurred_at");
        var customer = attributes.ContainsKey("customer") ? "customer" : "subject";
        foreach (var (name, value) in attributes)
        {
            if (name != customer && OfTheEnvelope.Contains(name)) continue;
            if (TextOf(value) is { } text)
                writer.WriteString(name == customer ? "customer" : name, text);
            else
                faults.Add(
                    QuarantineReasons.InvalidField, $"/{name}", "must be text, a number, true or false");
        }
    }

    private static void WriteRaw(
        Utf8JsonWriter writer, SortedDictionary<string, JsonElement> attributes, string name, string ours)
    {
        if (!attributes.TryGetValue(name, out var value)) return;
        writer.WritePropertyName(ours);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }

    private static void WriteData(
        Utf8JsonWriter writer, SortedDictionary<string, JsonElement> attributes, Faults faults)
    {
        var contentType = attributes.TryGetValue("datacontenttype", out var declared) ? TextOf(declared) : null;
        var isJson = contentType is null || DataContent.IsJson(contentType);
        // Of JSON it says nothing about the event; of anything else it says how the data is to be understood.
        if (!isJson) writer.WriteString("datacontenttype", contentType);
        if (!attributes.TryGetValue("data_base64", out var base64))
        {
            if (attributes.TryGetValue("data", out var data)) WriteJson(writer, data);
            return;
        }

        if (attributes.ContainsKey("data"))
            faults.Add(QuarantineReasons.InvalidField, "/data_base64", "must not be there beside data");
        else if (base64.ValueKind != JsonValueKind.String || !base64.TryGetBytesFromBase64(out var bytes))
            faults.Add(QuarantineReasons.InvalidField, "/data_base64", "must be a string of base64");
        else if (!isJson)
            WriteBytes(writer, bytes, contentType!);
        else if (DataContent.ParseJson(bytes) is { } parsed)
            using (parsed) WriteJson(writer, parsed.RootElement);
        else
            faults.Add(QuarantineReasons.InvalidField, "/data_base64", "must hold JSON, as its content type says");
    }

    /// <summary>Our data is an object; anything else becomes its one member.</summary>
    private static void WriteJson(Utf8JsonWriter writer, JsonElement data)
    {
        writer.WritePropertyName("data");
        if (data.ValueKind == JsonValueKind.Object)
        {
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(data), skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName("value");
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(data), skipInputValidation: true);
        writer.WriteEndObject();
    }

    private static void WriteBytes(Utf8JsonWriter writer, byte[] bytes, string contentType)
    {
        writer.WriteStartObject("data");
        if (DataContent.IsText(contentType) && Utf8.IsValid(bytes))
            writer.WriteString("value", Encoding.UTF8.GetString(bytes));
        else
            writer.WriteBase64String("base64", bytes);
        writer.WriteEndObject();
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Letters);

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Decode(value.GetString),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    private static string? Decode(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            // Escapes that are half of a surrogate pair make no text.
            return null;
        }
    }
}
