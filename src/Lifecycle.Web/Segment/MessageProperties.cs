using System.Text.Json;

namespace Lifecycle.Web.Segment;

/// <summary>The properties of a message: those that become fields of ours are taken, the rest is kept sealed.</summary>
/// <param name="properties">An object, or nothing.</param>
/// <param name="context">The message's, or nothing.</param>
internal sealed class MessageProperties(JsonElement properties, MergedContext context)
{
    private const string OfContext = "context.";

    private readonly HashSet<string> _taken = [];

    /// <summary>The first that is there, with its name; a dot leads into an object.</summary>
    public (string Name, JsonElement Value)? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var value = name.StartsWith(OfContext, StringComparison.Ordinal)
                ? FollowContext(name[OfContext.Length..].Split('.'))
                : Follow(properties, name.Split('.'));
            if (value.IsThere() && !value.IsEmptyText())
                return (name, value);
        }

        return null;
    }

    /// <summary>It is in a field of ours, so it need not be kept among the rest.</summary>
    public void Take(string name) => _taken.Add(name);

    /// <summary>What was not taken, as an object; nothing when there is nothing.</summary>
    public void WriteRest(Utf8JsonWriter json, string name)
    {
        if (!properties.IsThere()) return;
        if (properties.ValueKind != JsonValueKind.Object)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(properties.RawOf(), skipInputValidation: true);
            return;
        }

        var any = false;
        foreach (var member in properties.EnumerateObject())
        {
            if (_taken.Contains(member.Name)) continue;
            if (!any) json.WriteStartObject(name);
            any = true;
            json.WritePropertyName(member.Name);
            json.WriteRawValue(member.Value.RawOf(), skipInputValidation: true);
        }

        if (any) json.WriteEndObject();
    }

    private JsonElement FollowContext(string[] path) => Follow(context.Get(path[0]), path.AsSpan(1));

    private static JsonElement Follow(JsonElement json, ReadOnlySpan<string> path)
    {
        foreach (var name in path) json = json.Get(name);
        return json;
    }
}
