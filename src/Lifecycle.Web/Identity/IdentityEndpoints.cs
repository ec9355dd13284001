using Lifecycle.Domain.Inputs;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Access;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Entries;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Points;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Identity;

internal static class IdentityEndpoints
{
    private const string Aliases =
        """
        {"customer":"c-1","version":13,"aliases":[{"id":"ann@example.org","through":null,
        "since":"2026-11-20T09:30:00Z"},{"id":"device-7","through":"ann@example.org","since":"2026-10-02T18:12:00Z"}]}
        """;

    private const string SplitReceipt =
        """
        {"customer":"c-1","version":14,"status":"applied","effects":[{"kind":"split",
        "alias":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","goes":{"points":{"issued":-129,"available":129},
        "orders":1,"spend_minor":12900,"visits":3,"open_orders":1,"awaited_returns":0,"aliases":0},
        "stays":{"points":{"issued":-369,"available":240,"pending":129},"orders":3,"spend_minor":36900,"visits":5,
        "open_orders":2,"awaited_returns":0,"aliases":0}}],"available":240,"pending":129,"held":0,"stage":"Loyal",
        "next_change_at":"2026-12-04T09:30:00Z"}
        """;

    private const string Receipt =
        """
        {"customer":"c-1","version":13,"status":"applied","effects":[{"kind":"joined",
        "from":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","from_seq":4,"part":{"points":{"issued":-129,"available":129},
        "orders":1,"spend_minor":12900,"visits":3,"open_orders":1,"awaited_returns":0,"aliases":0}}],"available":369,
        "pending":129,"held":0,"stage":"Loyal","next_change_at":"2026-12-04T09:30:00Z"}
        """;

    private static readonly ProblemCode[] OfCommands =
    [
        ProblemCodes.MalformedJson, ProblemCodes.InvalidBody, ProblemCodes.InvalidId, ProblemCodes.InvalidParameter,
        ProblemCodes.BodyTooLarge, ProblemCodes.UnsupportedMediaType, ProblemCodes.StaleVersion,
        ProblemCodes.IdempotencyKeyReused, ProblemCodes.Refused, ProblemCodes.CustomerNotFound,
    ];

    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        var customers = routes.MapGroup("/v1/customers/{id}").WithTags("Customers");
        customers.MapGet("aliases", AliasesAsync).Require(Roles.Member, Roles.Agent, Roles.Analyst)
            .Describe<AliasesWire>(
                "List a customer's aliases", "The other ids that lead to the customer.", Aliases,
                ProblemCodes.InvalidId, ProblemCodes.InvalidParameter, ProblemCodes.CustomerNotFound)
            .AnswersVersion();
        customers.MapPost("merge", MergeAsync).Require(Roles.Agent)
            .Describe<ReceiptWire>(
                "Merge another id into a customer",
                "From now on 'from' and every id that led to it lead here, with their points, orders, windows and "
                + "lifetime. An id of which nothing is known is linked. What is one customer already stays as it is.",
                Receipt, [.. OfCommands, ProblemCodes.SameId, ProblemCodes.TooManyAliases])
            .Takes<MergeBody>("""{"from":"ann@example.org"}""").IsCommand();
        customers.MapPost("unmerge", UnmergeAsync).Require(Roles.Agent)
            .Describe<ReceiptWire>(
                "Take a merge back",
                "The alias is a customer of its own again, with what it brought and what was sent to it since. The "
                + "receipt is that of the customer it leaves.",
                SplitReceipt,
                [.. OfCommands, ProblemCodes.NotAnAlias, ProblemCodes.AliasNested])
            .Takes<UnmergeBody>("""{"alias":"ann@example.org"}""").IsCommand();
    }

    private static async Task<IResult> AliasesAsync(ICustomers customers, HttpContext http)
    {
        var id = CustomerId.Of(http);
        var identity = await customers.IdentityAsync(id, http.RequestAborted) ?? throw CustomerId.Unknown(id);
        var version = await EntryEndpoints.VersionAsync(customers, identity.Customer, http.RequestAborted);
        var body = new AliasesWire(
            identity.Customer, version,
            [.. identity.Aliases.Select(alias => new AliasWire(alias.Id, alias.Through, alias.Since.ToWire()))]);
        return EntityTags.Of(http).Answer(http, body, WireJson.Wire.AliasesWire);
    }

    private static async Task<IResult> MergeAsync(
        ICustomers customers, CommandDoor door, HttpContext http, IOptions<WebOptions> options)
    {
        var from = await IdAsync(http, options.Value, "from");
        return await door.LinkAsync(
            http, (id, request) => customers.MergeAsync(id, from, request, http.RequestAborted));
    }

    private static async Task<IResult> UnmergeAsync(
        ICustomers customers, CommandDoor door, HttpContext http, IOptions<WebOptions> options)
    {
        var alias = await IdAsync(http, options.Value, "alias");
        return await door.LinkAsync(
            http, (id, request) => customers.UnmergeAsync(id, alias, request, http.RequestAborted));
    }

    private static async Task<string> IdAsync(HttpContext http, WebOptions options, string name)
    {
        using var body = await Body.ReadAsync(http.Request, options.CommandBytesMax);
        using var fields = BodyFields.Parse(body.Bytes, name);
        var id = fields.Text(name, InputLimits.IdMax);
        // A fault that was found before stays the one that is told.
        if (Ids.Fault(id ?? "") is { } fault) fields.Fault(name, id is null ? "is missing: name the other id" : fault);
        fields.ThrowIfWrong();
        return id!;
    }
}
