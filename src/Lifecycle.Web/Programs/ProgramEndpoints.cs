using System.Globalization;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Scheduling;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Programs;

internal static class ProgramEndpoints
{
    private static readonly Shape Version = new Shape.Integer(1, ProgramLimits.VersionsMax);

    private static readonly ProblemCode[] OfDocuments =
    [
        ProblemCodes.MalformedJson, ProblemCodes.InvalidBody, ProblemCodes.InvalidParameter, ProblemCodes.BodyTooLarge,
        ProblemCodes.UnsupportedMediaType, ProblemCodes.InvalidProgram,
    ];

    public static void MapPrograms(this IEndpointRouteBuilder routes)
    {
        var programs = routes.MapGroup("/v1/programs").WithTags("Programs");
        MapReads(programs);
        programs.MapPost("", StoreAsync).Require(Roles.Admin).Describe<ProgramDocumentWire>(
            StatusCodes.Status201Created, "Store a program",
            "Checks a document (YAML as application/yaml or text/plain, or JSON) and stores it under the next version. It "
            + "rules nothing until it is activated. Errors are named by line:column.",
            ProgramExamples.Stored, [.. OfDocuments, ProblemCodes.TooManyPrograms])
            .Answers<ProgramDocumentWire>(
                StatusCodes.Status200OK,
                "The same document is stored already; or, with dry_run=true, it has no errors and is not stored.",
                ProgramExamples.Checked)
            .Query("dry_run", "true checks and stores nothing.", new Shape.Flag())
            .Takes<ProgramDraftBody>(ProgramExamples.InJson).Takes<string>(ProgramExamples.Yaml, "application/yaml");
        programs.MapPost("{version}/activate", ActivateAsync).Require(Roles.Admin).Describe<ActivationWire>(
            StatusCodes.Status201Created, "Activate a program",
            "Lets a stored version rule from effective_at on: at least 2 s ahead, not before the last activation that is "
            + "scheduled, as soon as allowed by default. An older version may be activated again.",
            ProgramExamples.Activation,
            ProblemCodes.NotFound, ProblemCodes.MalformedJson, ProblemCodes.InvalidBody, ProblemCodes.BodyTooLarge,
            ProblemCodes.UnsupportedMediaType, ProblemCodes.InvalidProgram, ProblemCodes.InvalidEffectiveAt,
            ProblemCodes.TooManyPrograms)
            .Answers<ActivationWire>(
                StatusCodes.Status200OK, "It is scheduled for that instant already.", ProgramExamples.Activation)
            .Path("version", "A stored version.", Version)
            .Fails(ProblemCodes.NotFound, "There is no program version 7.")
            .Takes<ActivationDraftBody>("""{"effective_at":"2026-12-01T00:00:00Z"}""");
        programs.MapDelete("activations/{id}", WithdrawAsync).Require(Roles.Admin).Describe(
            "Withdraw an activation",
            "Takes back an activation that is still to come, until 2 s before. Doing it twice is success.",
            ProblemCodes.NotFound, ProblemCodes.ActivationInEffect)
            .Path("id", "The activation's id.", new Shape.Integer(1, ProgramLimits.ActivationsMax))
            .Fails(ProblemCodes.NotFound, "There is no activation 7.");
    }

    private static void MapReads(RouteGroupBuilder programs)
    {
        string[] readers = [Roles.Admin, Roles.Agent, Roles.Analyst];
        programs.MapGet("", ListAsync).Require(readers).Describe<ProgramsWire>(
            "Read the programs",
            "The document that inputs are decided under now, every stored version with its activations, what is "
            + "scheduled, and how far the sweep after the last change has come.",
            ProgramExamples.List);
        programs.MapGet("{version}", ReadAsync).Require(readers).Describe<ProgramDocumentWire>(
            "Read a program", "One stored version: its document and when it rules.", ProgramExamples.Read,
            ProblemCodes.NotFound)
            .Path("version", "A stored version.", Version)
            .Fails(ProblemCodes.NotFound, "There is no program version 7.");
        programs.MapGet("diff", DiffAsync).Require(readers).Describe<ProgramDiffWire>(
            "Compare two programs", "What changes from one stored version to another, by structure.",
            ProgramExamples.Diff, ProblemCodes.NotFound, ProblemCodes.InvalidParameter)
            .Query("from", "A version; the active one by default.", Version)
            .Query("to", "A version.", Version, required: true)
            .Fails(ProblemCodes.NotFound, "There is no program version 7.")
            .Fails(ProblemCodes.InvalidParameter, "to is missing: name a version.", "to");
        programs.MapPost("diff", DiffWithAsync).Require(readers).Describe<ProgramDiffWire>(
            "Compare a program with a document",
            "What changes from a stored version to the document that is sent, which is checked and not stored.",
            ProgramExamples.Diff.Replace("\"to\":2", "\"to\":null", StringComparison.Ordinal),
            [.. OfDocuments, ProblemCodes.NotFound])
            .Query("from", "A version; the active one by default.", Version)
            .Fails(ProblemCodes.NotFound, "There is no program version 7.")
            .Takes<ProgramDraftBody>(ProgramExamples.InJson).Takes<string>(ProgramExamples.Yaml, "application/yaml");
    }

