using System.Globalization;
using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Web.Access;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Events;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.WhatIf;

/// <summary>The points of a basket, before it is an order.</summary>
internal static class CalculateEndpoints
{
    private const string Event = "event";

    /// <summary>A basket is the data of an order that has not been placed.</summary>
    private static readonly string[] Basket =
        [.. EventSchema.Types[EventTypes.OrderPlaced].Select(field => field.Name), "items"];

    public static void MapCalculate(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/customers/{id}/points/calculate", CalculateAsync).WithTags("Points")
            .Require(Roles.Member, Roles.Agent, Roles.Ingest).WithMetadata(new OnlyReads())
            .Describe<CalculationWire>(
                "Calculate points",
                "The points that a basket or an event would earn now, rule by rule, with when they can be spent and "
                + "when they expire. Nothing is written. An unknown customer earns as a new one.",
                WhatIfExamples.Calculation, ProblemCodes.MalformedJson, ProblemCodes.InvalidBody,
                ProblemCodes.InvalidId, ProblemCodes.BodyTooLarge, ProblemCodes.UnsupportedMediaType,
                ProblemCodes.Refused)
            .Takes<BasketBody>(WhatIfExamples.Basket);

    private static async Task<IResult> CalculateAsync(
        ICustomers customers, WhatIfReader reader, IIdSource ids, TimeProvider time, HttpContext http,
        IOptions<WebOptions> options)
    {
        var id = CustomerId.Of(http);
        using var body = await Body.ReadAsync(http.Request, options.Value.EventBytesMax);
        using var fields = BodyFields.Parse(body.Bytes, [Event, .. Basket]);
        var at = Instant.From(time.GetUtcNow());
        var sent = fields.Member(Event);
        if (sent is not null && Basket.Any(name => fields.Member(name) is not null))
            fields.Fault(Event, "must stand alone: send an event or a basket");
        fields.ThrowIfWrong();
        if (sent is { ValueKind: not JsonValueKind.Object })
            throw ProblemException.Of(ProblemCodes.InvalidBody, $"/{Event}", "must be a JSON object");
        var asIf = sent is { } one
            ? reader.ReadEvent(one, $"/{Event}", id, at)
            : reader.ReadEvent(OrderOf(fields.Root, ids.Next(), id), at);
        if (asIf.Problem is { } problem)
            throw WhatIfReader.Moved(ProblemCodes.InvalidBody, problem.Errors, pointer => sent is null
                ? pointer.Replace("/data/", "/", StringComparison.Ordinal)
                : $"/{Event}{pointer}");
        var answer = await WhatIfEndpoints.DecideAsync(
            customers, id, [asIf.Delivery!], PointInTime.Now, null, http.RequestAborted);
        return Results.Json(ToWire(id, answer), WireJson.Wire.CalculationWire);
    }

    /// <summary>The basket as the order that it may become; its lines are its amount where it names none.</summary>
    private static byte[] OrderOf(JsonElement basket, string id, string customer)
    {
        var amount = basket.TryGetProperty(EventSchema.AmountMinor.Name, out _) ? null : AmountOf(basket);
        var before = $"{{\"id\":\"{id}\",\"type\":\"{EventTypes.OrderPlaced}\","
            + $"\"customer\":\"{JsonEncodedText.Encode(customer)}\",\"data\":{{";
        if (amount is { } sum)
            before += string.Create(CultureInfo.InvariantCulture, $"\"{EventSchema.AmountMinor.Name}\":{sum},");
        var data = WhatIfReader.With(basket, (EventSchema.OrderId.Name, id));
        return [.. Encoding.UTF8.GetBytes(before), .. data.AsSpan(1), (byte)'}'];
    }

    /// <summary>Null without lines; lines that are wrong are for the reader of events to name.</summary>
    private static decimal? AmountOf(JsonElement basket)
    {
        if (!basket.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array) return null;
        var sum = 0m;
        foreach (var item in items.EnumerateArray())
            if (item.ValueKind == JsonValueKind.Object &&
                item.TryGetProperty(EventSchema.AmountMinor.Name, out var amount) &&
                amount.ValueKind == JsonValueKind.Number && amount.TryGetInt64(out var minor))
                sum += minor;
        return sum;
    }

    private static CalculationWire ToWire(string customer, WhatIfAnswer answer)
    {
        var accepted = answer.Outcomes[0] switch
        {
            Outcome.Accepted taken => taken,
            Outcome.Unacceptable no => throw new ProblemException(
                ProblemCodes.Find(no.Reason, ProblemCodes.Refused), no.Detail),
            Outcome.IdReused reused => throw new ProblemException(
                ProblemCodes.Refused, EventIntake.Reused(reused.Seq).Detail),
            var other => throw new System.Diagnostics.UnreachableException($"An event was answered with {other}."),
        };
        var earned = accepted.Receipt.Effects.OfType<Effect.PointsMoved>()
            .Where(moved => moved.Cause == Causes.Earned)
            .Select(moved => new EarnedWire(
                moved.Rule, moved.Points, moved.Lot.AvailableAt.ToWire(), moved.Lot.ExpiresAt.ToWire()))
            .ToList();
        return new(
            customer, answer.Version, answer.At.ToWire(), accepted.Replayed ? "duplicate" : "accepted",
            earned.Sum(one => one.Points), earned, accepted.Receipt.Available, accepted.Receipt.Pending,
            accepted.Receipt.Stage);
    }
}
