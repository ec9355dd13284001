using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Sqlite;

using Lifecycle.Tests.Shared;
namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>
/// The official clients for Node.js, unmodified, against a server that dies twice under them. Only their own retries
/// carry the events over.
/// </summary>
public sealed class SegmentClientsTests(ITestOutputHelper output)
{
    private const int Customers = 250;

    /// <summary>
    /// So many that most are still to come when the server is killed, however late the test sees that it is time to;
    /// <c>LIFECYCLE_CLIENT_EVENTS</c> asks for more.
    /// </summary>
    private static readonly int Events = int.Parse(
        Environment.GetEnvironmentVariable("LIFECYCLE_CLIENT_EVENTS") ?? "5000", CultureInfo.InvariantCulture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("segment")]
    [InlineData("rudder")]
    public async Task Every_event_of_a_client_is_taken_exactly_once_though_the_server_is_killed_twice(string client)
    {
        using var clients = await NodeClients.InstallAsync("segment");
        var folder = Directory.CreateTempSubdirectory("lifecycle-clients-").FullName;
        var server = await ServerProcess.StartAsync(folder);
        var address = server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var watch = Stopwatch.StartNew();
        using var process = clients.Run(
            $"{client}.mjs", address, Events.ToString(CultureInfo.InvariantCulture), client);
        var report = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        var heads = new List<long>();
        foreach (var part in new[] { 1, 2 })
        {
            await UntilGrownAsync(folder, Events * part / 10, process);
            await server.DisposeAsync();
            heads.Add((await StoredStates.ReadAsync(folder)).Entries);
            server = await ServerProcess.StartAsync(folder, "Development", $"--Lifecycle:Urls={address}");
        }

        await process.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(4), Cancel);
        output.WriteLine(
            $"{Events} events in {watch.Elapsed.TotalSeconds:0.0} s, entries at the kills {string.Join(", ", heads)}: "
            + await report + await errors);
        Assert.True(process.ExitCode == 0, await errors);
        using (var quarantine = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/quarantine", Cancel)))
            Assert.Empty(quarantine.RootElement.GetProperty("counts").EnumerateArray());
        await server.TerminateAsync();
        await server.DisposeAsync();

        await AssertTakenOnceAsync(folder, client);
        Assert.All(heads, head => Assert.InRange(head, 1, Events - 1));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task AssertTakenOnceAsync(string folder, string client)
    {
        var ids = new List<string>();
        var spent = 0L;
        for (var customer = 0; customer < Customers; customer++)
        {
            foreach (var entry in await StoredStates.EntriesAsync(folder, $"{client}-{customer}"))
            {
                if (entry.Input is not Input.Event taken) continue;
                ids.Add(taken.Id);
                if (taken.Type == EventTypes.OrderPlaced) spent += taken.Data.Integer(EventSchema.AmountMinor)!.Value;
            }
        }

        Assert.Equal(Events, ids.Count);
        Assert.Equal(
            Enumerable.Range(0, Events).Select(i => $"{client}-{i}").Order(StringComparer.Ordinal),
            ids.Order(StringComparer.Ordinal));
        Assert.Equal(3_000L * ((Events + 3) / 4), spent);
    }

    /// <summary>Waits for commits amid the client's sending.</summary>
    private static async Task UntilGrownAsync(string folder, long entries, Process client)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(folder);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await store.Journal.ReadHeadAsync(Cancel) < entries)
        {
            Assert.False(client.HasExited, "The client ended before the server was killed.");
            await timer.WaitForNextTickAsync(Cancel);
        }
    }
}
