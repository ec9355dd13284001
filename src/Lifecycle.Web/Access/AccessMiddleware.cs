using System.Threading.RateLimiting;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Access;

/// <summary>
/// Who calls, whether they may, and whether there is room: decided before the body is read. A route that says nothing
/// about roles is closed.
/// </summary>
internal sealed class AccessMiddleware : IDisposable
{
    private const string Scheme = "Bearer ";
    private static readonly TimeSpan RetryAfterQueue = TimeSpan.FromSeconds(1);

    private readonly RequestDelegate _next;
    private readonly ApiKeys _keys;
    private readonly RequestBudget _budget;
    private readonly ConcurrencyLimiter _room;

    public AccessMiddleware(RequestDelegate next, ApiKeys keys, TimeProvider time, IOptions<WebOptions> options)
    {
        _next = next;
        _keys = keys;
        _budget = new(options.Value.RequestsPerSecondMax, time);
        _room = new(new()
        {
            PermitLimit = options.Value.RequestsMax,
            QueueLimit = options.Value.RequestsWaitingMax,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint is null || endpoint.Metadata.GetMetadata<OpenToAll>() is not null)
        {
            await _next(http);
            return;
        }

        var required = endpoint.Metadata.GetMetadata<RoleRequirement>();
        // Routing answers 405 and 415 by endpoints of its own, which know nothing of roles; they say nothing secret.
        if (required is null && endpoint is not Microsoft.AspNetCore.Routing.RouteEndpoint)
        {
            await _next(http);
            return;
        }

        var caller = Authenticate(http);
        if (required is null || !required.AnyOf.Any(caller.Roles.Contains)) throw Forbidden(required);
        if (_budget.Take(caller.KeyId) is { } wait)
            throw TooBusy(ProblemCodes.RateLimited, "The key has used up its requests for this second.", wait);
        http.Features.Set(caller);
        using var lease = await _room.AcquireAsync(1, http.RequestAborted);
        if (!lease.IsAcquired)
            throw TooBusy(ProblemCodes.Overloaded, "Too many requests wait already.", RetryAfterQueue);
        await _next(http);
    }

    public void Dispose() => _room.Dispose();

    private Caller Authenticate(HttpContext http)
    {
        if (http.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && _keys.Find(header[Scheme.Length..].Trim()) is { } caller)
            return caller;
        if (http.GetEndpoint()?.Metadata.GetMetadata<KeyInQuery>() is not null
            && http.Request.Query.TryGetValue(KeyInQuery.Parameter, out var tokens) && tokens is [{ } token]
            && _keys.Find(token) is { } named)
            return named;
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"lifecycle\"";
        throw new ProblemException(ProblemCodes.Unauthenticated, "Send Authorization: Bearer and a key that is valid.");
    }

    private static ProblemException Forbidden(RoleRequirement? required) => new(
        ProblemCodes.Forbidden,
        required is null
            ? "This route is open to no role."
            : $"The key needs the role {string.Join(" or ", required.AnyOf)}.");

    private static ProblemException TooBusy(ProblemCode code, string detail, TimeSpan wait) =>
        new(code, detail) { RetryAfter = wait };
}
