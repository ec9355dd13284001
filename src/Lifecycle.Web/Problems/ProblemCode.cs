namespace Lifecycle.Web.Problems;

/// <summary>What went wrong, by a stable name: the end of the problem's <c>type</c>.</summary>
/// <param name="Code">Stored by callers; for ever.</param>
/// <param name="Status">The HTTP status that it always has.</param>
/// <param name="Title">The same for every occurrence.</param>
public sealed record ProblemCode(string Code, int Status, string Title)
{
    /// <summary>The <c>type</c> member.</summary>
    public string Type => $"/problems/{Code}";
}

/// <summary>The table of every problem that the API answers; <c>docs/api.md</c> has the same.</summary>
public static class ProblemCodes
{
    public static readonly ProblemCode MalformedJson = new("malformed_json", 400, "The body is not JSON");
    public static readonly ProblemCode MalformedRequest = new(
        "malformed_request", 400, "The request is not HTTP as it should be");
    public static readonly ProblemCode InvalidParameter = new(
        "invalid_parameter", 400, "A parameter or header is wrong");
    public static readonly ProblemCode InvalidId = new("invalid_id", 400, "The id is not one");
    public static readonly ProblemCode InvalidBody = new("invalid_body", 400, "The body has wrong fields");
    public static readonly ProblemCode CursorMalformed = new("cursor_malformed", 400, "The cursor is not one");
    public static readonly ProblemCode Unauthenticated = new("unauthenticated", 401, "No valid key");
    public static readonly ProblemCode Forbidden = new("forbidden", 403, "The key lacks a role");
    public static readonly ProblemCode NotFound = new("not_found", 404, "There is nothing here");
    public static readonly ProblemCode CustomerNotFound = new("customer_not_found", 404, "The customer is unknown");
    public static readonly ProblemCode MethodNotAllowed = new(
        "method_not_allowed", 405, "The method is not allowed here");
    public static readonly ProblemCode CursorOfAnotherEpoch = new(
        "cursor_of_another_epoch", 410, "The cursor is of another history");
    public static readonly ProblemCode StaleVersion = new("stale_version", 412, "The customer has changed");
    public static readonly ProblemCode BodyTooLarge = new("body_too_large", 413, "The body is too large");
    public static readonly ProblemCode TooManyEvents = new("too_many_events", 413, "The request has too many events");
    public static readonly ProblemCode UnsupportedMediaType = new(
        "unsupported_media_type", 415, "The media type is not taken");
    public static readonly ProblemCode IdempotencyKeyReused =
        new("idempotency_key_reused", 422, "The key was used with another body");

    public static readonly ProblemCode InsufficientPoints = new(
        "insufficient_points", 422, "There are not enough points");
    public static readonly ProblemCode ReasonRequired = new("reason_required", 422, "A reason is required");
    public static readonly ProblemCode InvalidPoints = new("invalid_points", 422, "The points are out of range");
    public static readonly ProblemCode SameId = new("same_id", 422, "Both ids are the same");
    public static readonly ProblemCode TooManyAliases = new(
        "too_many_aliases", 422, "The customer would have too many ids");
    public static readonly ProblemCode NotAnAlias = new("not_an_alias", 422, "The id is no alias of the customer");
    public static readonly ProblemCode AliasNested = new("alias_nested", 422, "The id came with another alias");
    public static readonly ProblemCode Refused = new("refused", 422, "The command was refused");
    public static readonly ProblemCode RateLimited = new("rate_limited", 429, "Too many requests with this key");
    public static readonly ProblemCode Overloaded = new("overloaded", 429, "The queues are full");
    public static readonly ProblemCode Internal = new("internal_error", 500, "A fault of this program");
    public static readonly ProblemCode Unavailable = new("unavailable", 503, "The answer cannot be had now");
    public static readonly ProblemCode CustomerIsolated =
        new("customer_isolated", 503, "The customer's history cannot be read");

    /// <summary>Every code, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<ProblemCode> All =
    [
        MalformedJson, MalformedRequest, InvalidParameter, InvalidId, InvalidBody, CursorMalformed, Unauthenticated, Forbidden,
        NotFound, CustomerNotFound, MethodNotAllowed, CursorOfAnotherEpoch, StaleVersion, BodyTooLarge, TooManyEvents, UnsupportedMediaType,
        IdempotencyKeyReused, InsufficientPoints, ReasonRequired, InvalidPoints, SameId, TooManyAliases, NotAnAlias,
        AliasNested, Refused, RateLimited, Overloaded,
        Internal, Unavailable, CustomerIsolated,
    ];

    /// <summary>The code of a refusal or an outage as the engine names it.</summary>
    public static ProblemCode Find(string code, ProblemCode otherwise) =>
        All.FirstOrDefault(c => c.Code == code) ?? otherwise;
}
