using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

/// <summary>
/// One server's HTTP API. Safe for any number of calls at once; keep one for the life of the process.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="LifecycleException"/> when it did not succeed after all its attempts, and
/// <see cref="OperationCanceledException"/> when its caller gave up.
/// </remarks>
public sealed partial class LifecycleClient : IDisposable
{
    private readonly Wire _wire;

    /// <exception cref="ArgumentException">The address or the key is none.</exception>
    public LifecycleClient(Uri url, string key)
        : this(new LifecycleClientOptions { Url = url, Key = key })
    {
    }

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LifecycleClient(LifecycleClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _wire = new Wire(options);
    }

    public LifecycleClientOptions Options { get; }

    public void Dispose() => _wire.Dispose();

    /// <summary>Any route, for those that have no method here yet: the JSON of a success.</summary>
    /// <param name="method">A GET or a PUT is sent again when its answer is lost, another only with a key.</param>
    /// <param name="path">Such as <c>v1/reports/rfm?as_of=2026-11-20T00:00:00Z</c>, escaped.</param>
    /// <param name="json">The body.</param>
    /// <param name="options">The key and the version for a command.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>An undefined element when the answer has no body.</returns>
    public async Task<JsonElement> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? json = null, CommandOptions? options = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(path);
        var reply = await _wire.SendAsync(
            new Call(method, path.TrimStart('/'))
            {
                Body = json, IdempotencyKey = options?.IdempotencyKey, IfMatch = options?.IfMatch,
                IsRepeatable = method == HttpMethod.Get || method == HttpMethod.Put
                    || options?.IdempotencyKey is not null,
            },
            cancel).ConfigureAwait(false);
        return reply.Body.Length == 0 ? default : Read(reply.Body, ClientJson.Wire.JsonElement);
    }

    private async Task<T> GetAsync<T>(RequestPath path, JsonTypeInfo<T> json, CancellationToken cancel)
    {
        var reply = await _wire.SendAsync(new Call(HttpMethod.Get, path.ToString()), cancel).ConfigureAwait(false);
        return Read(reply.Body, json);
    }

    private async Task<T> PostAsync<T>(
        string path, ReadOnlyMemory<byte> body, bool repeatable, JsonTypeInfo<T> json, CancellationToken cancel)
    {
        var call = new Call(HttpMethod.Post, path) { Body = body, IsRepeatable = repeatable };
        return Read((await _wire.SendAsync(call, cancel).ConfigureAwait(false)).Body, json);
    }

    private static T Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> json)
    {
        try
        {
            return JsonSerializer.Deserialize(body, json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException failure)
        {
            throw Problems.OfUnreadable(failure);
        }
    }
}
