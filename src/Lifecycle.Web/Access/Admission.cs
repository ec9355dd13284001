using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Access;

/// <summary>Whether a caller may, and whether there is room, however the key was sent.</summary>
internal sealed class Admission : IDisposable
{
    private static readonly TimeSpan RetryAfterQueue = TimeSpan.FromSeconds(1);

    private readonly ApiKeys _keys;
    private readonly RequestBudget _budget;
    private readonly RequestRoom _room;

    public Admission(ApiKeys keys, TimeProvider time, IOptions<WebOptions> options)
    {
        _keys = keys;
        _budget = new(options.Value.RequestsPerSecondMax, time);
        _room = new(options.Value.RequestsMax, options.Value.RequestsWaitingMax);
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
    /// <exception cref="ProblemException">Too many wait.</exception>
    public async Task GoOnAsync(HttpContext http, RequestDelegate next)
    {
        if (!await _room.EnterAsync(http))
            throw TooBusy(ProblemCodes.Overloaded, "Too many requests wait already.", RetryAfterQueue);
        try
        {
            await next(http);
        }
        finally
        {
            _room.Leave();
        }
    }

    public void Dispose() => _room.Dispose();

    private static ProblemException Forbidden(RoleRequirement? required) => new(
        ProblemCodes.Forbidden,
        required is null
            ? "This route is open to no role."
            : $"The key needs the role {string.Join(" or ", required.AnyOf)}.");

    private static ProblemException TooBusy(ProblemCode code, string detail, TimeSpan wait) =>
        new(code, detail) { RetryAfter = wait };
}
