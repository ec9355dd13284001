using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Access;

/// <summary>Whether a caller may, and whether there is room, however the key was sent.</summary>
internal sealed class Admission : IDisposable
{
    private readonly ApiKeys _keys;
    private readonly RequestBudget _budget;
    private readonly RequestRoom _reads;
    private readonly RequestRoom _writes;
    private readonly BodyRoom _bodies;

    public Admission(ApiKeys keys, TimeProvider time, IOptions<WebOptions> options, WebMeter meter)
    {
        _keys = keys;
        _budget = new(options.Value.RequestsPerSecondMax, time);
        // Writes wait for the disk and reads hardly ever do: a till must not stand in their line.
        _reads = RoomOf(options.Value, time);
        _writes = RoomOf(options.Value, time);
        _bodies = new(options.Value.BodyBytesInFlightMax);
        meter.Watch("read", _reads);
        meter.Watch("write", _writes);
        meter.Watch(_bodies);
    }

    /// <summary>Null for a key that is none or was revoked.</summary>
    public Caller? Find(ReadOnlySpan<char> key) => _keys.Find(key);

    /// <summary>Lets the caller in, or answers why not.</summary>
    /// <exception cref="ProblemException">No valid key, a role is missing, or the key's budget is used up.</exception>
    public void Admit(HttpContext http, Caller? caller, RoleRequirement? required)
    {
        if (caller is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"lifecycle\"";
            throw new ProblemException(
                ProblemCodes.Unauthenticated, "Send Authorization: Bearer and a key that is valid.");
        }

        if (required?.Allows(caller) != true) throw Forbidden(required);
        if (_budget.Take(caller.KeyId) is { } wait)
            throw TooBusy(ProblemCodes.RateLimited, "The key has used up its requests for this second.", wait);
        http.Features.Set(caller);
    }

    /// <summary>Goes on with the request once it has a place among those under way.</summary>
    /// <param name="reads">It changes nothing.</param>
    /// <exception cref="ProblemException">Too many wait, or it has waited for too long.</exception>
    public async Task GoOnAsync(HttpContext http, RequestDelegate next, bool reads)
    {
        var room = reads ? _reads : _writes;
        if (!await room.EnterAsync(http))
            throw TooBusy(ProblemCodes.Overloaded, "Too many requests wait already.", room.RetryAfter());
        try
        {
            http.Features.Set(_bodies);
            await next(http);
        }
        finally
        {
            room.Leave();
        }
    }

    public void Dispose()
    {
        _reads.Dispose();
        _writes.Dispose();
    }

    private static RequestRoom RoomOf(WebOptions options, TimeProvider time) =>
        new(options.RequestsMax, options.RequestsWaitingMax, options.RequestWaitMax, time);

    private static ProblemException Forbidden(RoleRequirement? required) => new(
        ProblemCodes.Forbidden,
        required is null
            ? "This route is open to no role."
            : $"The key needs the role {string.Join(" or ", required.AnyOf)}.");

    private static ProblemException TooBusy(ProblemCode code, string detail, TimeSpan wait) =>
        new(code, detail) { RetryAfter = wait };
}
