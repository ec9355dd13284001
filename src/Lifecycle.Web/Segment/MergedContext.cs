using System.Text.Json;

namespace Lifecycle.Web.Segment;

/// <summary>The context of a message over that of its batch, member by member.</summary>
internal readonly record struct MergedContext(JsonElement Own, JsonElement Shared)
{
    /// <summary>A member of either.</summary>
    public JsonElement Get(string name) => Own.Get(name) is var own && own.IsThere() ? own : Shared.Get(name);

    /// <summary>Nothing when there is nothing.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        if (Shared.ValueKind != JsonValueKind.Object && Own.IsThere())
        {
            json.WritePropertyName(name);
            json.WriteRawValue(Own.RawOf(), skipInputValidation: true);
            return;
        }

        if (Shared.ValueKind != JsonValueKind.Object) return;
        json.WriteStartObject(name);
        foreach (var member in Shared.EnumerateObject())
            if (!Own.Get(member.Name).IsThere()) Write(json, member);
        if (Own.ValueKind == JsonValueKind.Object)
            foreach (var member in Own.EnumerateObject()) Write(json, member);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JsonProperty member)
    {
        json.WritePropertyName(member.Name);
        json.WriteRawValue(member.Value.RawOf(), skipInputValidation: true);
    }
}
