using System.Text;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Segment;

/// <summary>The write key as a request names it outside of its body. It is an API key of ours.</summary>
/// <param name="Basic">The user of Basic authentication: where it is there, nothing else counts.</param>
/// <param name="Bearer">An API key, or a token of another system that goes with a key in the body.</param>
/// <param name="Query">The parameter <c>writeKey</c>.</param>
internal readonly record struct SegmentKey(string? Basic, string? Bearer, string? Query)
{
    private const string BasicScheme = "Basic ";
    private const string BearerScheme = "Bearer ";

    public static SegmentKey Of(HttpRequest request)
    {
        var query = request.Query["writeKey"].ToString() is { Length: > 0 } text ? text : null;
        if (request.Headers.Authorization is not [{ } header]) return new(null, null, query);
        if (header.StartsWith(BasicScheme, StringComparison.OrdinalIgnoreCase))
            return new(UserOf(header[BasicScheme.Length..].Trim()), null, query);
        return header.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
            ? new(null, header[BearerScheme.Length..].Trim(), query)
            : new(null, null, query);
    }

    /// <summary>Some clients leave out the colon after the user.</summary>
    private static string UserOf(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return "";
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? text : text[..colon];
    }
}
