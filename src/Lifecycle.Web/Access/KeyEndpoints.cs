using Lifecycle.Engine.Store;
using Lifecycle.Web.Documentation;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Access;

/// <summary>A key as lists show it.</summary>
/// <param name="Id">The key's public part.</param>
/// <param name="RevokedAt">Null while it is valid.</param>
public sealed record KeyWire(
    string Id, string Name, [property: ClosedSet(typeof(Roles))] IReadOnlyList<string> Roles, DateTime? CreatedAt,
    DateTime? RevokedAt);

/// <param name="Keys">Revoked ones too.</param>
public sealed record KeyListWire(IReadOnlyList<KeyWire> Keys);

/// <summary>A key just made: the only answer that ever holds the key itself.</summary>
/// <param name="Id">The key's public part.</param>
/// <param name="Key">What goes behind <c>Authorization: Bearer</c>.</param>
public sealed record NewKeyWire(
    string Id, string Name, [property: ClosedSet(typeof(Roles))] IReadOnlyList<string> Roles, string Key);

internal static class KeyEndpoints
{
    public const int NameMax = 128;
    private const string UnknownKey = "There is no such key, or it was revoked before.";

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/v1/admin/keys").WithTags("Keys").Require(Roles.Admin);
        keys.MapGet("", ListAsync).Describe<KeyListWire>(
            "List the API keys", "Keys with their roles, revoked ones too. The keys themselves are not kept.",
            """
            {"keys":[{"id":"4f1c09ab77de","name":"till","roles":["ingest"],"created_at":"2026-11-20T09:30:00Z",
            "revoked_at":null}]}
            """);
        keys.MapPost("", MakeAsync).Describe<NewKeyWire>(
            StatusCodes.Status201Created, "Make an API key", "Answers the key; it is shown this once, and only its hash is kept.",
            """
            {"id":"4f1c09ab77de","name":"till","roles":["ingest"],
            "key":"lk_4f1c09ab77de_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"}
            """,
            ProblemCodes.MalformedJson, ProblemCodes.InvalidBody, ProblemCodes.BodyTooLarge)
            .Takes<NewKeyBody>("""{"name":"till","roles":["ingest"]}""");
        keys.MapDelete("{id}", RevokeAsync).Describe(
            "Revoke an API key", "From now on the key is refused. Doing it twice is a 404.", ProblemCodes.NotFound)
            .Path("id", "The key's id, as the list shows it.", new Shape.Text(64, "4f1c09ab77de"))
            .Fails(ProblemCodes.NotFound, UnknownKey);
    }

    private static async Task<IResult> ListAsync(ApiKeys keys, HttpContext http)
    {
        var all = await keys.ListAsync(http.RequestAborted);
        return Results.Json(new KeyListWire([.. all.Select(ToWire)]), WireJson.Wire.KeyListWire);
    }

    private static async Task<IResult> MakeAsync(ApiKeys keys, HttpContext http, IOptions<WebOptions> options)
    {
        using var body = await Body.ReadAsync(http.Request, options.Value.CommandBytesMax);
        using var fields = BodyFields.Parse(body.Bytes, "name", "roles");
        var name = fields.Text("name", NameMax);
        if (string.IsNullOrWhiteSpace(name)) fields.Fault("name", "is missing: it says what the key is for");
        var roles = fields.Texts("roles", Roles.All);
        fields.ThrowIfWrong();
        var (stored, key) = await keys.MakeAsync(name!, roles, http.RequestAborted);
        return Results.Json(
            new NewKeyWire(stored.Id, stored.Name, stored.Roles, key), WireJson.Wire.NewKeyWire,
            statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeAsync(string id, ApiKeys keys, HttpContext http) =>
        await keys.RevokeAsync(id, http.RequestAborted)
            ? Results.NoContent()
            : ProblemWriter.Result(ProblemCodes.NotFound, UnknownKey);

    private static KeyWire ToWire(StoredApiKey key) =>
        new(key.Id, key.Name, key.Roles, key.CreatedAt.ToWire(), key.RevokedAt.ToWire());
}
