using System.Text;
using Npgsql;

namespace Lifecycle.Server.Tests;

/// <summary>An acknowledged input is on the disk: seen from outside, by what the processes ask of the kernel.</summary>
public sealed class SyncTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-sync-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_SQLite_the_log_is_written_then_synced_then_the_event_is_acknowledged()
    {
        await using var server = await ServerProcess.StartAsync(_folder);
        var calls = await TakeEventAsync(server, [server.Id]);
        AssertSyncedBeforeAnswer(calls, "journal.db-wal");
    }

    [Fact]
    public async Task On_PostgreSQL_its_log_is_written_then_synced_then_the_event_is_acknowledged()
    {
        await using var database = await DatabaseServer.StartAsync();
        await using var server = await ServerProcess.StartAsync(
            _folder, "Development", database.Options);
        // Once before, so that the connections are there that the traced commit uses.
        using (var first = new StringContent("""{"id":"v","type":"visit","customer":"c"}"""))
            Assert.True((await server.Http.PostAsync("/v1/events", first, Cancel)).IsSuccessStatusCode);
        int[] processes = [server.Id, .. await ProcessesOfAsync(database.ConnectionString)];
        var calls = await TakeEventAsync(server, processes, "e");
        // The server's own writer may have come first, for a row of the customer before; not twice.
        if (BetweenOf(calls).All(call => !IsWriteOf(call, "pg_wal")))
            calls = await TakeEventAsync(server, processes, "f");
        AssertSyncedBeforeAnswer(calls, "pg_wal");
    }

    private static async Task<List<int>> ProcessesOfAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(
            // Not the server's own writer of the log: it syncs soon after any commit, also one that did not wait.
            """
            select pid from pg_stat_activity
            where pid <> pg_backend_pid() and backend_type = 'client backend'
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var processes = new List<int>();
        while (await reader.ReadAsync(Cancel)) processes.Add(reader.GetInt32(0));
        return processes;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<IReadOnlyList<SystemCalls.Call>> TakeEventAsync(
        ServerProcess server, IEnumerable<int> processes, string id = "e")
    {
        await using var trace = await SystemCalls.TraceAsync(processes);
        using var content = new StringContent(
            $$$"""{"id":"{{{id}}}","type":"order.placed","customer":"c","data":{"order_id":"o","amount_minor":129}}""",
            Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync("/v1/events", content, Cancel);
        Assert.Contains("\"accepted\":1", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        return await trace.EndAsync();
    }

    private static void AssertSyncedBeforeAnswer(IReadOnlyList<SystemCalls.Call> calls, string log)
    {
        var between = BetweenOf(calls);
        var written = between.Where(call => IsWriteOf(call, log)).ToList();
        Assert.NotEmpty(written);
        // What a thread of the log wrote, that thread synced before the answer was sent.
        Assert.All(
            written.GroupBy(call => call.Thread), writes => Assert.Contains(
                between, call => call.IsSync && IsOf(call, log) && call.Thread == writes.Key &&
                                 call.EndedAt > writes.Last().EndedAt));
    }

    /// <summary>From the request to its answer.</summary>
    private static List<SystemCalls.Call> BetweenOf(IReadOnlyList<SystemCalls.Call> calls)
    {
        var (asked, answered) = (
            calls.First(call => call.Arguments.Contains("POST /v1/events", StringComparison.Ordinal)),
            calls.First(call => call.IsSend && call.Arguments.Contains("HTTP/1.1 200", StringComparison.Ordinal)));
        return [.. calls.Where(call => call.EndedAt > asked.EndedAt && call.EndedAt < answered.EndedAt)];
    }

    private static bool IsWriteOf(SystemCalls.Call call, string log) => call.IsWrite && IsOf(call, log);

    private static bool IsOf(SystemCalls.Call call, string log) =>
        call.Arguments.Contains(log, StringComparison.Ordinal);
}
