using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Access;
using Lifecycle.Web.Events;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Segment;

/// <summary>Takes the requests of Segment and RudderStack clients.</summary>
internal sealed class SegmentDoor(
    Admission admission, EventIntake intake, SegmentLinks links, ProgramBook programs, IIdSource ids,
    TimeProvider time, IOptions<WebOptions> options)
{
    /// <summary>Messages in quarantine that an answer names; the rest is counted.</summary>
    public const int RejectionsMax = 100;

    /// <param name="call">The route's; null for a batch.</param>
    /// <exception cref="ProblemException">Nothing was taken.</exception>
    /// <exception cref="UnavailableException">Some may have been; sending all again does no harm.</exception>
    public async Task<SegmentWire> TakeAsync(HttpContext http, SegmentCall? call)
    {
        var key = SegmentKey.Of(http.Request);
        // A key in a header is looked at before the body is read.
        var caller = key.Basic is { } basic ? admission.Find(basic) : Known(key.Bearer);
        var early = key.Basic is not null || caller is not null;
        if (early) Admit(http, caller);
        using var body = await Body.InflateAsync(http.Request, options.Value);
        using var request = SegmentRequest.Parse(body.Bytes, call);
        if (!early) Admit(http, Known(request.WriteKey) ?? Known(key.Query));
        return await TakeAsync(http, request, call);
    }

    /// <summary>A message that came in a query; the key with it.</summary>
    public async Task TakeAsync(HttpContext http, ReadOnlyMemory<byte> message, SegmentCall call)
    {
        Admit(http, Known(SegmentKey.Of(http.Request)));
        using var request = SegmentRequest.Parse(message, call);
        await TakeAsync(http, request, call);
    }

    /// <summary>Lets a caller in whose key is in the path or in the request.</summary>
    public void Admit(HttpContext http, string? key) =>
        Admit(http, key is null ? Known(SegmentKey.Of(http.Request)) : Known(key));

    private void Admit(HttpContext http, Caller? caller) =>
        admission.Admit(http, caller, http.GetEndpoint()?.Metadata.GetMetadata<RoleRequirement>());

    private Caller? Known(string? key) => key is null ? null : admission.Find(key);

    private Caller? Known(SegmentKey key) =>
        key.Basic is { } basic ? admission.Find(basic) : Known(key.Bearer) ?? Known(key.Query);

    private async Task<SegmentWire> TakeAsync(HttpContext http, SegmentRequest request, SegmentCall? call)
    {
        var now = Instant.From(time.GetUtcNow());
        var sentAt = request.SentAt ?? http.Request.Headers["SentAt"].ToString();
        var translation = new SegmentTranslation(
            request, call, ids, programs.Schedule.At(now).Currency, options.Value.EventBytesMax);
        var terms = new IntakeTerms { ClockBehind = BehindBy(sentAt, now), Problems = translation.Problems };
        var (accepted, duplicates, quarantined) = (0, 0, 0);
        var rejections = new List<SegmentRejection>();
        var mayMerge = http.Features.Get<Caller>()!.Roles.Any(SegmentLinks.MergingRoles.Contains);
        // A batch of any length is taken, in pieces that one commit can hold.
        for (var first = 0; first < request.Messages.Count; first += options.Value.EventsMax)
        {
            translation.Write(first, Math.Min(options.Value.EventsMax, request.Messages.Count - first));
            var outcomes = await intake.TakeAsync(translation.Lines, terms, http.RequestAborted);
            // Also of duplicates: the delivery before may have ended between the two.
            await links.LinkAsync(
                translation.Pairs.Where(p => outcomes[p.Key].Problem is null).Select(p => p.Value), mayMerge, now,
                http.RequestAborted);
            for (var i = 0; i < outcomes.Length; i++)
            {
                if (outcomes[i].Problem is { } problem)
                {
                    quarantined++;
                    if (rejections.Count < RejectionsMax)
                        rejections.Add(new(first + i, outcomes[i].Read.Id, problem.Reason, problem.Detail));
                }
                else if (outcomes[i].Accepted!.Replayed)
                {
                    duplicates++;
                }
                else
                {
                    accepted++;
                }
            }
        }

        return new(true, accepted, duplicates, quarantined, rejections);
    }

    /// <summary>
    /// What has to be added to a time of the client's: receivedAt − (sentAt − time) is time + (receivedAt − sentAt).
    /// Null where the client did not say when it sent.
    /// </summary>
    private static TimeSpan? BehindBy(string sentAt, Instant receivedAt) =>
        Rfc3339.Parse(sentAt, out var sent) == TimeSyntax.Ok
            ? TimeSpan.FromMicroseconds(receivedAt - sent)
            : null;
}
