using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Web.Segment;

/// <summary>What each call is here: the type of our event and its data.</summary>
/// <param name="json">Stands inside of the event.</param>
internal sealed class MessageWriter(
    Utf8JsonWriter json, JsonElement message, MergedContext context, Faults faults, string currency)
{
    private const string Group = "group";
    private const string Alias = "alias";
    private const string Rest = "properties";

    private readonly MessageProperties _properties = new(message.Get("properties"), context);

    public void Write(SegmentCall call)
    {
        switch (call)
        {
            case SegmentCall.Track:
                WriteTrack();
                break;
            case SegmentCall.Identify:
                WriteIdentify();
                break;
            case SegmentCall.Page:
                WriteVisit("web");
                break;
            case SegmentCall.Screen:
                WriteVisit("mobile");
                break;
            case SegmentCall.Group:
                WriteGroup();
                break;
            default:
                WriteAlias();
                break;
        }
    }

    /// <summary>A call that nobody knows: kept as it is, for a person to look at.</summary>
    public void WriteUnknown()
    {
        json.WriteStartObject("data");
        json.WritePropertyName("message");
        json.WriteRawValue(message.RawOf(), skipInputValidation: true);
        json.WriteEndObject();
    }

    /// <summary>Sealed with the rest of what the schema does not declare.</summary>
    public void WriteContext() => context.Write(json, "context");

    private EventWriter Writer => new(json, _properties, faults, currency);

    private void WriteTrack()
    {
        var name = message.Get("event").TextOf();
        if (string.IsNullOrWhiteSpace(name))
        {
            faults.Add(QuarantineReasons.MissingField, "/event", "is missing: a track call names its event");
            WriteUnknown();
        }
        else if (EventSchema.Types.ContainsKey(name) && message.Get(Rest) is { ValueKind: JsonValueKind.Object } own)
        {
            json.WriteString("type", name);
            json.WritePropertyName("data");
            json.WriteRawValue(own.RawOf(), skipInputValidation: true);
        }
        else
        {
            var mapping = SegmentNames.Find(name) ?? new EventMapping(SegmentNames.TypeOf(name));
            json.WriteString("type", mapping.Type);
            json.WriteStartObject("data");
            if (EventSchema.Types.ContainsKey(mapping.Type)) Writer.Write(mapping);
            _properties.WriteRest(json, Rest);
            json.WriteEndObject();
            if (mapping.Type != name) json.WriteString("event", name);
        }
    }

    /// <summary>Traits tell who somebody is, so they are sealed; only the country is public here.</summary>
    private void WriteIdentify()
    {
        var traits = message.Get("traits") is var own && own.IsThere() ? own : context.Get("traits");
        json.WriteString("type", EventTypes.CustomerUpdated);
        json.WriteStartObject("data");
        if (new MessageProperties(traits, default).Find("country", "address.country") is { } country)
            Writer.WriteText(EventSchema.Country, country.Value);
        WriteSealed("profile", traits);
        json.WriteEndObject();
    }

    private void WriteVisit(string channel)
    {
        json.WriteString("type", EventTypes.Visit);
        json.WriteStartObject("data");
        var writer = Writer;
        if (!writer.WriteText(EventSchema.Page, message.Get("name")) && _properties.Find("path") is { } path)
            writer.WriteText(EventSchema.Page, path.Value);
        writer.WriteText(EventSchema.Section, message.Get("category"));
        writer.Write(new EventMapping(EventTypes.Visit) { Channel = channel });
        _properties.WriteRest(json, Rest);
        json.WriteEndObject();
    }

    private void WriteGroup()
    {
        var group = message.Get("groupId");
        if (group.TextOf() is null)
            faults.Add(QuarantineReasons.MissingField, "/groupId", "is missing: a group call names its group");
        json.WriteString("type", Group);
        json.WriteStartObject("data");
        WriteSealed("group_id", group);
        WriteSealed("traits", message.Get("traits"));
        json.WriteEndObject();
    }

    private void WriteAlias()
    {
        var previous = message.Get("previousId");
        if (previous.TextOf() is null)
            faults.Add(QuarantineReasons.MissingField, "/previousId", "is missing: an alias has the id before");
        json.WriteString("type", Alias);
        json.WriteStartObject("data");
        WriteSealed("previous_id", previous);
        json.WriteEndObject();
    }

    private void WriteSealed(string name, JsonElement value)
    {
        if (!value.IsThere()) return;
        json.WritePropertyName(name);
        json.WriteRawValue(value.RawOf(), skipInputValidation: true);
    }
}