    private static IResult ListAsync(ProgramBook book, ProgramSweep sweep, TimeProvider time)
    {
        var (known, now) = (book.Known, Instant.From(time.GetUtcNow()));
        var active = known.Find(known.ActiveAt(now).Version)!;
        var body = new ProgramsWire(
            active.Version, active.Document,
            [.. known.Programs.Reverse().Select(program => ProgramWire.Of(known, program, now))],
            [.. known.Standing.Where(a => a.EffectiveAt > now).Select(a => ActivationWire.Of(known, a, now))],
            SweepWire.Of(sweep.Progress));
        return Results.Json(body, WireJson.Wire.ProgramsWire);
    }

    private static IResult ReadAsync(string version, ProgramBook book, TimeProvider time) =>
        Results.Json(
            ToWire(book.Known, Find(book.Known, version), Instant.From(time.GetUtcNow())),
            WireJson.Wire.ProgramDocumentWire);

    private static async Task<IResult> StoreAsync(ProgramBook book, TimeProvider time, HttpContext http)
    {
        var dryRun = Query.Flag(http.Request, "dry_run");
        var document = await ProgramBody.ReadDocumentAsync(http.Request);
        if (dryRun)
        {
            var result = book.Check(document);
            ProgramBody.ThrowIfInvalid(result.Errors);
            var body = book.Known.Programs.FirstOrDefault(p => p.Document == document) is { } stored
                ? ToWire(book.Known, stored, Instant.From(time.GetUtcNow()))
                : new(null, result.Program!.Name, null, [], document);
            return Results.Json(body, WireJson.Wire.ProgramDocumentWire);
        }

        var done = ProgramBody.DoneOf(await book.StoreAsync(document, http.RequestAborted));
        return Results.Json(
            ToWire(book.Known, done.Value, Instant.From(time.GetUtcNow())), WireJson.Wire.ProgramDocumentWire,
            statusCode: StatusOf(done.IsNew));
    }

    private static async Task<IResult> ActivateAsync(
        string version, ProgramBook book, TimeProvider time, IOptions<WebOptions> options, HttpContext http)
    {
        var program = Find(book.Known, version);
        var effectiveAt = await ProgramBody.ReadEffectiveAtAsync(http.Request, options.Value.CommandBytesMax);
        var done = ProgramBody.DoneOf(await book.ActivateAsync(program.Version, effectiveAt, http.RequestAborted));
        return Results.Json(
            ActivationWire.Of(book.Known, done.Value, Instant.From(time.GetUtcNow())), WireJson.Wire.ActivationWire,
            statusCode: StatusOf(done.IsNew));
    }

    private static async Task<IResult> WithdrawAsync(string id, ProgramBook book, HttpContext http)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new ProblemException(ProblemCodes.NotFound, $"There is no activation {id}.");
        ProgramBody.DoneOf(await book.WithdrawAsync(number, http.RequestAborted));
        return Results.NoContent();
    }

    private static IResult DiffAsync(ProgramBook book, TimeProvider time, HttpContext http)
    {
        var (from, to) = (VersionOf(http.Request, "from"), VersionOf(http.Request, "to"));
        var before = FindOrActive(book.Known, from, time);
        var after = to is { } version
            ? Find(book.Known, version)
            : throw ProblemException.Of(ProblemCodes.InvalidParameter, "to", "is missing: name a version");
        return Results.Json(
            ProgramDiffWire.Of(before, after.Version, after.Document), WireJson.Wire.ProgramDiffWire);
    }

    private static async Task<IResult> DiffWithAsync(ProgramBook book, TimeProvider time, HttpContext http)
    {
        var from = FindOrActive(book.Known, VersionOf(http.Request, "from"), time);
        var document = await ProgramBody.ReadDocumentAsync(http.Request);
        ProgramBody.ThrowIfInvalid(book.Check(document).Errors);
        return Results.Json(ProgramDiffWire.Of(from, null, document), WireJson.Wire.ProgramDiffWire);
    }

    /// <summary>Null when the query does not say.</summary>
    private static int? VersionOf(HttpRequest request, string name) =>
        (int?)Query.Number(request, name, 1, ProgramLimits.VersionsMax);

    private static StoredProgram FindOrActive(KnownPrograms known, int? version, TimeProvider time) =>
        Find(known, version ?? known.ActiveAt(Instant.From(time.GetUtcNow())).Version);

    private static StoredProgram Find(KnownPrograms known, string version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Find(known, number)
            : throw Unknown(version);

    private static StoredProgram Find(KnownPrograms known, int version) =>
        known.Find(version) ?? throw Unknown(version.ToString(CultureInfo.InvariantCulture));

    private static ProblemException Unknown(string version) =>
        new(ProblemCodes.NotFound, $"There is no program version {version}.");

    private static ProgramDocumentWire ToWire(KnownPrograms known, StoredProgram program, Instant now) => new(
        program.Version, ProgramDocument.Parse(program.Document, program.Version).Program?.Name ?? "",
        program.StoredAt.ToWire(), ProgramWire.Of(known, program, now).Activations, program.Document);

    private static int StatusOf(bool isNew) => isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
}
