using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lifecycle.Web.Customers;

/// <summary>The customer that a path names.</summary>
internal static class CustomerId
{
    public const string Prefix = "/v1/customers/";

    /// <summary>
    /// From the raw target: the framework leaves <c>%2F</c> in a path as it is, so an id with a slash and one with
    /// the text <c>%2F</c> could not be told apart by the route value.
    /// </summary>
    /// <exception cref="ProblemException">It is no id.</exception>
    public static string Of(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var start = target.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase);
        var rest = start < 0 ? "" : target[(start + Prefix.Length)..];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        var id = Uri.UnescapeDataString(end < 0 ? rest : rest[..end]);
        return Ids.Fault(id) is { } fault ? throw ProblemException.Of(ProblemCodes.InvalidId, "customer", fault) : id;
    }

    public static ProblemException Unknown(string id) =>
        new(ProblemCodes.CustomerNotFound, $"Nothing is known of the customer {id}.");
}
