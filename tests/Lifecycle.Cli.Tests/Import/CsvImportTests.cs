using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lifecycle.Cli.Tests.Import;

public sealed class CsvImportTests
{
    private const string Map =
        """
        time: {column: at}
        id: "{order}"
        type: order.placed
        source: shop
        customer: "{customer}"
        currency: EUR
        data: {order_id: "{order}", amount_minor: "{amount}"}
        """;

    [Fact]
    public async Task The_example_of_the_documentation_is_imported_as_it_says()
    {
        var page = await File.ReadAllTextAsync(DocumentationPath(), TestContext.Current.CancellationToken);
        var run = await Imported.OfAsync(Block(page, "yaml"), Block(page, "csv"));

        Assert.Equal(0, run.Result.ExitCode);
        Assert.Equal(3, run.Events.Count);
        var order = run.Event("1001");
        Assert.Equal(
            """
            {"id":"1001","source":"shop-export","type":"order.placed","customer":"K-7","occurred_at":"2025-11-20T09:15:00Z","data":{"currency":"EUR","order_id":"A-1","channel":"web","amount_minor":125440,"items":[{"sku":"T-100","category":"Tee","quantity":2,"amount_minor":123450},{"sku":"T-200","category":"Kanne","quantity":1,"amount_minor":1990}]}}
            """, order.GetRawText());
        Assert.Equal("2025-10-26T00:30:00Z", run.Event("1002").GetProperty("occurred_at").GetString());
        Assert.Equal("order.returned", run.Event("1003").GetProperty("type").GetString());
        Assert.Equal(1, run.Result.Json.GetProperty("ambiguous_local_times").GetInt64());
        Assert.Equal((4, 4, 0), run.Lines);
    }

    [Fact]
    public async Task Rows_with_problems_are_reported_corrected_and_imported_with_the_same_map()
    {
        const string map =
            """
            file: {delimiter: ";", quote: "'", encoding: latin1}
            numbers: {decimal: ","}
            time: {column: at}
            group: "{order}"
            id: "{order}"
            type: order.placed
            source: shop
            customer: "{customer}"
            currency: EUR
            data: {order_id: "{order}", channel: "{shop}", amount_minor: {sum: amount_minor}}
            items: {sku: "{sku}", amount_minor: "{amount}"}
            """;
        const string csv =
            """
            order;customer;at;sku;amount;shop
            1;c-1;2025-01-05T10:00:00Z;'a;''b';1,50;Köln
            2;c-2;2025-01-06T10:00:00Z;a;oops;'Kö;ln'
            2;c-2;2025-01-06T10:00:00Z;'it''s';2,00;'Kö;ln'
            3;;2025-01-07T10:00:00Z;a;1,00;Köln
            4;c-4;2025-01-08T10:00:00Z;a
            5;c-5;2025-01-09T10:00:00Z;a;1,005;Köln
            """;
        var known = new HashSet<string>();
        using var report = new TemporaryFile("");
        var first = await Imported.OfAsync(
            map, Encoding.Latin1.GetBytes(csv), known, "--problems", report.Path);
        var text = Encoding.Latin1.GetString(
            await File.ReadAllBytesAsync(report.Path, TestContext.Current.CancellationToken));
        var corrected = text.Replace("oops", "3,00", StringComparison.Ordinal)
            .Replace("3;;", "3;c-3;", StringComparison.Ordinal).Replace("T10:00:00Z;a;;;", "T10:00:00Z;a;4,00;Köln;", StringComparison.Ordinal)
            .Replace("1,005", "1,01", StringComparison.Ordinal);
        using var again = new TemporaryFile("");
        var second = await Imported.OfAsync(
            map, Encoding.Latin1.GetBytes(corrected), known, "--problems", again.Path);

        Assert.Equal((6, 1, 5), first.Lines);
        Assert.Equal("a;'b", first.Event("1").GetProperty("data").GetProperty("items")[0].GetProperty("sku").GetString());
        Assert.Equal(
            ["3: bad_number", "4: incomplete_group", "5: missing_customer", "6: column_count", "7: bad_number"],
            Regex.Matches(text, @";(\d+);'?([a-z_]+):").Select(m => $"{m.Groups[1]}: {m.Groups[2]}"));
        Assert.Equal((5, 5, 0), second.Lines);
        Assert.Equal(4, second.Result.Json.GetProperty("accepted").GetInt64());
        Assert.Equal("Kö;ln", second.Event("2").GetProperty("data").GetProperty("channel").GetString());
        Assert.Equal(500, second.Event("2").GetProperty("data").GetProperty("amount_minor").GetInt64());
        Assert.Equal(
            "order;customer;at;sku;amount;shop;import_line;import_problem",
            (await File.ReadAllTextAsync(again.Path, Encoding.Latin1, TestContext.Current.CancellationToken)).TrimEnd());
    }

