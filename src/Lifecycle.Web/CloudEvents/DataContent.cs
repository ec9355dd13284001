using System.Text.Json;
using System.Text.Unicode;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Web.CloudEvents;

/// <summary>What the media type of a CloudEvent's data means for reading it.</summary>
internal static class DataContent
{
    public static bool IsJson(string contentType)
    {
        var type = Essence(contentType);
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    public static bool IsText(string contentType)
    {
        var type = Essence(contentType);
        return type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("/xml", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Null for what is not JSON.</summary>
    public static JsonDocument? ParseJson(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span)) return null;
        try
        {
            return JsonDocument.Parse(bytes, new() { MaxDepth = EventReaderLimits.DepthMax - 2 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<char> Essence(string contentType)
    {
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType.AsSpan(0, end)).Trim();
    }
}
