using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    /// <summary>One quarantined event with its body; the server notes who has read it.</summary>
    public Task<QuarantinedBody> GetQuarantinedAsync(long id, CancellationToken cancel = default) =>
        GetAsync(QuarantinePath(BelowOf(id)), ClientJson.Wire.QuarantinedBody, cancel);

    /// <summary>Takes a quarantined event in once more, as it was sent. Doing it twice does no harm.</summary>
    /// <returns>No result when it had been replayed before, also by an attempt whose answer was lost.</returns>
    /// <exception cref="LifecycleException"><c>already_resolved</c>: it was discarded.</exception>
    public Task<QuarantineReplay> ReplayAsync(long id, CancellationToken cancel = default) =>
        ReplayAsync(id, null, cancel);

    /// <summary>The same as corrected; a correction that is not taken changes nothing of what waits.</summary>
    public Task<QuarantineReplay> ReplayCorrectedAsync(
        long id, CustomerEvent correction, CancellationToken cancel = default) =>
        ReplayAsync(id, JsonSerializer.SerializeToUtf8Bytes(correction, ClientJson.Wire.CustomerEvent), cancel);

    /// <summary>The same with one event that is JSON already.</summary>
    public Task<QuarantineReplay> ReplayCorrectedAsync(
        long id, ReadOnlyMemory<byte> json, CancellationToken cancel = default) => ReplayAsync(id, json, cancel);

    /// <summary>It will not be taken, and is kept with who decided so and why. Doing it twice is success.</summary>
    /// <exception cref="LifecycleException"><c>already_resolved</c>: it was replayed.</exception>
    public Task<QuarantinedEvent> DiscardAsync(
        long id, string reason, string? note = null, CancellationToken cancel = default) =>
        SettleAsync(
            QuarantinePath(BelowOf(id, "/discard")), BodyOf(reason, note), ClientJson.Wire.QuarantinedEvent, cancel);

    /// <summary>Replays those that wait and that a filter names, oldest first, so many at a time.</summary>
    /// <param name="filter">At least one of its members is needed.</param>
    /// <param name="cursor">The one of the answer before.</param>
    /// <param name="limit">1 to 5,000; 1,000 when null.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<QuarantineSettled> ReplayManyAsync(
        QuarantineFilter filter, string? cursor = null, int? limit = null, CancellationToken cancel = default) =>
        SettleAsync(
            QuarantinePath("/replay", filter).With("limit", limit).With("cursor", cursor), null,
            ClientJson.Wire.QuarantineSettled, cancel);

    /// <summary>Discards those that wait and that a filter names, with one reason.</summary>
    /// <inheritdoc cref="ReplayManyAsync"/>
    public Task<QuarantineSettled> DiscardManyAsync(
        QuarantineFilter filter, string reason, string? note = null, string? cursor = null, int? limit = null,
        CancellationToken cancel = default) =>
        SettleAsync(
            QuarantinePath("/discard", filter).With("limit", limit).With("cursor", cursor), BodyOf(reason, note),
            ClientJson.Wire.QuarantineSettled, cancel);

    private Task<QuarantineReplay> ReplayAsync(long id, ReadOnlyMemory<byte>? body, CancellationToken cancel) =>
        SettleAsync(QuarantinePath(BelowOf(id, "/replay")), body, ClientJson.Wire.QuarantineReplay, cancel);

    /// <summary>Each is safe to send again: what was resolved in the same way stays so.</summary>
    private async Task<T> SettleAsync<T>(
        RequestPath path, ReadOnlyMemory<byte>? body, JsonTypeInfo<T> json, CancellationToken cancel)
    {
        var call = new Call(HttpMethod.Post, path.ToString()) { Body = body };
        return Read((await _wire.SendAsync(call, cancel).ConfigureAwait(false)).Body, json);
    }

    private static RequestPath QuarantinePath(string below, QuarantineFilter? filter = null) =>
        new RequestPath($"v1/quarantine{below}").With("source", filter?.Source).With("reason", filter?.Reason)
            .With("day", filter?.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static string BelowOf(long id, string below = "") =>
        string.Create(CultureInfo.InvariantCulture, $"/{id}{below}");

    private static byte[] BodyOf(string reason, string? note) =>
        JsonSerializer.SerializeToUtf8Bytes(new(reason, note), ClientJson.Wire.DiscardBody);

    private static string? NameOf(QuarantineState state) => state switch
    {
        QuarantineState.Waiting => null,
        QuarantineState.Resolved => "resolved",
        QuarantineState.All => "all",
        _ => throw new UnreachableException($"There is no state {state}."),
    };
}
