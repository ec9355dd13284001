using System.Globalization;
using System.Text.Json;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    private const string ProgramsPath = "v1/programs";

    /// <summary>The program that inputs are decided under now, every stored version, and what is scheduled.</summary>
    public Task<Programs> GetProgramsAsync(CancellationToken cancel = default) =>
        GetAsync(new(ProgramsPath), ClientJson.Wire.Programs, cancel);

    /// <summary>One stored version with its document.</summary>
    public Task<ProgramDocument> GetProgramAsync(int version, CancellationToken cancel = default) =>
        GetAsync(new(PathOf(version)), ClientJson.Wire.ProgramDocument, cancel);

    /// <summary>
    /// Checks a document and stores it under the next version; the same document again is the same version.
    /// </summary>
    /// <param name="document">YAML.</param>
    /// <param name="dryRun">Only checks: the answer has no version then.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="LifecycleException">
    /// <c>invalid_program</c>: <see cref="LifecycleException.Errors"/> by line and column.
    /// </exception>
    public Task<ProgramDocument> StoreProgramAsync(
        string document, bool dryRun = false, CancellationToken cancel = default) =>
        PostAsync(
            new RequestPath(ProgramsPath).With("dry_run", dryRun ? "true" : null).ToString(), BodyOf(document),
            repeatable: true, ClientJson.Wire.ProgramDocument, cancel);

    /// <summary>What changes from one stored version to another.</summary>
    /// <param name="to">A version.</param>
    /// <param name="from">Another; the active one when null.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<ProgramDiff> DiffProgramsAsync(int to, int? from = null, CancellationToken cancel = default) =>
        GetAsync(
            new RequestPath($"{ProgramsPath}/diff").With("from", from).With("to", to), ClientJson.Wire.ProgramDiff,
            cancel);

    /// <summary>
    /// What changes from a stored version, the active one when null, to a document that is not stored.
    /// </summary>
    public Task<ProgramDiff> DiffProgramAsync(string document, int? from = null, CancellationToken cancel = default) =>
        PostAsync(
            new RequestPath($"{ProgramsPath}/diff").With("from", from).ToString(), BodyOf(document), repeatable: true,
            ClientJson.Wire.ProgramDiff, cancel);

    /// <summary>Lets a stored version rule from an instant on; as soon as allowed when null.</summary>
    /// <remarks>With an instant it is repeated safely; without one a lost answer is not asked for again.</remarks>
    public Task<Activation> ActivateProgramAsync(
        int version, DateTimeOffset? effectiveAt = null, CancellationToken cancel = default) =>
        PostAsync(
            $"{PathOf(version)}/activate",
            JsonSerializer.SerializeToUtf8Bytes(new(effectiveAt), ClientJson.Wire.ActivationBody),
            repeatable: effectiveAt is not null, ClientJson.Wire.Activation, cancel);

    /// <summary>Takes back an activation that is still to come; doing it twice is success.</summary>
    public Task WithdrawActivationAsync(long id, CancellationToken cancel = default) =>
        _wire.SendAsync(
            new Call(
                HttpMethod.Delete,
                string.Create(CultureInfo.InvariantCulture, $"{ProgramsPath}/activations/{id}")), cancel);

    private static string PathOf(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{ProgramsPath}/{version}");

    private static byte[] BodyOf(string document) =>
        JsonSerializer.SerializeToUtf8Bytes(new(document), ClientJson.Wire.DocumentBody);
}
