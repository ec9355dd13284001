using System.Globalization;
using System.IO.Compression;
using Lifecycle.Analytics.Tests;

namespace Lifecycle.Tests.Shared;

/// <summary>The first weeks of Online Retail, for what would take minutes with all of its 541,909 lines.</summary>
internal static class OnlineRetailHead
{
    /// <summary>Writes it as a CSV file into a folder; the test is skipped where the data is not there.</summary>
    /// <param name="lines">Without the header; <c>LIFECYCLE_ONLINE_RETAIL_LINES</c> raises it, up to the whole file.</param>
    /// <returns>The file's path.</returns>
    public static async Task<string> WriteAsync(string folder, int lines, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("LIFECYCLE_ONLINE_RETAIL_LINES") is { Length: > 0 } raised)
            lines = int.Parse(raised, CultureInfo.InvariantCulture);
        var file = Path.Combine(folder, "online-retail.csv");
        await using var zip = new GZipStream(
            File.OpenRead(DataFolder.Find("online_retail/online_retail_2010_2011.csv.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(zip);
        await using var writer = new StreamWriter(file);
        for (var i = 0; i <= lines && await reader.ReadLineAsync(cancel) is { } line; i++) await writer.WriteLineAsync(line);
        return file;
    }
}
