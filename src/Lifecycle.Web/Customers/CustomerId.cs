using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lifecycle.Web.Customers;

/// <summary>The customer that a path names.</summary>
internal static class CustomerId
{
    private const int Segment = 3;
    private const string Prefix = "/v1/customers/";

    /// <summary>
    /// From the raw target: the framework leaves <c>%2F</c> in a path as it is, so an id with a slash and one with
    /// the text <c>%2F</c> could not be told apart by the route value.
    /// </summary>
    /// <exception cref="ProblemException">It is no id.</exception>
    public static string Of(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (PlainOf(target) is { } plain) return Checked(plain);
        var segments = PathOf(target).Split('/').Select(Uri.UnescapeDataString).ToArray();
        // They are resolved before routing: /a/../b would reach b's route and name a, past whoever guards b's path.
        if (segments.Any(s => s is "." or ".."))
            throw ProblemException.Of(ProblemCodes.InvalidId, "customer", "must not be . or .., which a path cannot hold");
        return Checked(segments.Length > Segment ? segments[Segment] : "");
    }

    /// <summary>The segment of a usual target, in which nothing is escaped and nothing resolved; else null.</summary>
    private static string? PlainOf(string target)
    {
        if (!target.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = target.IndexOf('?');
        var path = end < 0 ? target : target.AsSpan(0, end);
        if (path.Contains('%') || path.Contains("/.", StringComparison.Ordinal)) return null;
        var id = path[Prefix.Length..];
        var slash = id.IndexOf('/');
        return (slash < 0 ? id : id[..slash]).ToString();
    }

    private static string Checked(string id) =>
        Ids.Fault(id) is { } fault ? throw ProblemException.Of(ProblemCodes.InvalidId, "customer", fault) : id;

    /// <summary>A target is a path, or a whole address as proxies are sent it.</summary>
    private static string PathOf(string target)
    {
        var path = target.Split('?')[0];
        if (path.StartsWith('/')) return path;
        var authority = path.IndexOf("://", StringComparison.Ordinal) + 3;
        var start = path.IndexOf('/', authority);
        return start < 0 ? "" : path[start..];
    }

    public static ProblemException Unknown(string id) =>
        new(ProblemCodes.CustomerNotFound, $"Nothing is known of the customer {id}.");
}
