namespace Lifecycle.Web.Segment;

/// <summary>The calls of the Segment specification.</summary>
internal enum SegmentCall
{
    Track,
    Identify,
    Page,
    Screen,
    Group,
    Alias,
}

internal static class SegmentCalls
{
    /// <summary>The call by its name in a message or in a route, long or short.</summary>
    public static SegmentCall? Find(string? name) => name?.ToLowerInvariant() switch
    {
        "track" or "t" => SegmentCall.Track,
        "identify" or "i" => SegmentCall.Identify,
        "page" or "p" => SegmentCall.Page,
        "screen" or "s" => SegmentCall.Screen,
        "group" or "g" => SegmentCall.Group,
        "alias" or "a" => SegmentCall.Alias,
        _ => null,
    };
}
