using System.Text.Json;
using Lifecycle.Analytics.Verification;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;
using Lifecycle.Web.Access;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Operations;

/// <summary>What a replay of the whole journal found; nothing when every invariant holds.</summary>
/// <param name="Entries">Entries replayed.</param>
/// <param name="Customers">Customers replayed.</param>
/// <param name="Violations">The first of each kind for each customer.</param>
/// <param name="ViolationsFound">How many there were, listed or not.</param>
public sealed record VerificationWire(
    long Position, long Entries, long Customers, long ViolationsFound, IReadOnlyList<ViolationWire> Violations);

/// <summary>An invariant that does not hold.</summary>
/// <param name="CustomerKey">The customer's key in the journal.</param>
/// <param name="Customer">The readable id, where there is one.</param>
public sealed record ViolationWire(string Code, string? Customer, string? CustomerKey, long Seq, string Detail);

/// <summary>Lets one verification run at a time: each reads the whole journal.</summary>
internal sealed class VerificationTurn
{
    private int _taken;

    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    public void GiveBack() => Volatile.Write(ref _taken, 0);
}

internal static class VerifyEndpoints
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    public static void MapVerify(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/admin/verify", VerifyAsync).WithTags("Operations").Require(Roles.Admin)
            .Describe<VerificationWire>(
                "Verify the journal",
                "Replays every customer, proves the invariants and compares with the customers in memory; names the entry "
                + "where one does not hold. One at a time.",
                """{"position":22190,"entries":22190,"customers":4372,"violations_found":0,"violations":[]}""");

    private static async Task<IResult> VerifyAsync(
        IVerifier verifier, IStore store, VerificationTurn turn, HttpContext http)
    {
        if (!turn.TryTake())
        {
            throw new ProblemException(ProblemCodes.Overloaded, "A verification is under way.")
            {
                RetryAfter = RetryAfter,
            };
        }

        try
        {
            var report = await verifier.VerifyAsync(null, http.RequestAborted);
            var ids = await VerificationJson.ReadIdsAsync(store.Registry, report, http.RequestAborted);
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer)) VerificationJson.Write(json, report, ids);
            return Results.Bytes(buffer.ToArray(), "application/json");
        }
        finally
        {
            turn.GiveBack();
        }
    }
}
