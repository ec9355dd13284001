using System.Text.Json;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    /// <summary>The paths that <see cref="ExplainAsync"/> takes; <c>n</c> in one is a place from 0.</summary>
    public async Task<IReadOnlyList<string>> GetExplainableFieldsAsync(
        string customer, PointInTime? at = null, CancellationToken cancel = default)
    {
        var path = RequestPath.OfCustomer(customer, "/explain")
            .With("as_of", at?.AsOf).With("known_at", at?.KnownAt);
        return (await GetAsync(path, ClientJson.Wire.FieldList, cancel).ConfigureAwait(false)).Fields;
    }

    /// <summary>What would become of inputs, decided in order on a fork of the customer. Nothing is written.</summary>
    /// <param name="customer">One of whom nothing is known is a new one.</param>
    /// <param name="inputs">At most 100; without any, what time alone changes.</param>
    /// <param name="when">The instant as if: not before the customer's last entry; now when null.</param>
    /// <param name="at">Forks the customer of then.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<WhatIf> AskWhatIfAsync(
        string customer, IReadOnlyList<WhatIfInput> inputs, DateTimeOffset? when = null, PointInTime? at = null,
        CancellationToken cancel = default) =>
        PostAsync(
            RequestPath.OfCustomer(customer, "/what-if").With("as_of", at?.AsOf).With("known_at", at?.KnownAt)
                .ToString(),
            JsonSerializer.SerializeToUtf8Bytes(new(inputs, when), ClientJson.Wire.WhatIfBody), repeatable: true,
            ClientJson.Wire.WhatIf, cancel);

    /// <summary>The points that a basket would earn now, rule by rule. Nothing is written.</summary>
    /// <param name="customer">One of whom nothing is known earns as a new one.</param>
    /// <param name="basket">The data of an order; without an amount its lines are its amount.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Calculation> CalculateAsync(
        string customer, EventData basket, CancellationToken cancel = default) =>
        CalculateAsync(customer, JsonSerializer.SerializeToUtf8Bytes(basket, ClientJson.Wire.EventData), cancel);

    /// <summary>The points that an event would earn now, or has earned when it was taken before.</summary>
    public Task<Calculation> CalculateEventAsync(
        string customer, WhatIfEvent item, CancellationToken cancel = default) =>
        CalculateAsync(
            customer, JsonSerializer.SerializeToUtf8Bytes(new(item), ClientJson.Wire.CalculateEventBody), cancel);

    private Task<Calculation> CalculateAsync(string customer, byte[] body, CancellationToken cancel) =>
        PostAsync(
            RequestPath.OfCustomer(customer, "/points/calculate").ToString(), body, repeatable: true,
            ClientJson.Wire.Calculation, cancel);
}
