using System.Text.Json;
using Lifecycle.Analytics.Tests;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The real file: how it is imported, and what must come of it.</summary>
internal static class OnlineRetail
{
    public static string File => DataFolder.Find("online_retail/online_retail_2010_2011.csv.gz");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<string> ImportAsync(ServerProcess server) => ImportAsync(server, File);

    /// <returns>The report as JSON.</returns>
    public static async Task<string> ImportAsync(ServerProcess server, string file)
    {
        var (exitCode, text) = await CommandLine.RunAsync(server, "import", file, "--format", "online-retail", "--json");
        Assert.True(exitCode == 0, text);
        return text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)];
    }

    public static void AssertCounts(string import, long accepted, long duplicates)
    {
        using var json = JsonDocument.Parse(import);
        long Of(string name) => json.RootElement.GetProperty(name).GetInt64();
        Assert.Equal(541_909, Of("lines_read"));
        Assert.Equal(135_080, Of("lines_quarantined"));
        Assert.Equal(Of("lines_read"), Of("lines_used") + Of("lines_quarantined"));
        Assert.Equal(25_900, Of("inputs"));
        Assert.Equal(new ImportCounts(accepted, duplicates, 3_710), ImportCounts.Of(import));
    }

    public static async Task AssertRfmAsync(ServerProcess server)
    {
        var (exitCode, text) = await CommandLine.RunAsync(server, "report", "rfm", "--as-of", "2011-12-11", "--format", "json");
        Assert.True(exitCode == 0, text);
        using var report = JsonDocument.Parse(text);
        var counts = report.RootElement.GetProperty("rows").EnumerateArray().ToDictionary(
            row => row.GetProperty("segment").GetString()!, row => row.GetProperty("customers").GetInt64());
        using var numbers = JsonDocument.Parse(
            await System.IO.File.ReadAllTextAsync(DataFolder.Find("reference_numbers.json"), Cancel));
        var expected = numbers.RootElement.GetProperty("entries").EnumerateArray()
            .Single(entry => entry.GetProperty("id").GetString() == "rfm.segmap.2010_2011").GetProperty("expected")
            .EnumerateObject().ToDictionary(segment => segment.Name, segment => segment.Value.GetInt64());
        Assert.Equal(expected, counts);
    }

    public static async Task AssertVerifiedAsync(ServerProcess server, int customers = 4_372)
    {
        var (exitCode, text) = await CommandLine.RunAsync(server, "verify", "--json");
        Assert.True(exitCode == 0, text);
        using var report = JsonDocument.Parse(text);
        Assert.Equal(customers, report.RootElement.GetProperty("customers").GetInt64());
        Assert.Empty(report.RootElement.GetProperty("violations").EnumerateArray());
    }
}

/// <summary>What an import says of its inputs.</summary>
internal sealed record ImportCounts(long Accepted, long Duplicates, long Quarantined)
{
    /// <param name="import">Its report as JSON.</param>
    public static ImportCounts Of(string import)
    {
        using var json = JsonDocument.Parse(import);
        long Count(string name) => json.RootElement.GetProperty(name).GetInt64();
        return new(Count("accepted"), Count("duplicates"), Count("quarantined"));
    }
}