    [Theory]
    [InlineData("id: \"{order}\"", "idd: x", ":2:1:", "There is no key 'idd' here. Did you mean 'id'?")]
    [InlineData("customer: \"{customer}\"", "customer: \"{client}\"", ":5:11:", "The file has no column 'client'. It has: order, customer, at, amount.")]
    [InlineData("\"{customer}\"", "\"{custom\"", ":5:11:", "a brace of its own is written twice")]
    [InlineData("currency: EUR", "currency: euro", ":6:11:", "'euro' is no code of ISO 4217")]
    [InlineData("{column: at}", "{column: at, format: dd.MM.yyyy}", ":1:28:", "'zone' is needed")]
    [InlineData("{column: at}", "{column: at, zone: Mars/Base}", ":1:", "there is no time zone 'Mars/Base'")]
    [InlineData("\"{amount}\"", "{column: amount, as: cash}", ":7:", "as: expected text or integer or number or boolean or time or money")]
    [InlineData("\"{amount}\"", "{sum: amount_minor}", ":7:", "the sum of 'amount_minor', which 'items' does not have")]
    public async Task What_is_wrong_with_a_map_is_said_with_its_place(
        string right, string wrong, string place, string message)
    {
        var run = await Imported.OfAsync(
            Map.Replace(right, wrong, StringComparison.Ordinal), "order,customer,at,amount\n1,c,2025-01-05T10:00:00Z,1\n");

        Assert.Equal(1, run.Result.ExitCode);
        Assert.Contains(place, run.Result.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Result.Error, StringComparison.Ordinal);
        Assert.Empty(run.Events);
    }

    [Theory]
    [InlineData("EUR", "12,90", 1290L)]
    [InlineData("EUR", "1.234.567,8", 123456780L)]
    [InlineData("JPY", "1.200", 1200L)]
    [InlineData("KWD", "1,250", 1250L)]
    [InlineData("EUR", "0,07", 7L)]
    [InlineData("EUR", "90071992547,09", 9007199254709L)]
    [InlineData("EUR", "1,2.3", null)]
    [InlineData("EUR", "12.34,5", null)]
    [InlineData("EUR", "12.90", null)]
    [InlineData("EUR", "1,234", null)]
    [InlineData("JPY", "1,5", null)]
    [InlineData("EUR", "1e3", null)]
    [InlineData("XXX", "1", null)]
    [InlineData("EUR", "-1", null)]
    [InlineData("EUR", "", null)]
    public async Task Amounts_are_exact_in_the_minor_units_of_their_currency(string currency, string text, long? minor)
    {
        var map = Map.Replace("currency: EUR", "currency: \"{currency}\"\nfile: {delimiter: \";\"}\nnumbers: {decimal: \",\", thousands: \".\"}", StringComparison.Ordinal);
        // The largest amount that an event can have is checked by the server's own rules.
        var run = await Imported.OfAsync(
            map, $"order;customer;at;amount;currency\n1;c;2025-01-05T10:00:00Z;{text};{currency}\n");

        if (minor is > 1_000_000_000_000) minor = null;
        Assert.Equal(minor is null ? 0 : 1, run.Events.Count);
        if (minor is { } wanted)
            Assert.Equal(wanted, run.Event("1").GetProperty("data").GetProperty("amount_minor").GetInt64());
    }

    [Theory]
    [InlineData("", "30.03.2025 02:30", "2025-03-30T01:30:00Z")]
    [InlineData(", skipped: reject", "30.03.2025 02:30", null)]
    [InlineData("", "26.10.2025 02:30", "2025-10-26T00:30:00Z")]
    [InlineData(", ambiguous: later", "26.10.2025 02:30", "2025-10-26T01:30:00Z")]
    [InlineData(", ambiguous: reject", "26.10.2025 02:30", null)]
    [InlineData("", "01.07.2025 12:00", "2025-07-01T10:00:00Z")]
    [InlineData("", "31.02.2025 12:00", null)]
    public async Task Local_times_follow_the_rules_of_their_zone(string rule, string text, string? utc)
    {
        var map = Map.Replace(
            "{column: at}", $"{{column: at, format: dd.MM.yyyy HH:mm, zone: Europe/Berlin{rule}}}", StringComparison.Ordinal);
        var run = await Imported.OfAsync(map, $"order,customer,at,amount\n1,c,{text},1\n");

        Assert.Equal(utc is null ? 0 : 1, run.Events.Count);
        if (utc is not null) Assert.Equal(utc, run.Event("1").GetProperty("occurred_at").GetString());
    }

