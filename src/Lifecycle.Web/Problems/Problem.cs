using System.Text.Json.Serialization;
using Lifecycle.Web.Segment;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Problems;

/// <summary>A problem as RFC 9457 writes it.</summary>
public sealed record ProblemBody
{
    /// <summary><c>/problems/</c> and a stable code.</summary>
    [JsonPropertyOrder(-5)]
    public required string Type { get; init; }

    /// <summary>What kind of problem it is, in words.</summary>
    [JsonPropertyOrder(-4)]
    public required string Title { get; init; }

    /// <summary>The status of the answer.</summary>
    [JsonPropertyOrder(-3)]
    public required int Status { get; init; }

    /// <summary>For a person: what is wrong and what to do.</summary>
    [JsonPropertyOrder(-2)]
    public required string Detail { get; init; }

    /// <summary>By field, where fields are wrong: a JSON pointer, or the name of a parameter or header.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Errors { get; init; }

    /// <summary>The customer's version, where the problem is about one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Version { get; init; }

    /// <summary>The end of the type, on the routes whose clients look for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>The detail, on the routes whose clients look for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}

/// <summary>An answer that is a problem; thrown where a request cannot go on, answered once at the edge.</summary>
public sealed class ProblemException(ProblemCode code, string detail) : Exception(detail)
{
    public ProblemCode Code { get; } = code;

    public IReadOnlyDictionary<string, string>? Errors { get; init; }

    public long? Version { get; init; }

    /// <summary>Whole seconds, at least 1, when the same may be sent again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ProblemException Of(ProblemCode code, string field, string message) =>
        new(code, $"{field} {message}{(message.EndsWith('?') ? "" : ".")}")
        {
            Errors = new Dictionary<string, string> { [field] = message },
        };
}

internal static class ProblemWriter
{
    private const string MediaType = "application/problem+json";

    public static IResult Result(ProblemCode code, string detail, long? version = null) =>
        Results.Json(Body(code, detail) with { Version = version }, WireJson.Wire.ProblemBody, MediaType, code.Status);

    public static Task WriteAsync(HttpContext http, ProblemException problem)
    {
        if (problem.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = WholeSeconds(wait);
        http.Response.StatusCode = problem.Code.Status;
        var body = Body(problem.Code, problem.Message) with { Errors = problem.Errors, Version = problem.Version };
        if (http.GetEndpoint()?.Metadata.GetMetadata<AnswersCodeAndMessage>() is not null)
            body = body with { Code = problem.Code.Code, Message = problem.Message };
        // The client may have left; what is left to say is for nobody then.
        return http.Response.WriteAsJsonAsync(body, WireJson.Wire.ProblemBody, MediaType, http.RequestAborted);
    }

    private static ProblemBody Body(ProblemCode code, string detail) =>
        new() { Type = code.Type, Title = code.Title, Status = code.Status, Detail = detail };

    private static string WholeSeconds(TimeSpan wait) =>
        Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
