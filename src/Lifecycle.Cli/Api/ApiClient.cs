using System.Net.Http.Headers;
using System.Text.Json;

namespace Lifecycle.Cli.Api;

/// <summary>One server's HTTP API. A failure is a <see cref="CommandFailedException"/> that says what to do.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri url, string key)
    {
        Url = url;
        // A command that takes minutes on the server (verify) is ended by the person, not by a timer.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = new Uri(url.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Url { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends one request and answers the JSON of a success.</summary>
    public async Task<JsonElement> CallAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? json, CancellationToken cancel)
    {
        try
        {
            using var response = await SendAsync(method, path, json, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            if (!response.IsSuccessStatusCode) throw Failures.OfAnswer(response.StatusCode, body);
            return body.Length == 0 ? default : Parse(body);
        }
        catch (HttpRequestException failure)
        {
            throw Failures.OfConnection(Url, failure);
        }
    }

    /// <summary>Sends one request and answers whatever comes back. The caller disposes it.</summary>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? json, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
    }

    private static JsonElement Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException failure)
        {
            throw new CommandFailedException(
                "The server's answer is not JSON. Is --url the address of a Lifecycle server?", failure);
        }
    }
}
