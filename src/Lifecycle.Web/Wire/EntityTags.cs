using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lifecycle.Domain.Entries;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Wire;

/// <summary>
/// An answer about a customer: it carries the version, and an instant that says nothing new by itself.
/// </summary>
public interface IVersioned<TSelf>
    where TSelf : IVersioned<TSelf>
{
    long Version { get; }

    /// <summary>The same without the instant of the answer, which changes with every request.</summary>
    TSelf WithoutInstant();
}

/// <summary>
/// Entity tags <c>"&lt;seq&gt;.&lt;epoch&gt;.&lt;hash&gt;"</c>. The epoch names the history of the journal: after a
/// restore the same seq may be another entry. The hash is of the answer itself, so whatever changes it (time, program,
/// an entry) changes the tag, and a 304 never hides a difference.
/// </summary>
internal sealed class EntityTags(Hash16 epoch)
{
    /// <summary>What is wrong with an If-Match that is no tag of ours.</summary>
    public const string IfMatchFault =
        "must be one entity tag as an answer carried it, such as \"12.5d1e77aa.9f3a2b1c\", or *";

    /// <summary>No customer has it, so whatever builds on it is stale.</summary>
    private const long OfAnotherHistory = -1;

    // Of 128 random bits the first 32: a restore that is not noticed has to be of one in four billion.
    private readonly string _epoch = epoch.ToString()[..8];

    public static EntityTags Of(HttpContext http) => http.RequestServices.GetRequiredService<EntityTags>();

    public IResult Answer<T>(HttpContext http, T body, JsonTypeInfo<T> json)
        where T : IVersioned<T> =>
        IsKnown(http, TagOf(body, json)) ? Results.Empty : Results.Json(body, json);

    /// <summary>Sets the headers of an answer; where the client has it already, also its status, and it is done.</summary>
    public static bool IsKnown(HttpContext http, string tag)
    {
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        if (!Matches(http.Request, tag)) return false;
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    public string TagOf<T>(T body, JsonTypeInfo<T> json)
        where T : IVersioned<T> =>
        TagOf(body.Version, HashOf(JsonSerializer.SerializeToUtf8Bytes(body.WithoutInstant(), json)));

    public string TagOf(long version, uint hash) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}.{_epoch}.{hash:x8}\"");

    /// <summary>Of the answer as it is without its instant.</summary>
    public static uint HashOf(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    /// <summary>
    /// The version that <c>If-Match</c> names, one that never holds for a tag of another history; null for none or
    /// <c>*</c>.
    /// </summary>
    /// <exception cref="ProblemException">It is not an entity tag of ours.</exception>
    public long? IfMatch(HttpRequest request)
    {
        if (!request.Headers.TryGetValue("If-Match", out var values) || values is ["*"]) return null;
        if (values is [{ Length: > 2 } text] && text[0] == '"' && text[^1] == '"')
        {
            var inner = text.AsSpan(1, text.Length - 2);
            var dot = inner.IndexOf('.');
            var seq = dot < 0 ? inner : inner[..dot];
            if (!seq.ContainsAnyExceptInRange('0', '9') && long.TryParse(seq, out var version))
                return dot < 0 || IsOfThisHistory(inner[(dot + 1)..]) ? version : OfAnotherHistory;
        }

        throw ProblemException.Of(ProblemCodes.InvalidParameter, "If-Match", IfMatchFault);
    }

    private bool IsOfThisHistory(ReadOnlySpan<char> rest) =>
        rest.Length > _epoch.Length && rest[_epoch.Length] == '.' && rest.StartsWith(_epoch, StringComparison.Ordinal);

    private static bool Matches(HttpRequest request, string tag)
    {
        foreach (var value in request.Headers.IfNoneMatch)
        {
            foreach (var part in (value ?? "").Split(',', StringSplitOptions.TrimEntries))
                if (part == "*" || part == tag || part == $"W/{tag}") return true;
        }

        return false;
    }
}
