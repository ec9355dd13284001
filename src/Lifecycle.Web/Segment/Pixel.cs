using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Segment;

/// <summary>
/// A call as a picture in a page or a mail: its members are parameters, a dot leads into an object
/// (<c>properties.price=3</c>), or all of it is base64 in <c>data</c>. The answer is a picture of one clear point.
/// </summary>
internal static class Pixel
{
    /// <summary>Levels that a name of a parameter can lead down.</summary>
    private const int PathMax = 8;

    private static readonly byte[] Point =
        Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    public static Delegate Take(SegmentCall call) => async (SegmentDoor door, HttpContext http) =>
    {
        await door.TakeAsync(http, MessageOf(http.Request), call);
        // The same picture again is another view: it must come here and not from a cache.
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(Point, "image/gif");
    };

    private static ReadOnlyMemory<byte> MessageOf(HttpRequest request)
    {
        if (request.Query["data"].ToString() is { Length: > 0 } data)
        {
            var bytes = new byte[data.Length];
            // A plus that was not escaped arrives as a space.
            if (Convert.TryFromBase64String(data.Replace(' ', '+'), bytes, out var length))
                return bytes.AsMemory(0, length);
            throw ProblemException.Of(ProblemCodes.InvalidParameter, "data", "must be a JSON object in base64");
        }

        var message = new JsonObject();
        foreach (var (name, values) in request.Query)
        {
            var path = name.Split('.');
            if (name == "writeKey" || path.Length > PathMax) continue;
            Set(message, path, values.ToString());
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) message.WriteTo(json);
        return buffer.WrittenMemory;
    }

    private static void Set(JsonObject message, string[] path, string value)
    {
        foreach (var step in path.AsSpan(..^1))
        {
            if (message[step] is not JsonObject inner) message[step] = inner = [];
            message = inner;
        }

        message[path[^1]] = value;
    }
}
