using Lifecycle.Web.Access;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Operations;

/// <summary>What the documentation of a route shows beside what the framework finds itself.</summary>
internal sealed record Documented(string? Example, IReadOnlyList<ProblemCode> Problems);

internal sealed record DocumentedBody(string Example, string MediaType, bool Required);

internal sealed record DocumentedParameter(string Name, string Description, bool InHeader);

/// <summary>How routes describe themselves; a test refuses one that does not.</summary>
internal static class Description
{
    public static T Require<T>(this T route, params string[] roles)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RoleRequirement(roles));

    public static T Open<T>(this T route)
        where T : IEndpointConventionBuilder => route.WithMetadata(new OpenToAll());

    public static RouteHandlerBuilder Describe<T>(
        this RouteHandlerBuilder route, string summary, string description, string example,
        params ProblemCode[] problems) =>
        route.WithSummary(summary).WithDescription(description).Produces<T>()
            .WithMetadata(new Documented(example, problems));

    /// <summary>For an answer without a body.</summary>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder route, string summary, string description, params ProblemCode[] problems) =>
        route.WithSummary(summary).WithDescription(description).Produces(StatusCodes.Status204NoContent)
            .WithMetadata(new Documented(null, problems));

    public static RouteHandlerBuilder Takes(
        this RouteHandlerBuilder route, string example, string mediaType = "application/json", bool required = true) =>
        route.WithMetadata(new DocumentedBody(example, mediaType, required));

    public static RouteHandlerBuilder Query(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new DocumentedParameter(name, description, InHeader: false));

    public static RouteHandlerBuilder Header(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new DocumentedParameter(name, description, InHeader: true));

    /// <param name="asOf">
    /// What the instant means: a customer stands by its decisions, a report by what had occurred.
    /// </param>
    public static RouteHandlerBuilder QueriesPointInTime(this RouteHandlerBuilder route, string asOf) => route
        .Query("as_of", $"{asOf} (RFC 3339); now by default.")
        .Query("known_at", "Only what had been recorded by this time (RFC 3339); now by default.");

    public static RouteHandlerBuilder QueriesPage(this RouteHandlerBuilder route) => route
        .Query("limit", "How many, 1 to 200; 50 by default.")
        .Query("cursor", "The next_cursor of the page before.");

    public static RouteHandlerBuilder AnswersVersion(this RouteHandlerBuilder route) => route
        .Header("If-None-Match", "An entity tag of an answer before: 304 without a body when nothing has changed.");
}
