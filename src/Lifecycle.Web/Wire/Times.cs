using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Wire;

internal static class Times
{
    /// <summary>Null for what does not happen, else UTC; JSON writes it as RFC 3339 with <c>Z</c>.</summary>
    public static DateTime? ToWire(this Instant instant) =>
        instant >= Instant.Latest || instant <= Instant.Earliest ? null : instant.ToDateTimeOffset().UtcDateTime;

    public static DateTime? ToWire(this Instant? instant) => instant?.ToWire();

    /// <summary>The query's <c>as_of</c> and <c>known_at</c>.</summary>
    /// <exception cref="ProblemException">One of them is no time, or too far ahead.</exception>
    public static PointInTime PointInTimeOf(HttpRequest request)
    {
        if (!request.QueryString.HasValue) return PointInTime.Now;
        var when = new PointInTime(Parse(request, "as_of"), Parse(request, "known_at"));
        if (when.AsOf is not { } asOf) return when;
        var now = request.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return asOf <= Instant.From(now).Plus(PointInTime.AheadMax)
            ? when
            : throw ProblemException.Of(
                ProblemCodes.InvalidParameter, "as_of",
                $"must be at most {PointInTime.AheadMax.TotalDays} days ahead of now");
    }

    public static Instant? Parse(HttpRequest request, string name)
    {
        if (!request.Query.TryGetValue(name, out var values)) return null;
        if (values is [{ } text] && Rfc3339.Parse(text, out var instant) == TimeSyntax.Ok) return instant;
        throw ProblemException.Of(
            ProblemCodes.InvalidParameter, name, "must be a time with an offset, such as 2026-11-20T09:30:00Z");
    }
}
