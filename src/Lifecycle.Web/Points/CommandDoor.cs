using System.Diagnostics;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Access;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Points;

/// <summary>Brings a command to its customer: idempotency, the expected version, and the answer.</summary>
internal sealed class CommandDoor(ICustomers customers, EntityTags tags, IIdSource ids, TimeProvider time)
{
    /// <summary>
    /// The source of every command over HTTP. Events without a source have another one: a till may use an order's id
    /// for
    /// both its event and the key of its redemption.
    /// </summary>
    public const string Source = "command";

    private const string KeyHeader = "Idempotency-Key";
    private const string ReplayedHeader = "Idempotency-Replayed";

    public async Task<IResult> ApplyAsync(HttpContext http, ToInput toInput)
    {
        var customer = CustomerId.Of(http);
        var key = IdempotencyKey(http.Request);
        var ifMatch = tags.IfMatch(http.Request);
        // Without a key the id is made here, once: retries inside carry it, but no caller can ask for it again.
        var input = toInput(key ?? ids.Next(), Instant.From(time.GetUtcNow()));
        var delivery = new Delivery(input, IfMatch: ifMatch, Keyed: key is not null, TimeAssigned: true);
        var outcome = (await customers.ApplyAsync(customer, [delivery], http.RequestAborted))[0];
        return Answer(http, customer, outcome);
    }

    /// <summary>A merge or an unmerge: the same keys, versions and answers.</summary>
    public async Task<IResult> LinkAsync(HttpContext http, Func<string, LinkRequest, Task<Outcome>> apply)
    {
        var customer = CustomerId.Of(http);
        var key = IdempotencyKey(http.Request);
        var request = new LinkRequest(
            Source, key ?? ids.Next(), Instant.From(time.GetUtcNow()), tags.IfMatch(http.Request),
            key is not null);
        return Answer(http, customer, await apply(customer, request));
    }

    private IResult Answer(HttpContext http, string customer, Outcome outcome)
    {
        if (outcome is Outcome.Accepted { Replayed: true } or Outcome.Refused { Replayed: true })
            http.Response.Headers[ReplayedHeader] = "true";
        return outcome switch
        {
            Outcome.Accepted accepted => Tagged(http, ReceiptWire.Of(customer, "applied", accepted.Receipt)),
            Outcome.Refused { Version: 0 } => ProblemWriter.Result(
                ProblemCodes.CustomerNotFound, $"Customer '{customer}' is unknown: nothing was ever recorded of it."),
            Outcome.Refused refused => ProblemWriter.Result(
                ProblemCodes.Find(refused.Code, ProblemCodes.Refused), refused.Detail, refused.Version),
            Outcome.IdReused reused => ProblemWriter.Result(
                ProblemCodes.IdempotencyKeyReused,
                $"{KeyHeader} was used before with another body, by entry {reused.Seq}. A new command needs a new one."),
            Outcome.Stale stale => ProblemWriter.Result(
                ProblemCodes.StaleVersion,
                $"The customer is at version {stale.Version}. Read it again and decide anew.", stale.Version),
            _ => throw new UnreachableException($"A command was answered with {outcome.GetType()}."),
        };
    }

    private IResult Tagged(HttpContext http, ReceiptWire receipt)
    {
        http.Response.Headers.ETag = tags.TagOf(receipt, WireJson.Wire.ReceiptWire);
        return Results.Json(receipt, WireJson.Wire.ReceiptWire);
    }

    private static string? IdempotencyKey(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(KeyHeader, out var values)) return null;
        if (values is [{ } key] && Ids.Fault(key) is null
            && !key.AsSpan().ContainsAnyExceptInRange(' ', '~')) return key;
        throw ProblemException.Of(
            ProblemCodes.InvalidParameter, KeyHeader,
            $"must have 1 to {InputLimits.IdMax} printable characters of ASCII");
    }
}
