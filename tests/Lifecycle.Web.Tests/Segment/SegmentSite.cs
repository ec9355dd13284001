using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Segment;

/// <summary>What a Segment client does, without the client.</summary>
internal static class SegmentSite
{
    public const string Dev = "Basic ZGV2Og==";

    /// <summary>Sends with Basic authentication, and with no content type at all.</summary>
    public static Task<Answer> SegmentAsync(this Site site, string route, string body, params (string, string)[] headers)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        var key = headers.Any(header => header.Item1 == "Authorization") ? [] : new[] { ("Authorization", Dev) };
        return site.SendAsync(HttpMethod.Post, route, content, [.. key, .. headers]);
    }

    public static async Task<Answer> TrackAsync(
        this Site site, string customer, string id, string name, string properties = "{}") =>
        await site.SegmentAsync(
            "/v1/track",
            $$$"""
            {"messageId":"{{{id}}}","userId":"{{{customer}}}","event":"{{{name}}}","properties":{{{properties}}},
            "timestamp":"2026-11-20T11:00:00Z"}
            """);

    /// <summary>The customer's entries, oldest first, without those that nobody sent: ticks, joins.</summary>
    public static async Task<IReadOnlyList<JsonElement>> EntriesOfAsync(this Site site, string customer) =>
        [.. (await site.GetAsync($"/v1/customers/{customer}/entries?limit=200")).Json.GetProperty("entries")
            .EnumerateArray().Where(e => e.GetProperty("source").GetString() != "").Reverse()];

    /// <summary>The one entry that an event of this name and these properties becomes.</summary>
    public static async Task<JsonElement> EntryOfAsync(
        this Site site, string customer, string name, string properties)
    {
        var taken = await site.TrackAsync(customer, "m", name, properties);
        Assert.True(taken.Number("accepted") == 1, taken.Body);
        return Assert.Single(await site.EntriesOfAsync(customer));
    }

    public static string Type(this JsonElement entry) => entry.GetProperty("type").GetString()!;

    public static string Data(this JsonElement entry) => entry.GetProperty("data").GetRawText();

    public static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    public static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest)) gzip.Write(bytes);
        return buffer.ToArray();
    }

    public static HttpContent Gzipped(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
