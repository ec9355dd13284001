using System.Globalization;
using System.Text.Json;
using Lifecycle.Analytics.Tests;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>
/// The CDNOW sample through the real server and the real command line, against the summary that the R package BTYD
/// publishes of it: x, t_x and T at the end of the calibration, in weeks of 7 days.
/// </summary>
public sealed class CdnowTests : IDisposable
{
    private const string Sample = "cdnow/CDNOW_sample.txt";
    private const string Published = "cdnow/btyd_cdnowSummary.csv";
    private const string CalibrationEnd = "1997-09-30";
    private const int Seed = 19970930;

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-cdnow-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Imported_duplicated_and_batched_otherwise_it_gives_the_published_summary()
    {
        var file = DataFolder.Find(Sample);
        var published = ReadPublished();
        Assert.Equal(2_357, published.Count);
        await using (var server = await ServerProcess.StartAsync(Path.Combine(_folder, "a")))
        {
            Assert.Equal((6_919, 0), await ImportAsync(server, file, "--count-free"));
            Assert.Equal((0, 6_919), await ImportAsync(server, file, "--count-free", "--batch", "999", "--lanes", "1"));
            Assert.Equal(published, await ReadAsync(server, published.Keys));
        }

        var shuffled = await ShuffleAsync(file);
        await using (var server = await ServerProcess.StartAsync(Path.Combine(_folder, "b")))
        {
            Assert.Equal((6_919, 0), await ImportAsync(server, shuffled, "--count-free", "--batch", "7", "--lanes", "9"));
            Assert.Equal((0, 6_919), await ImportAsync(server, file, "--count-free", "--batch", "31"));
            Assert.Equal(published, await ReadAsync(server, published.Keys));
        }
    }

    [Fact]
    public async Task By_our_rule_the_eight_customers_whose_first_day_was_free_differ_and_no_other()
    {
        var file = DataFolder.Find(Sample);
        var published = ReadPublished();
        await using var server = await ServerProcess.StartAsync(_folder);
        await ImportAsync(server, file);

        var ours = await ReadAsync(server, published.Keys);

        // An order without an amount is no valid order; the published figures count its day.
        Assert.Equal(
            FreeCustomers(file), published.Keys.Where(customer => ours[customer] != published[customer]).Order());
        Assert.Equal(8, FreeCustomers(file).Count);
    }

    private static async Task<(long Accepted, long Duplicates)> ImportAsync(
        ServerProcess server, string file, params string[] options)
    {
        var (exitCode, text) = await CommandLine.RunAsync(
            server, ["import", file, "--format", "cdnow", "--json", .. options]);
        Assert.True(exitCode == 0, text);
        using var json = JsonDocument.Parse(
            text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)]);
        return (json.RootElement.GetProperty("accepted").GetInt64(), json.RootElement.GetProperty("duplicates").GetInt64());
    }

    /// <summary>By customer: x, and t_x and T in days, as the API answers them.</summary>
    private static async Task<SortedDictionary<string, (long X, int LastDay, int Days)>> ReadAsync(
        ServerProcess server, IEnumerable<string> customers)
    {
        var summary = new SortedDictionary<string, (long, int, int)>(StringComparer.Ordinal);
        foreach (var customer in customers)
        {
            var body = await server.Http.GetByteArrayAsync(
                $"/v1/customers/{customer}?as_of={CalibrationEnd}T23:59:59Z", Cancel);
            using var json = JsonDocument.Parse(body);
            var metrics = json.RootElement.GetProperty("metrics");
            var frequency = metrics.GetProperty("frequency").GetInt64();
            summary[customer] = frequency == 0
                ? (-1, 0, 0)
                : (frequency - 1, DaysBetween(DayOf(metrics, "first_order_at"), DayOf(metrics, "last_order_at")),
                    DaysBetween(DayOf(metrics, "first_order_at"), DateOnly.Parse(CalibrationEnd, CultureInfo.InvariantCulture)));
        }

        return summary;
    }

    private static SortedDictionary<string, (long X, int LastDay, int Days)> ReadPublished()
    {
        // The summary numbers the sample from 1; the sample's lines name the customer's number in the cohort too.
        var customers = File.ReadLines(DataFolder.Find(Sample))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .DistinctBy(cells => cells[1])
            .ToDictionary(cells => int.Parse(cells[1], CultureInfo.InvariantCulture), cells => cells[0]);
        var summary = new SortedDictionary<string, (long, int, int)>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(DataFolder.Find(Published)).Skip(1))
        {
            var cells = line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
            summary[customers[(int)cells[0]]] = ((long)cells[1], WholeDays(cells[2]), WholeDays(cells[3]));
        }

        return summary;
    }

    private static int WholeDays(double weeks)
    {
        var days = (int)Math.Round(weeks * 7);
        Assert.Equal(days / 7.0, weeks, 1e-9);
        return days;
    }

    private static List<string> FreeCustomers(string file) =>
        [.. File.ReadLines(file).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => decimal.Parse(cells[4], CultureInfo.InvariantCulture) == 0).Select(cells => cells[0])
            .Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Customers in another order and their lines among each other's; each one's own keep their order.</summary>
    private async Task<string> ShuffleAsync(string file)
    {
        var random = new Random(Seed);
        var rest = (await File.ReadAllLinesAsync(file, Cancel))
            .GroupBy(line => line[..6]).Select(group => new Queue<string>(group)).ToList();
        var lines = new List<string>();
        while (rest.Count > 0)
        {
            var i = random.Next(rest.Count);
            lines.Add(rest[i].Dequeue());
            if (rest[i].Count == 0) rest.RemoveAt(i);
        }

        var path = Path.Combine(_folder, "shuffled.txt");
        await File.WriteAllLinesAsync(path, lines, Cancel);
        return path;
    }

    private static DateOnly DayOf(JsonElement metrics, string name) =>
        DateOnly.FromDateTime(metrics.GetProperty(name).GetDateTimeOffset().UtcDateTime);

    private static int DaysBetween(DateOnly from, DateOnly to) => to.DayNumber - from.DayNumber;
}
