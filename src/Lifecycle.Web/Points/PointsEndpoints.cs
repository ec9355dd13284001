using Lifecycle.Domain.Inputs;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Points;

internal static class PointsEndpoints
{
    private const string Receipt =
        """
        {"customer":"c-1","version":13,"status":"applied","effects":[{"kind":"points_moved","debit":"available",
        "credit":"redeemed","points":100,"available_at":"2026-06-29T08:00:00Z","expires_at":"2027-06-30T22:00:00Z",
        "cause":"redeemed","rule":"voucher-1","order":null}],"available":240,"pending":129,"held":0,"stage":"Loyal",
        "next_change_at":"2026-12-04T09:30:00Z"}
        """;

    private static readonly ProblemCode[] OfCommands =
    [
        ProblemCodes.MalformedJson, ProblemCodes.InvalidBody, ProblemCodes.InvalidId, ProblemCodes.InvalidParameter,
        ProblemCodes.BodyTooLarge, ProblemCodes.UnsupportedMediaType, ProblemCodes.StaleVersion,
        ProblemCodes.IdempotencyKeyReused,
        ProblemCodes.InsufficientPoints, ProblemCodes.InvalidPoints, ProblemCodes.Refused,
        ProblemCodes.CustomerNotFound,
    ];

    public static void MapPoints(this IEndpointRouteBuilder routes)
    {
        var points = routes.MapGroup("/v1/customers/{id}/points").WithTags("Points");
        points.MapPost("redeem", RedeemAsync).Require(Roles.Member, Roles.Agent)
            .Describe<ReceiptWire>(
                "Redeem points", "Spends points, those that expire soonest first.", Receipt, OfCommands)
            .Takes<RedemptionBody>("""{"points":100,"reference":"voucher-1","note":"at the till"}""").IsCommand();
        points.MapPost("adjust", AdjustAsync).Require(Roles.Agent)
            .Describe<ReceiptWire>(
                "Adjust points", "Staff give (positive) or take (negative) points, with a reason.", Receipt,
                [.. OfCommands, ProblemCodes.ReasonRequired])
            .Takes<AdjustmentBody>("""{"points":-50,"reason":"goodwill","note":"counted twice"}""").IsCommand();
    }

    private static async Task<IResult> RedeemAsync(CommandDoor door, HttpContext http, IOptions<WebOptions> options)
    {
        using var body = await Body.ReadAsync(http.Request, options.Value.CommandBytesMax);
        using var fields = BodyFields.Parse(body.Bytes, "points", "reference", "note");
        var (points, reference) = (fields.Points("points", 1), fields.Text("reference", InputLimits.IdMax));
        var note = fields.Text("note", InputLimits.NoteMax, lines: true);
        fields.ThrowIfWrong();
        return await door.ApplyAsync(http, (id, now) => new Input.RedeemPoints(points, reference, note)
        {
            Source = CommandDoor.Source, Id = id, OccurredAt = now,
        });
    }

    private static async Task<IResult> AdjustAsync(CommandDoor door, HttpContext http, IOptions<WebOptions> options)
    {
        using var body = await Body.ReadAsync(http.Request, options.Value.CommandBytesMax);
        using var fields = BodyFields.Parse(body.Bytes, "points", "reason", "note");
        var points = fields.Points("points", -InputLimits.AmountMax);
        var reason = fields.Text("reason", InputLimits.IdMax);
        var note = fields.Text("note", InputLimits.NoteMax, lines: true);
        fields.ThrowIfWrong();
        if (string.IsNullOrWhiteSpace(reason))
            throw ProblemException.Of(
                ProblemCodes.ReasonRequired, "/reason", "is missing: an adjustment says why it is made");
        return await door.ApplyAsync(http, (id, now) => new Input.AdjustPoints(points, reason, note)
        {
            Source = CommandDoor.Source, Id = id, OccurredAt = now,
        });
    }
}
