namespace Lifecycle.Web.Documentation;

/// <summary>What each group of routes is about.</summary>
internal static class RouteTags
{
    private static readonly Dictionary<string, string> Descriptions = new()
    {
        ["Customers"] = "One customer: what is live, how it came about, and how it was at any time before.",
        ["Events"] = "What happened: it cannot be refused, and sending it again does no harm.",
        ["Keys"] = "Who may call, and what.",
        ["Operations"] = "For whoever runs the server.",
        ["Points"] = "A customer's points: commands that may be refused, and every movement.",
        ["Population"] = "All customers: lists, scans, and every entry as it is committed.",
        ["Programs"] = "The documents that inputs are decided under.",
        ["Quarantine"] = "Events that could not be understood, kept with the reason.",
        ["Reports"] = "The customer base in numbers.",
        ["Segment"] = "What Segment and RudderStack clients send, as they send it.",
    };

    /// <summary>Null for a tag that nobody has described: a test names it.</summary>
    public static string? Describe(string? tag) => Descriptions.GetValueOrDefault(tag ?? "");
}
