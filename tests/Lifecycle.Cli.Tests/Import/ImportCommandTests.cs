using Microsoft.AspNetCore.Http;
using static Lifecycle.Cli.Tests.Import.Lines;

namespace Lifecycle.Cli.Tests.Import;

public sealed class ImportCommandTests
{
    [Fact]
    public async Task Every_line_read_is_used_or_quarantined()
    {
        using var file = new TemporaryFile(Gzip(Text(
            Line("1"), Line("1"), Line("2", customer: "NA"), Line("2", customer: "NA"), Line("2", customer: "NA"),
            Line("C3", quantity: "-2"), Line("4", price: "?"), "5,6")));
        var known = new HashSet<string>();
        await using var server = await RecordingServer.StartAsync(
            (context, request, _) => RecordingServer.TakeEventsAsync(context, request, known));

        var first = await ImportAsync(server, file);
        var second = await ImportAsync(server, file);

        Assert.Equal(0, first.ExitCode);
        Assert.Equal((8, 3, 5), LinesOf(first));
        Assert.Equal((3, 2, 0, 1), InputsOf(first));
        Assert.Equal((8, 3, 5), LinesOf(second));
        Assert.Equal((3, 0, 2, 1), InputsOf(second));
        Assert.Equal(1, first.Json.GetProperty("quarantined_reasons").GetProperty("missing_customer").GetInt32());
        Assert.Equal(1, first.Json.GetProperty("unreadable_lines").GetProperty("column_count").GetInt32());
        Assert.Contains("line 8: bad_price", first.Error, StringComparison.Ordinal);
        Assert.All(server.Seen, request => Assert.Equal("/v1/events?historical=true", request.Target));
        Assert.All(server.Seen, request => Assert.Equal("Bearer dev", request.Authorization));
    }

