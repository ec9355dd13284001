using Lifecycle.Engine;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Problems;

/// <summary>Turns faults into problems, once for every route.</summary>
internal sealed class ProblemMiddleware(
    RequestDelegate next, IOptions<WebOptions> options, TimeProvider time, ILogger<ProblemMiddleware> logger)
{
    private static readonly TimeSpan RetryAfterFault = TimeSpan.FromSeconds(2);

    private readonly Outages _outages = new(time);

    public async Task InvokeAsync(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(http);
            if (Unanswered(http) is { } problem) await ProblemWriter.WriteAsync(http, problem);
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            await ProblemWriter.WriteAsync(http, ProblemOf(e));
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested)
        {
            WebLog.ClientLeft(logger, http.Request.Path, e.GetType().Name);
        }
    }

    private ProblemException ProblemOf(Exception fault)
    {
        switch (fault)
        {
            case ProblemException problem:
                return problem;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new(
                    ProblemCodes.BodyTooLarge,
                    $"A body has at most {options.Value.BodyBytesMax} bytes. Send it in several requests.");
            // A slow line is not the request's fault: of 400 and 408 some clients would throw the events away.
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return new(ProblemCodes.Unavailable, "The body came too slowly. Send the same again.")
                {
                    RetryAfter = RetryAfterFault,
                };
            case BadHttpRequestException bad:
                return new(ProblemCodes.MalformedRequest, bad.Message);
            case FeedCursorException cursor:
                return new(ProblemCodes.Find(cursor.Code, ProblemCodes.CursorMalformed), cursor.Message);
            case UnavailableException unavailable:
                if (_outages.Count(unavailable.Code) is > 0 and var refused)
                    WebLog.Unavailable(logger, refused, unavailable.Code, unavailable.Message);
                return new(ProblemCodes.Find(unavailable.Code, ProblemCodes.Unavailable), unavailable.Message)
                {
                    RetryAfter = unavailable.RetryAfter,
                };
            case StoreException store:
                if (_outages.Count(nameof(StoreException)) is > 0 and var failed)
                    WebLog.StoreFailed(logger, failed, store);
                return new(ProblemCodes.Unavailable, "The store cannot be reached. Send the same again later.")
                {
                    RetryAfter = RetryAfterFault,
                };
            default:
                WebLog.Unhandled(logger, fault);
                return new(ProblemCodes.Internal, "The fault was logged. Sending the same again does no harm.");
        }
    }

    /// <summary>What routing answered with a bare status.</summary>
    private static ProblemException? Unanswered(HttpContext http)
    {
        var response = http.Response;
        if (response.HasStarted || response.ContentLength is not null || response.ContentType is not null) return null;
        return response.StatusCode switch
        {
            404 => new(ProblemCodes.NotFound, $"{http.Request.Path} is no route of this server; /docs lists them."),
            405 => new(ProblemCodes.MethodNotAllowed,
                $"{http.Request.Method} is not allowed here: {response.Headers.Allow}."),
            415 => new(ProblemCodes.UnsupportedMediaType, "Send application/json."),
            413 => new(ProblemCodes.BodyTooLarge, "The body is too large."),
            400 => new(ProblemCodes.MalformedRequest, "The request could not be read."),
            _ => null,
        };
    }
}
