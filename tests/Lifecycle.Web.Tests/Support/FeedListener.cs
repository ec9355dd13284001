using System.Net.Http.Headers;
using System.Text.Json;

namespace Lifecycle.Web.Tests.Support;

/// <summary>A client of the live stream: reads events one by one and can leave at any of them.</summary>
public sealed class FeedListener : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private FeedListener(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Comments seen so far, such as heartbeats.</summary>
    public int Comments { get; private set; }

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    public static async Task<FeedListener> OpenAsync(Site site, string? lastId = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/feed" + query);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var response = await site.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(200, (int)response.StatusCode);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancel)));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<(string Id, JsonElement Data)?> NextAsync()
    {
        var (id, data) = ("", "");
        while (await _reader.ReadLineAsync(Cancel) is { } line)
        {
            if (line.StartsWith(':')) Comments++;
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            if (line.Length == 0 && data.Length > 0) return (id, JsonDocument.Parse(data).RootElement);
            if (line.Length == 0 && Comments > 0) Beaten.TrySetResult();
        }

        return null;
    }

    /// <summary>Done once a comment came.</summary>
    public TaskCompletionSource Beaten { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
