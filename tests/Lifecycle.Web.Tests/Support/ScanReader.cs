using System.Net;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Web.Tests.Support;

/// <summary>A client of a scan that breaks off in the middle of a line and goes on from the last whole one.</summary>
public sealed class ScanReader(Site site, string query)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public List<JsonElement> Lines { get; } = [];

    public string? Cut { get; private set; }

    public long Position { get; private set; }

    public string? AsOf { get; private set; }

    /// <summary>Reads on until there are so many lines in all, then leaves; answers whether it came to the end.</summary>
    public async Task<bool> ReadAsync(int linesMax)
    {
        var path = $"/v1/scan?{query}";
        if (Cut is not null) path += $"&cut={Cut}";
        if (Lines.Count > 0) path += $"&after={Uri.EscapeDataString(Lines[^1].GetProperty("customer").GetString()!)}";
        using var response = await OpenAsync(path);
        Cut ??= response.Headers.GetValues("Lifecycle-Cut").Single();
        Assert.Equal(Cut, response.Headers.GetValues("Lifecycle-Cut").Single());
        Position = long.Parse(
            response.Headers.GetValues("Lifecycle-Position").Single(), System.Globalization.CultureInfo.InvariantCulture);
        AsOf ??= response.Headers.GetValues("Lifecycle-As-Of").Single();
        Assert.Equal(AsOf, response.Headers.GetValues("Lifecycle-As-Of").Single());
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        var line = new List<byte>();
        var buffer = new byte[777];
        int read;
        while ((read = await stream.ReadAsync(buffer, Cancel)) > 0)
        {
            foreach (var one in buffer.AsSpan(0, read))
            {
                if (one != '\n')
                {
                    line.Add(one);
                    continue;
                }

                Lines.Add(JsonDocument.Parse(Encoding.UTF8.GetString([.. line])).RootElement);
                line.Clear();
                if (Lines.Count >= linesMax) return false;
            }
        }

        Assert.Empty(line);
        return true;
    }

    /// <summary>Asks again while the server has not noticed yet that the scan before was left.</summary>
    private async Task<HttpResponseMessage> OpenAsync(string path)
    {
        while (true)
        {
            var response = await site.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancel);
            if (response.StatusCode == HttpStatusCode.OK) return response;
            Assert.True((int)response.StatusCode is 429 or 503, response.StatusCode.ToString());
            response.Dispose();
        }
    }
}