    [Fact]
    public async Task Columns_without_names_are_numbers_and_values_are_made_of_them()
    {
        const string map =
            """
            file: {delimiter: tab, header: false, empty: [NA]}
            time: {column: 3, format: [unix, yyyy-MM-ddzzz]}
            id: "{1}/{{{2}}}"
            type: {column: 4, values: {P: order.placed, R: review.posted}}
            source: shop
            customer: "crm-{2}"
            data:
              order_id: "{1}"
              amount_minor: {column: 5, times: 6, round: true}
              points_paid: {column: 7, negate: true, default: "-3"}
              rating: {column: 6, as: number}
              country: {column: 7}
              gift: {wrapped: {column: 8, as: boolean}}
            """;
        var run = await Imported.OfAsync(
            map, "o1\tc1\t1736071200\tP\t1.115\t3\tNA\tyes\no2\tc2\t2025-01-05+02:00\tX\t1\t1\tNA\tno\n");

        var only = Assert.Single(run.Events);
        Assert.Equal(
            """
            {"id":"o1/{c1}","source":"shop","type":"order.placed","customer":"crm-c1","occurred_at":"2025-01-05T10:00:00Z","data":{"order_id":"o1","amount_minor":335,"points_paid":3,"rating":3,"gift":{"wrapped":true}}}
            """, only.GetRawText());
        Assert.Contains("line 2: bad_value: type: 'X' is not one of P, R", run.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_checks_and_sends_nothing()
    {
        const string csv = "order,customer,at,amount\n1,c,2025-01-05T10:00:00Z,1\n1,c,2025-01-05T10:00:00Z,1\n2,c,2999-01-05T10:00:00Z,1\n";
        var run = await Imported.OfAsync(Map, Encoding.UTF8.GetBytes(csv), [], "--dry-run");

        Assert.Equal(1, run.Result.ExitCode);
        Assert.Empty(run.Events);
        Assert.Equal(1, run.Result.Json.GetProperty("inputs").GetInt64());
        Assert.Contains("line 3: id_twice: line 2 has the id '1' too", run.Result.Error, StringComparison.Ordinal);
        Assert.Contains("line 4: occurred_at_in_future", run.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shifted_to_now_the_latest_event_is_of_the_last_day_and_the_rest_keeps_its_distance()
    {
        const string csv = "order,customer,at,amount\n1,c,2005-01-05T10:00:00Z,1\n2,c,2005-01-09T11:30:00Z,1\n";
        var before = TimeProvider.System.GetUtcNow();
        var run = await Imported.OfAsync(Map, Encoding.UTF8.GetBytes(csv), [], "--shift-to-now");

        var times = run.Events.Select(e => e.GetProperty("occurred_at").GetDateTimeOffset()).Order().ToArray();
        Assert.Equal(TimeSpan.FromHours(4 * 24 + 1.5), times[1] - times[0]);
        Assert.InRange(times[1], before.AddDays(-1), TimeProvider.System.GetUtcNow());
        Assert.Equal((11, 30), (times[1].Hour, times[1].Minute));
    }

    [Theory]
    [InlineData("--format", "csv")]
    [InlineData("--format", "cdnow", "--map", "MAP")]
    [InlineData("--format", "csv", "--map", "MAP", "--currency", "EUR")]
    [InlineData("--format", "csv", "--map", "MAP", "--count-free")]
    public async Task Options_that_do_not_go_together_are_wrong_usage(params string[] options)
    {
        using var file = new TemporaryFile("");
        string[] named = [.. options.Select(o => o == "MAP" ? file.Path : o)];
        Assert.Equal(2, (await CommandRun.OfAsync(["import", file.Path, .. named])).ExitCode);
    }

    private static string Block(string page, string language) =>
        Regex.Match(page, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static string DocumentationPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Lifecycle.sln"))) folder = folder.Parent;
        return Path.Combine(folder.FullName, "docs", "import.md");
    }

    /// <summary>An import and what the server was sent.</summary>
    private sealed record Imported(CommandRun Result, IReadOnlyList<JsonElement> Events)
    {
        public (long Read, long Used, long Quarantined) Lines => (Of("lines_read"), Of("lines_used"), Of("lines_quarantined"));

        public static Task<Imported> OfAsync(string map, string csv) => OfAsync(map, Encoding.UTF8.GetBytes(csv), []);

        public static async Task<Imported> OfAsync(string map, byte[] csv, HashSet<string> known, params string[] more)
        {
            using var document = new TemporaryFile(map);
            using var file = new TemporaryFile(csv);
            await using var server = await RecordingServer.StartAsync(
                (context, request, _) => RecordingServer.TakeEventsAsync(context, request, known));
            var result = await CommandRun.OfAsync(
                ["import", file.Path, "--format", "csv", "--map", document.Path, "--json", "--url", server.Url, .. more]);
            return new(result, [.. server.Seen.SelectMany(seen => seen.Json.EnumerateArray())]);
        }

        public JsonElement Event(string id) => Assert.Single(Events, e => e.GetProperty("id").GetString() == id);

        private long Of(string name) => Result.Json.GetProperty(name).GetInt64();
    }
}
