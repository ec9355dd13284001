using System.Globalization;
using System.Text.Json;
using Lifecycle.Cli.Api;
using Lifecycle.Cli.Output;
using Lifecycle.Domain.Time;

namespace Lifecycle.Cli.Commands;

/// <summary>The calls that the program commands make; the only place that knows their routes.</summary>
internal static class ProgramServer
{
    private const string Path = "v1/programs";

    public static Task<JsonElement> ListAsync(ApiClient api, CancellationToken cancel) =>
        CallAsync(api, HttpMethod.Get, Path, null, cancel);

    public static Task<JsonElement> ReadAsync(ApiClient api, int version, CancellationToken cancel) =>
        CallAsync(api, HttpMethod.Get, $"{Path}/{Text(version)}", null, cancel);

    public static Task<JsonElement> StoreAsync(
        ApiClient api, string document, bool dryRun, CancellationToken cancel) => CallAsync(
            api, HttpMethod.Post, dryRun ? $"{Path}?dry_run=true" : Path, Field("document", document), cancel);

    public static Task<JsonElement> ActivateAsync(
        ApiClient api, int version, Instant? at, CancellationToken cancel) => CallAsync(
            api, HttpMethod.Post, $"{Path}/{Text(version)}/activate", Field("effective_at", at?.ToString()), cancel);

    public static Task<JsonElement> WithdrawAsync(ApiClient api, long activation, CancellationToken cancel) =>
        CallAsync(api, HttpMethod.Delete, $"{Path}/activations/{Text(activation)}", null, cancel);

    private static Task<JsonElement> CallAsync(
        ApiClient api, HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancel) =>
        api.CallAsync(method, path, body, cancel);

    private static ReadOnlyMemory<byte> Field(string name, string? value) => JsonOut.Body(json =>
    {
        json.WriteStartObject();
        if (value is not null) json.WriteString(name, value);
        json.WriteEndObject();
    });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
