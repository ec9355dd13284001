using System.Data.Common;
using Lifecycle.Postgres.Schema;
using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Postgres.Tests.Support.StoredQueries;
using static Lifecycle.Postgres.Tests.Support.TestMembers;

namespace Lifecycle.Postgres.Tests;

/// <summary>The statements that the providers of a cluster find in the database.</summary>
public sealed class ClusterTablesTests(TestServer server) : DatabaseTests(server)
{
    private StoredQueries? _queries;

    private StoredQueries Queries => _queries!;

    private TestMembers Members => new(Queries);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _queries = Keep(await StoredQueries.OpenAsync(Database, Cancel));
    }

    [Fact]
    public void Every_statement_that_the_providers_ask_for_is_there() => Assert.Equal(
        [
            "CleanupDefunctSiloEntriesKey", "ClearStorageKey", "DeleteMembershipTableEntriesKey",
            "DeleteReminderRowKey", "DeleteReminderRowsKey", "DeleteStorageKey", "GatewaysQueryKey",
            "InsertMembershipKey", "InsertMembershipVersionKey", "MembershipReadAllKey", "MembershipReadRowKey",
            "ReadFromStorageKey", "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey",
            "ReadReminderRowsKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey", "UpsertReminderRowKey",
            "WriteToStorageKey",
        ],
        Queries.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_member_is_written_only_on_the_version_of_the_table_that_its_writer_knows()
    {
        Assert.True(await Members.CreateAsync());
        Assert.False(await Members.CreateAsync());
        Assert.Equal((0, null), await OnlyAsync());
        Assert.False(await Members.InsertAsync(1, version: 1));
        Assert.True(await Members.InsertAsync(1, version: 0, Joining));
        Assert.False(await Members.InsertAsync(1, version: 1));
        Assert.False(await Members.UpdateAsync(1, Active, version: 0));
        Assert.False(await Members.UpdateAsync(2, Active, version: 1));
        Assert.Equal((1, Joining), await OnlyAsync());
        Assert.True(await Members.UpdateAsync(1, Active, version: 1, "S127.0.0.1:2:7,2026-03-01 12:00:00.000 GMT"));
        Assert.Equal((2, Active), await OnlyAsync());

        var row = Assert.Single(await Members.ReadAsync(1));
        Assert.Equal(
            ("127.0.0.1", 1, 7, "silo 1", "here", 0, 2),
            ((string)row["Address"]!, (int)row["Port"]!, (int)row["Generation"]!, (string)row["SiloName"]!,
                (string)row["HostName"]!, (int)row["ProxyPort"]!, (int)row["Version"]!));
        Assert.StartsWith("S127", (string)row["SuspectTimes"]!, StringComparison.Ordinal);
        var alive = new DateTime(2026, 3, 1, 13, 0, 0, DateTimeKind.Utc);
        await Members.BeatAsync(1, alive);
        Assert.Equal(alive, (await Members.ReadAsync(1))[0]["IAmAliveTime"]);
        // Of somebody who is no member the version alone.
        Assert.Equal((2, null), Shape(Assert.Single(await Members.ReadAsync(9))));
    }

    [Fact]
    public async Task Two_that_change_one_version_at_once_do_not_both_succeed()
    {
        await Members.AddAsync(1);
        var clients = new List<TestMembers>();
        for (var i = 0; i < 4; i++) clients.Add(new(Keep(await StoredQueries.OpenAsync(Database, Cancel))));
        var won = await Task.WhenAll(clients.Select((client, i) => client.InsertAsync(10 + i, version: 1)));
        Assert.Single(won, true);
        Assert.Equal(2, await Members.VersionAsync());
        Assert.Equal(2, (await Members.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task A_member_that_is_dead_stays_so()
    {
        await Members.AddAsync(1);
        await Members.DieAsync(1);
        var at = await SqlAsync("select dead_at from members");
        Assert.False(await Members.UpdateAsync(1, Active, version: 2));
        Assert.True(await Members.UpdateAsync(1, Dead, version: 2));
        Assert.Equal(at, await SqlAsync("select dead_at from members"));
    }

    [Fact]
    public async Task Clients_are_led_to_members_that_serve_and_have_a_port_for_them()
    {
        for (var port = 1; port <= 4; port++) await Members.AddAsync(port);
        await Members.DieAsync(3);
        await Members.UpdateAsync(4, Stopping, await Members.VersionAsync());
        var gateway = Assert.Single(await Queries.RunAsync(
            "GatewaysQueryKey", Cancel, Of("DeploymentId", "shop"), Of("Status", Active)));
        Assert.Equal(("127.0.0.1", 1002, 7), (gateway["Address"], gateway["ProxyPort"], gateway["Generation"]));
    }

    [Fact]
    public async Task A_member_that_has_just_died_is_not_forgotten_by_a_clean_up()
    {
        for (var port = 1; port <= 3; port++) await Members.AddAsync(port);
        await Members.DieAsync(2);
        await Members.DieAsync(3);
        await SqlAsync("update members set dead_at = dead_at - interval '61 minutes' where port = 3");
        await Members.ForgetAsync(DateTime.UtcNow.AddYears(1));
        Assert.Equal([1, 2], (await Members.ReadAllAsync()).Select(row => (int)row["Port"]!).Order());
        await Members.ForgetAsync();
        Assert.Empty(await Members.ReadAllAsync());
    }

    [Fact]
    public async Task A_state_is_written_only_over_the_version_that_its_grain_read()
    {
        Assert.Equal(1, await WriteAsync("ann", null, [1, 2]));
        Assert.Null(await WriteAsync("ann", null, [3]));
        Assert.Equal(1, await WriteAsync("bob", null, [9]));
        Assert.Equal(2, await WriteAsync("ann", 1, [4]));
        Assert.Null(await WriteAsync("ann", 1, [5]));
        Assert.Equal(2, await StateAsync("ann", [4]));

        Assert.Empty(await Queries.RunAsync("ClearStorageKey", Cancel, State("ann", 1)));
        Assert.Equal(3, await Queries.AskAsync("ClearStorageKey", Cancel, State("ann", 2)));
        Assert.Equal(3, await StateAsync("ann", null));
        Assert.Equal(4, await WriteAsync("ann", 3, [6]));
        Assert.Empty(await Queries.RunAsync("DeleteStorageKey", Cancel, State("ann", 3)));
        Assert.Equal(5, await Queries.AskAsync("DeleteStorageKey", Cancel, State("ann", 4)));
        Assert.Empty(await Queries.RunAsync("ReadFromStorageKey", Cancel, State("ann")));
        Assert.Null(await WriteAsync("ann", 4, [7]));
        Assert.Equal(1, await StateAsync("bob", [9]));
        Assert.Equal(1, await WriteAsync(null, null, [8]));
        Assert.Equal(1, await StateAsync(null, [8]));
    }

    [Fact]
    public async Task Reminders_are_found_by_their_grain_and_by_the_range_that_its_hash_is_in()
    {
        Assert.Equal(0, await RemindAsync("a", "wake", -5));
        Assert.Equal(1, await RemindAsync("a", "wake", -5, 2_500_000_000));
        Assert.Equal(0, await RemindAsync("a", "tidy", -5));
        Assert.Equal(0, await RemindAsync("b", "wake", 20));
        var row = Assert.Single(await Queries.RunAsync(
            "ReadReminderRowKey", Cancel, Of("ServiceId", "s"), Of("GrainId", "a"), Of("ReminderName", "wake")));
        Assert.Equal(("a", 2_500_000_000L, 1), (row["GrainId"], row["Period"], row["Version"]));
        Assert.Equal(new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc), row["StartTime"]);
        Assert.Equal(["tidy", "wake"], await RemindersAsync("ReadReminderRowsKey", Of("GrainId", "a")));
        Assert.Equal(["wake"], await RangeAsync("ReadRangeRows1Key", 0, 20));
        Assert.Empty(await RangeAsync("ReadRangeRows1Key", -5, 19));
        Assert.Equal(["tidy", "wake"], await RangeAsync("ReadRangeRows2Key", 20, -5));
        Assert.Equal(["tidy", "wake", "wake"], await RangeAsync("ReadRangeRows2Key", 3, 3));

        Assert.Equal(false, await ForgetAsync(version: 0));
        Assert.Equal(true, await ForgetAsync(version: 1));
        Assert.Equal(["tidy"], await RemindersAsync("ReadReminderRowsKey", Of("GrainId", "a")));
        await Queries.RunAsync("DeleteReminderRowsKey", Cancel, Of("ServiceId", "s"));
        Assert.Empty(await RangeAsync("ReadRangeRows2Key", 3, 3));

        Task<object?> ForgetAsync(int version) => Queries.AskAsync(
            "DeleteReminderRowKey", Cancel, Of("ServiceId", "s"), Of("GrainId", "a"), Of("ReminderName", "wake"),
            Of("Version", version));
    }

    [Fact]
    public async Task The_locks_of_a_store_have_one_number_here_and_in_the_server()
    {
        var locks = new StoreLocks("lifecycle");
        Assert.Equal(locks.Feed, await SqlAsync("select store_lock('feed')"));
        Assert.Equal(locks.Writes, await SqlAsync("select store_lock('writes')"));
        Assert.Equal(locks.Members, await SqlAsync("select store_lock('members')"));
    }

    private async Task<(int Version, int? Status)> OnlyAsync() => Shape(Assert.Single(await Members.ReadAllAsync()));

    private static (int, int?) Shape(IReadOnlyDictionary<string, object?> row)
    {
        Assert.Equal(row["Status"] is null, row["StartTime"] is null);
        return ((int)row["Version"]!, (int?)row["Status"]);
    }

    private static DbParameter[] State(string? key, int? version = null) =>
    [
        Of("GrainIdHash", 1), Of("GrainIdN0", 0L), Of("GrainIdN1", 3L), Of("GrainTypeHash", 1),
        Of("GrainTypeString", "customer"), Of("GrainIdExtensionString", key), Of("ServiceId", "s"),
        Of("GrainStateVersion", version),
    ];

    private async Task<int?> WriteAsync(string? key, int? version, byte[] payload) => (int?)await Queries.AskAsync(
        "WriteToStorageKey", Cancel, [.. State(key, version), Of("PayloadBinary", payload)]);

    private async Task<int> StateAsync(string? key, byte[]? payload)
    {
        var row = Assert.Single(await Queries.RunAsync("ReadFromStorageKey", Cancel, State(key)));
        Assert.Equal(payload, (byte[]?)row["PayloadBinary"]);
        return (int)row["Version"]!;
    }

    private async Task<int> RemindAsync(string grain, string name, int hash, long period = 60_000) =>
        (int)(await Queries.AskAsync(
            "UpsertReminderRowKey", Cancel, Of("ServiceId", "s"), Of("GrainHash", hash), Of("GrainId", grain),
            Of("ReminderName", name), Of("StartTime", new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc)),
            period <= int.MaxValue ? Of("Period", (int)period) : Of("Period", period)))!;

    private Task<IEnumerable<string>> RangeAsync(string key, int begin, int end) =>
        RemindersAsync(key, Of("BeginHash", begin), Of("EndHash", end));

    private async Task<IEnumerable<string>> RemindersAsync(string key, params DbParameter[] values) =>
        (await Queries.RunAsync(key, Cancel, [Of("ServiceId", "s"), .. values]))
        .Select(row => (string)row["ReminderName"]!).Order(StringComparer.Ordinal);
}
