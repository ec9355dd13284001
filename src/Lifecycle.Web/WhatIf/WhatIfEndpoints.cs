using System.Collections.Immutable;
using System.Diagnostics;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Access;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Events;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Points;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.WhatIf;

internal static class WhatIfEndpoints
{
    public static void MapWhatIf(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/customers/{id}/what-if", AskAsync).WithTags("Customers")
            .Require(Roles.Agent, Roles.Analyst).WithMetadata(new OnlyReads())
            .Describe<WhatIfWire>(
                "Ask what if",
                "What would become of events and commands, decided in order on a fork of the customer, and the "
                + "customer after them. Nothing is written. An unknown customer is a new one.",
                WhatIfExamples.WhatIf, ProblemCodes.MalformedJson, ProblemCodes.InvalidBody, ProblemCodes.InvalidId,
                ProblemCodes.InvalidParameter, ProblemCodes.BodyTooLarge, ProblemCodes.UnsupportedMediaType)
            .Takes<WhatIfQuestionBody>(WhatIfExamples.Inputs)
            .QueriesPointInTime("Fork the customer as decided by this time");

    private static async Task<IResult> AskAsync(
        ICustomers customers, WhatIfReader reader, TimeProvider time, HttpContext http, IOptions<WebOptions> options)
    {
        var id = CustomerId.Of(http);
        var when = Times.PointInTimeOf(http.Request);
        using var body = await Body.ReadAsync(http.Request, options.Value.BodyBytesMax);
        using var fields = BodyFields.Parse(body.Bytes, "inputs", "at");
        var (inputs, at) = (fields.Items("inputs", options.Value.WhatIfInputsMax), fields.Time("at"));
        fields.ThrowIfWrong();
        var instant = at ?? when.AsOf ?? Instant.From(time.GetUtcNow());
        var asIf = inputs.Select((input, i) => reader.Read(input, $"/inputs/{i}", id, instant)).ToList();
        var deliveries = asIf.Where(one => one.Delivery is not null).Select(one => one.Delivery!).ToList();
        var answer = await DecideAsync(customers, id, deliveries, when, at, http.RequestAborted);
        return Results.Json(ToWire(id, asIf, answer), WireJson.Wire.WhatIfWire);
    }

    /// <exception cref="ProblemException">The instant cannot be asked for.</exception>
    internal static async Task<WhatIfAnswer> DecideAsync(
        ICustomers customers, string id, IReadOnlyList<Delivery> deliveries, PointInTime when, Instant? at,
        CancellationToken cancel)
    {
        try
        {
            return await customers.WhatIfAsync(id, deliveries, when, at, cancel);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "at")
        {
            throw ProblemException.Of(ProblemCodes.InvalidBody, "/at", e.Message.Split(" (Parameter")[0]);
        }
    }

    private static WhatIfWire ToWire(string id, List<AsIf> asIf, WhatIfAnswer answer)
    {
        var decided = 0;
        var outcomes = asIf.Select((one, i) => one.Delivery is null
            ? Quarantined(i, one.Id, one.Problem!)
            : ToWire(i, one, id, answer.Outcomes[decided++]));
        return new(
            id, answer.Version, answer.At.ToWire(), [.. outcomes],
            answer.View is { } view ? CustomerWire.Of(id, view) : null);
    }

    private static WhatIfOutcomeWire ToWire(int index, AsIf one, string customer, Outcome outcome) => outcome switch
    {
        Outcome.Accepted accepted => new(index, one.Id, accepted.Replayed ? "duplicate" : "accepted")
        {
            Receipt = ReceiptWire.Of(customer, accepted.Replayed ? "duplicate" : "applied", accepted.Receipt),
        },
        Outcome.Unacceptable no => Quarantined(index, one.Id, EventIntake.ProblemOf(no.Reason, no.Detail)),
        Outcome.IdReused reused when one.Delivery!.Input is Input.Event =>
            Quarantined(index, one.Id, EventIntake.Reused(reused.Seq)),
        Outcome.IdReused reused => Refused(
            index, one.Id, ProblemCodes.IdempotencyKeyReused.Code,
            $"The idempotency_key was used before with another body, by entry {reused.Seq}."),
        Outcome.Refused { Version: 0 } => Refused(
            index, one.Id, ProblemCodes.CustomerNotFound.Code,
            $"Nothing is known of the customer {customer} before this command."),
        Outcome.Refused refused => Refused(index, one.Id, refused.Code, refused.Detail),
        _ => throw new UnreachableException($"A what-if was answered with {outcome.GetType()}."),
    };

    private static WhatIfOutcomeWire Quarantined(int index, string? id, EventProblem problem) =>
        new(index, id, "quarantined")
        {
            Problem = new($"/problems/{problem.Reason}", problem.Detail, problem.Errors),
        };

    private static WhatIfOutcomeWire Refused(int index, string? id, string code, string detail) =>
        new(index, id, "refused")
        {
            Problem = new($"/problems/{code}", detail, ImmutableDictionary<string, string>.Empty),
        };
}