    [Fact]
    public async Task The_text_form_adds_up_too()
    {
        using var file = new TemporaryFile(Text(Line("1"), Line("2", customer: "NA")));
        await using var server = await RecordingServer.StartAsync(
            (context, request, _) => RecordingServer.TakeEventsAsync(context, request, []));

        var run = await CommandRun.OfAsync(
            "import", file.Path, "--format", "online-retail", "--lanes", "1", "--url", server.Url);

        Assert.Contains("lines   2 read = 1 used + 1 quarantined", run.Out, StringComparison.Ordinal);
        Assert.Contains("inputs  2 = 1 accepted + 0 duplicates + 1 quarantined", run.Out, StringComparison.Ordinal);
        Assert.Contains("inputs/s", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bar_in_the_terminal_leaves_the_output_alone()
    {
        using var file = new TemporaryFile(Text(Line("1")));
        await using var server = await RecordingServer.StartAsync(
            (context, request, _) => RecordingServer.TakeEventsAsync(context, request, []));

        var run = await CommandRun.OfAsync(new RecordedWaits(), interactive: true, Arguments(server, file));

        Assert.Equal((1, 1, 0), LinesOf(run));
    }

    [Fact]
    public async Task A_customers_invoices_stay_in_one_lane_in_their_order()
    {
        const int Customers = 17;
        var lines = Enumerable.Range(0, 400).Select(n => Line(
            $"{n:D4}", customer: $"c{n * 7 % Customers}", at: $"2011-01-{1 + (n * 13 % 28):D2} 10:00:00"));
        using var file = new TemporaryFile(Text([.. lines]));
        var (inFlight, inFlightMax) = (0, 0);
        var gate = new Lock();
        await using var server = await RecordingServer.StartAsync(async (context, request, _) =>
        {
            lock (gate) inFlightMax = Math.Max(inFlightMax, ++inFlight);
            await RecordingServer.TakeEventsAsync(context, request, []);
            lock (gate) inFlight--;
        });

        var run = await ImportAsync(server, file, "--lanes", "3", "--batch", "10");

        Assert.Equal(400, run.Json.GetProperty("accepted").GetInt32());
        Assert.InRange(inFlightMax, 1, 3);
        var events = server.Seen.SelectMany(request => request.Json.EnumerateArray()).ToList();
        foreach (var customer in events.GroupBy(item => item.GetProperty("customer").GetString()))
        {
            var sent = customer.Select(item => $"{item.GetProperty("occurred_at")} {item.GetProperty("id")}");
            Assert.Equal(sent.Order(StringComparer.Ordinal), sent);
        }
        Assert.All(server.Seen, request => Assert.InRange(request.Json.GetArrayLength(), 1, 10));
    }

    [Fact]
    public async Task A_busy_server_is_sent_the_same_body_after_the_pause_it_asked_for()
    {
        using var file = new TemporaryFile(Text(Line("1"), Line("2")));
        await using var server = await RecordingServer.StartAsync((context, request, number) =>
        {
            if (number > 2) return RecordingServer.TakeEventsAsync(context, request, []);
            context.Response.Headers.RetryAfter = "7";
            return RecordingServer.AnswerAsync(context, number == 1 ? 503 : 429, "{}");
        });
        var waits = new RecordedWaits();

        var run = await CommandRun.OfAsync(waits, Arguments(server, file));

        Assert.Equal(2, run.Json.GetProperty("accepted").GetInt32());
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)], waits.Delays);
        Assert.Equal(3, server.Seen.Count);
        Assert.All(server.Seen, request => Assert.Equal(server.Seen[0].Body, request.Body));
    }

    [Fact]
    public async Task After_a_lost_connection_the_same_body_is_sent_and_nothing_doubles()
    {
        using var file = new TemporaryFile(Text(Line("1"), Line("2"), Line("3")));
        var known = new HashSet<string>();
        await using var server = await RecordingServer.StartAsync(async (context, request, number) =>
        {
            if (number == 2)
            {
                // The events are taken and the answer is lost on its way.
                foreach (var item in request.Json.EnumerateArray()) known.Add(item.GetProperty("id").GetString()!);
                context.Abort();
                return;
            }
            await RecordingServer.TakeEventsAsync(context, request, known);
        });

        var run = await ImportAsync(server, file, "--batch", "1");

        Assert.Equal((3, 2, 1, 0), InputsOf(run));
        Assert.Equal(4, server.Seen.Count);
        Assert.Equal(server.Seen[1].Body, server.Seen[2].Body);
    }

    [Fact]
    public async Task A_server_that_stays_busy_ends_the_import_after_a_bounded_number_of_attempts()
    {
        using var file = new TemporaryFile(Text(Line("1")));
        await using var server = await RecordingServer.StartAsync(503, """{"detail":"The queue is full."}""");
        var waits = new RecordedWaits();

        var run = await CommandRun.OfAsync(waits, Arguments(server, file));

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(waits.Policy.AttemptsMax, server.Seen.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(200), waits.Delays[0]);
        Assert.Equal(TimeSpan.FromSeconds(10), waits.Delays[^1]);
        Assert.Contains("The queue is full.", run.Error, StringComparison.Ordinal);
        Assert.Contains("0 of 1 events were answered before", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Fact]
    public async Task An_answer_that_does_not_account_for_every_event_is_a_failure()
    {
        using var file = new TemporaryFile(Text(Line("1"), Line("2")));
        await using var server = await RecordingServer.StartAsync(
            200, """{"accepted":1,"duplicates":0,"quarantined":0,"results":[]}""");

        var run = await ImportAsync(server, file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not account for each of the 2 events", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreadable_lines_are_written_to_the_problems_file()
    {
        using var file = new TemporaryFile(Text(Line("1", quantity: "a,b")));
        using var problems = new TemporaryFile("");
        await using var server = await RecordingServer.StartAsync(StatusCodes.Status500InternalServerError, "{}");

        var run = await ImportAsync(server, file, "--problems", problems.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(server.Seen);
        var written = await File.ReadAllLinesAsync(problems.Path, TestContext.Current.CancellationToken);
        Assert.Equal("line,invoice,reason,detail", written[0]);
        Assert.StartsWith("2,", written[1], StringComparison.Ordinal);
    }

    private static Task<CommandRun> ImportAsync(RecordingServer server, TemporaryFile file, params string[] more) =>
        CommandRun.OfAsync([.. Arguments(server, file), .. more]);

    private static string[] Arguments(RecordingServer server, TemporaryFile file) =>
        ["import", file.Path, "--format", "online-retail", "--json", "--url", server.Url];

    private static (int Read, int Used, int Quarantined) LinesOf(CommandRun run) =>
        (Number(run, "lines_read"), Number(run, "lines_used"), Number(run, "lines_quarantined"));

    private static (int Inputs, int Accepted, int Duplicates, int Quarantined) InputsOf(CommandRun run) =>
        (Number(run, "inputs"), Number(run, "accepted"), Number(run, "duplicates"), Number(run, "quarantined"));

    private static int Number(CommandRun run, string name) => run.Json.GetProperty(name).GetInt32();
}
