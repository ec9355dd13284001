using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Access;

/// <summary>
/// Who calls, whether they may, and whether there is room: decided before the body is read. A route that says nothing
/// about roles is closed.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, Admission admission)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint is null || endpoint.Metadata.GetMetadata<OpenToAll>() is not null) return next(http);
        var required = endpoint.Metadata.GetMetadata<RoleRequirement>();
        // Routing answers 405 and 415 by endpoints of its own, which know nothing of roles; they say nothing secret.
        if (required is null && endpoint is not RouteEndpoint) return next(http);
        var findsItsKey = endpoint.Metadata.GetMetadata<FindsItsKey>() is not null;
        if (!findsItsKey) admission.Admit(http, CallerOf(http, endpoint), required);
        if (endpoint.Metadata.GetMetadata<DoesNotWait>() is not null) return next(http);
        // A pixel of Segment is a write by GET.
        var reads = HttpMethods.IsGet(http.Request.Method) && !findsItsKey;
        return admission.GoOnAsync(http, next, reads || endpoint.Metadata.GetMetadata<OnlyReads>() is not null);
    }

    private Caller? CallerOf(HttpContext http, Endpoint endpoint)
    {
        if (http.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && admission.Find(header.AsSpan(Scheme.Length).Trim()) is { } caller)
            return caller;
        return endpoint.Metadata.GetMetadata<KeyInQuery>() is not null
            && http.Request.Query.TryGetValue(KeyInQuery.Parameter, out var tokens) && tokens is [{ } token]
                ? admission.Find(token)
                : null;
    }
}
