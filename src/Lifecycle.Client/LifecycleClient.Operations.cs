using System.Runtime.CompilerServices;
using System.Text.Json;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    private const string KeysPath = "v1/admin/keys";

    /// <summary>Whether the process can do its work, with the reasons when it cannot. Never retried.</summary>
    public async Task<Health> GetHealthAsync(CancellationToken cancel = default)
    {
        try
        {
            var call = new Call(HttpMethod.Get, "health/ready") { IsOneAttempt = true, IsAnyStatus = true };
            return Read((await _wire.SendAsync(call, cancel).ConfigureAwait(false)).Body, ClientJson.Wire.Health);
        }
        catch (LifecycleException failure) when (failure.Status is null)
        {
            return new("unreachable", [failure.Message]);
        }
    }

    /// <summary>The reports there are: name, title, definition, basis, parameters.</summary>
    public Task<ReportCatalogue> GetReportsAsync(CancellationToken cancel = default) =>
        GetAsync(new("v1/reports"), ClientJson.Wire.ReportCatalogue, cancel);

    /// <summary>Runs a report.</summary>
    /// <param name="report">Its name, such as <c>rfm</c>.</param>
    /// <param name="at">What had occurred, and what had been recorded.</param>
    /// <param name="parameters">Those that the catalogue lists for it.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Report> RunReportAsync(
        string report, PointInTime? at = null, IReadOnlyDictionary<string, string>? parameters = null,
        CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(report);
        var path = new RequestPath($"v1/reports/{Uri.EscapeDataString(report)}")
            .With("as_of", at?.AsOf).With("known_at", at?.KnownAt);
        foreach (var (name, value) in parameters ?? new Dictionary<string, string>()) path.With(name, value);
        return GetAsync(path, ClientJson.Wire.Report, cancel);
    }

    /// <summary>How much is in quarantine, and a page of it, oldest first.</summary>
    public Task<QuarantinePage> GetQuarantineAsync(
        QuarantineFilter? filter = null, string? cursor = null, int? limit = null,
        QuarantineState state = QuarantineState.Waiting, CancellationToken cancel = default) =>
        GetAsync(
            QuarantinePath("", filter).With("state", NameOf(state)).With("limit", limit).With("cursor", cursor),
            ClientJson.Wire.QuarantinePage, cancel);

    /// <summary>Everything in quarantine, oldest first, read page by page.</summary>
    public async IAsyncEnumerable<QuarantinedEvent> GetWholeQuarantineAsync(
        QuarantineFilter? filter = null, QuarantineState state = QuarantineState.Waiting,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (string? cursor = null; ;)
        {
            var page = await GetQuarantineAsync(filter, cursor, PageMax, state, cancel).ConfigureAwait(false);
            foreach (var item in page.Items) yield return item;
            if ((cursor = page.NextCursor) is null) yield break;
        }
    }

    /// <summary>Every API key, without its secret.</summary>
    public async Task<IReadOnlyList<ApiKey>> GetKeysAsync(CancellationToken cancel = default) =>
        (await GetAsync(new(KeysPath), ClientJson.Wire.KeyList, cancel).ConfigureAwait(false)).Keys;

    /// <summary>Makes an API key; the answer is the only one that holds it.</summary>
    /// <remarks>Not sent again when its answer was lost: that would leave a key that nobody knows.</remarks>
    public Task<NewApiKey> CreateKeyAsync(
        string name, IReadOnlyList<string> roles, CancellationToken cancel = default) =>
        PostAsync(
            KeysPath, JsonSerializer.SerializeToUtf8Bytes(new(name, roles), ClientJson.Wire.NewKeyBody),
            repeatable: false, ClientJson.Wire.NewApiKey, cancel);

    /// <summary>Ends an API key at once and for ever; revoking it twice is <c>not_found</c>.</summary>
    public async Task RevokeKeyAsync(string id, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var call = new Call(HttpMethod.Delete, $"{KeysPath}/{Uri.EscapeDataString(id)}") { IsRepeatable = false };
        await _wire.SendAsync(call, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Replays the journal and proves the invariants. Takes minutes on a large one; only the token ends it.
    /// </summary>
    public async Task<Verification> VerifyAsync(CancellationToken cancel = default)
    {
        var call = new Call(HttpMethod.Post, "v1/admin/verify") { IsUnlimited = true };
        return Read((await _wire.SendAsync(call, cancel).ConfigureAwait(false)).Body, ClientJson.Wire.Verification);
    }
}
