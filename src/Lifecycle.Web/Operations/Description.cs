using Lifecycle.Domain.Inputs;
using Lifecycle.Web.Access;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Operations;

/// <summary>What the documentation of a route shows beside what the framework finds itself.</summary>
internal sealed record Documented(int Status, string? Example, IReadOnlyList<ProblemCode> Problems);

/// <summary>A body that a route takes. Several of one media type are shown as alternatives.</summary>
internal sealed record DocumentedBody(string Example, string MediaType, Type? Schema, bool Required = true);

/// <summary>A further answer: another status, or another media type of one.</summary>
internal sealed record DocumentedAnswer(
    int Status, string Description, Type? Schema, string? Example, string? MediaType);

internal enum Place
{
    Query,
    Header,
    Path,
}

internal sealed record DocumentedParameter(
    string Name, string Description, Place In, Shape? Shape = null, bool Required = false);

internal sealed record DocumentedAnswerHeader(string Name, string Description, Shape Shape, bool Always);

/// <summary>A problem as this route words it, where the common words would mislead.</summary>
internal sealed record DocumentedProblem(ProblemCode Code, string Detail, string? Field);

/// <summary>How routes describe themselves; tests refuse one that does not, and compare with live answers.</summary>
internal static class Description
{
    public static T Require<T>(this T route, params string[] roles)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RoleRequirement(roles));

    public static T Open<T>(this T route)
        where T : IEndpointConventionBuilder => route.WithMetadata(new OpenToAll());

    public static RouteHandlerBuilder Describe<T>(
        this RouteHandlerBuilder route, string summary, string description, string example,
        params ProblemCode[] problems) =>
        route.Describe<T>(StatusCodes.Status200OK, summary, description, example, problems);

    /// <summary>For a success with another status than 200.</summary>
    public static RouteHandlerBuilder Describe<T>(
        this RouteHandlerBuilder route, int status, string summary, string description, string example,
        params ProblemCode[] problems) =>
        route.WithSummary(summary).WithDescription(description).Produces<T>(status)
            .WithMetadata(new Documented(status, example, problems));

    /// <summary>For an answer of lines: its forms follow with <see cref="Answers{T}"/>.</summary>
    public static RouteHandlerBuilder DescribeStream(
        this RouteHandlerBuilder route, string summary, string description, params ProblemCode[] problems) =>
        route.WithSummary(summary).WithDescription(description).Produces(StatusCodes.Status200OK)
            .WithMetadata(new Documented(StatusCodes.Status200OK, null, problems));

    /// <summary>For an answer without a body.</summary>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder route, string summary, string description, params ProblemCode[] problems) =>
        route.WithSummary(summary).WithDescription(description).Produces(StatusCodes.Status204NoContent)
            .WithMetadata(new Documented(StatusCodes.Status204NoContent, null, problems));

    /// <summary>A body without a schema; a test asks for <see cref="Takes{T}"/> where it is JSON.</summary>
    public static RouteHandlerBuilder Takes(
        this RouteHandlerBuilder route, string example, string mediaType = "application/json", bool required = true) =>
        route.WithMetadata(new DocumentedBody(example, mediaType, null, required));

    /// <summary>
    /// A body; <typeparamref name="T"/> declares its fields for the documentation. Of lines of JSON, the fields of
    /// each line.
    /// </summary>
    public static RouteHandlerBuilder Takes<T>(
        this RouteHandlerBuilder route, string example, string mediaType = "application/json", bool required = true) =>
        route.WithMetadata(new DocumentedBody(example, mediaType, typeof(T), required));

    /// <summary>A further answer with a body; <typeparamref name="T"/> is <c>string</c> where it is no JSON.</summary>
    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder route, int status, string description, string example,
        string mediaType = "application/json") =>
        route.WithMetadata(new DocumentedAnswer(status, description, typeof(T), example, mediaType));

    /// <summary>A further answer without a body.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder route, int status, string description) =>
        route.WithMetadata(new DocumentedAnswer(status, description, null, null, null));

    /// <summary>A header of every success, or of some (<paramref name="always"/> is false).</summary>
    public static RouteHandlerBuilder AnswersHeader(
        this RouteHandlerBuilder route, string name, string description, Shape shape, bool always = true) =>
        route.WithMetadata(new DocumentedAnswerHeader(name, description, shape, always));

    /// <summary>The problem as this route words it.</summary>
    /// <param name="field">The key in <c>errors</c>, where there is one.</param>
    public static RouteHandlerBuilder Fails(
        this RouteHandlerBuilder route, ProblemCode code, string detail, string? field = null) =>
        route.WithMetadata(new DocumentedProblem(code, detail, field));

    /// <summary>A parameter whose shape is known by its name; others need the form with a shape.</summary>
    public static RouteHandlerBuilder Query(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new DocumentedParameter(name, description, Place.Query));

    public static RouteHandlerBuilder Query(
        this RouteHandlerBuilder route, string name, string description, Shape shape, bool required = false) =>
        route.WithMetadata(new DocumentedParameter(name, description, Place.Query, shape, required));

    public static RouteHandlerBuilder Header(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new DocumentedParameter(name, description, Place.Header));

    public static RouteHandlerBuilder Header(
        this RouteHandlerBuilder route, string name, string description, Shape shape) =>
        route.WithMetadata(new DocumentedParameter(name, description, Place.Header, shape));

    /// <summary>A part of the path; the customer's id is described already.</summary>
    public static T Path<T>(this T route, string name, string description, Shape shape)
        where T : IEndpointConventionBuilder =>
        route.WithMetadata(new DocumentedParameter(name, description, Place.Path, shape, Required: true));

    /// <param name="asOf">
    /// What the instant means: a customer stands by its decisions, a report by what had occurred.
    /// </param>
    public static RouteHandlerBuilder QueriesPointInTime(this RouteHandlerBuilder route, string asOf) => route
        .Query("as_of", $"{asOf} (RFC 3339); now by default.", new Shape.Time())
        .Query(
            "known_at", "Only what had been recorded by this time (RFC 3339); now by default.", new Shape.Time());

    public static RouteHandlerBuilder QueriesPage(this RouteHandlerBuilder route) => route
        .Query("limit", "How many, 1 to 200; 50 by default.", Shape.Limit())
        .Query("cursor", "The next_cursor of the page before.");

    public static RouteHandlerBuilder AnswersVersion(this RouteHandlerBuilder route) => route
        .Header("If-None-Match", "An entity tag of an answer before: 304 without a body when nothing has changed.")
        .Answers(StatusCodes.Status304NotModified, "Nothing has changed since the answer with this entity tag.")
        .AnswersHeader("ETag", "The version, the history it belongs to and a hash of the answer.", WellKnown.EntityTag)
        .AnswersHeader(
            "Cache-Control", "private, no-cache: ask again each time, with If-None-Match.",
            new Shape.OneOf(["private, no-cache"]));

    /// <summary>An answer that no cache may keep.</summary>
    public static RouteHandlerBuilder AnswersUnstored(this RouteHandlerBuilder route, bool always = true) =>
        route.AnswersHeader(
            "Cache-Control", "no-store: no cache keeps it.", new Shape.OneOf(["no-store"]), always);

    /// <summary>The headers of every write on a customer.</summary>
    public static RouteHandlerBuilder IsCommand(this RouteHandlerBuilder route) => route
        .Header(
            "Idempotency-Key", "1 to 128 printable characters: the same key and body give the first receipt again.",
            new Shape.Text(InputLimits.IdMax, "till-7-0042"))
        .Header("If-Match", "The entity tag that the command builds on; its version and its history are compared.")
        .AnswersHeader("ETag", "The version, the history it belongs to and a hash of the receipt.", WellKnown.EntityTag)
        .AnswersHeader(
            "Idempotency-Replayed", "true when this is the receipt of the same command before.",
            new Shape.OneOf(["true"]), always: false);
}
