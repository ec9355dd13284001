using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    /// <summary>Entries, movements and quarantined events that one page holds at most.</summary>
    private const int PageMax = 200;

    /// <summary>Spends points, those that expire soonest first.</summary>
    /// <exception cref="LifecycleException">
    /// Refused: <see cref="LifecycleException.Code"/> <c>insufficient_points</c> among others.
    /// </exception>
    public Task<Receipt> RedeemAsync(
        string customer, long points, string? reference = null, string? note = null, CommandOptions? options = null,
        CancellationToken cancel = default) =>
        CommandAsync(
            RequestPath.OfCustomer(customer, "/points/redeem"), new(points, reference, note),
            ClientJson.Wire.RedeemBody, options, cancel);

    /// <summary>Gives (positive) or takes (negative) points, with a reason.</summary>
    public Task<Receipt> AdjustAsync(
        string customer, long points, string reason, string? note = null, CommandOptions? options = null,
        CancellationToken cancel = default) =>
        CommandAsync(
            RequestPath.OfCustomer(customer, "/points/adjust"), new(points, reason, note), ClientJson.Wire.AdjustBody,
            options, cancel);

    /// <summary>A page of the movements of points, newest first.</summary>
    public Task<LedgerPage> GetLedgerAsync(
        string customer, string? cursor = null, int? limit = null, PointInTime? at = null,
        CancellationToken cancel = default) =>
        GetAsync(
            RequestPath.OfCustomer(customer, "/points/ledger").With("limit", limit).With("cursor", cursor)
                .With("as_of", at?.AsOf).With("known_at", at?.KnownAt),
            ClientJson.Wire.LedgerPage, cancel);

    /// <summary>All movements of points, newest first, read page by page.</summary>
    public async IAsyncEnumerable<Movement> GetWholeLedgerAsync(
        string customer, PointInTime? at = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (string? cursor = null; ;)
        {
            var page = await GetLedgerAsync(customer, cursor, PageMax, at, cancel).ConfigureAwait(false);
            foreach (var movement in page.Movements) yield return movement;
            if ((cursor = page.NextCursor) is null) yield break;
        }
    }

    /// <summary>A command gets its key here, once: every repetition carries the same.</summary>
    private async Task<Receipt> CommandAsync<T>(
        RequestPath path, T body, JsonTypeInfo<T> json, CommandOptions? options, CancellationToken cancel)
    {
        var call = new Call(HttpMethod.Post, path.ToString())
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body, json),
            IdempotencyKey = options?.IdempotencyKey ?? RandomNumberGenerator.GetHexString(32, lowercase: true),
            IfMatch = options?.IfMatch,
        };
        var reply = await _wire.SendAsync(call, cancel).ConfigureAwait(false);
        return Read(reply.Body, ClientJson.Wire.Receipt) with { ETag = reply.ETag, IsReplayed = reply.IsReplayed };
    }
}
