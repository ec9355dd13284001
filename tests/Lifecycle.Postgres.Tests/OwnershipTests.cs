using System.Globalization;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>One process writes, and a process that is not it any more writes nothing.</summary>
public sealed class OwnershipTests(TestServer server) : DatabaseTests(server)
{
    // The sessions that hold a lock of a store in this database.
    private const string OfLocks =
        """
        pid in (select pid from pg_locks where locktype = 'advisory' and granted and objsubid = 1
            and database = (select oid from pg_database where datname = current_database()))
        """;

    [Fact]
    public async Task A_second_process_is_refused_and_told_who_has_the_store()
    {
        var first = await OwnAsync();
        var failure = await Assert.ThrowsAsync<StoreException>(() => OwnAsync());
        Assert.Contains(
            $"in use by process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)} on " +
            $"{Environment.MachineName} since 2", failure.Message, StringComparison.Ordinal);
        Assert.True((await first.ConfirmOwnershipAsync(Cancel)).Held);
        Assert.Equal(1, (await first.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_process_that_shares_and_one_that_does_not_refuse_each_other()
    {
        var owner = await OwnAsync();
        Assert.Contains(
            "in use by process", (await Assert.ThrowsAsync<StoreException>(() => ShareAsync())).Message,
            StringComparison.Ordinal);
        await owner.DisposeAsync();
        var sharing = await ShareAsync();
        Assert.Contains(
            "whoever is connected from", (await Assert.ThrowsAsync<StoreException>(() => OwnAsync())).Message,
            StringComparison.Ordinal);
        Assert.True((await sharing.ConfirmOwnershipAsync(Cancel)).Held);
    }

    [Fact]
    public async Task The_store_is_free_as_soon_as_it_was_closed()
    {
        await (await OwnAsync()).DisposeAsync();
        Assert.True((await (await OwnAsync()).ConfirmOwnershipAsync(Cancel)).Held);
    }

    [Fact]
    public async Task A_start_waits_for_a_process_that_is_just_ending()
    {
        var first = await OwnAsync();
        var options = Options(null, exclusive: true);
        options.OwnerWaitSecondsMax = 60;
        var second = TestServer.OpenAsync(options);
        while ((long)(await SqlAsync("select count(*) from pg_stat_activity where datname = current_database() " +
            "and query like '%pg_locks l join%' and pid <> pg_backend_pid()"))! == 0)
            await Task.Yield();
        await first.DisposeAsync();
        Assert.True((await Keep(await second).ConfirmOwnershipAsync(Cancel)).Held);
    }

    [Fact]
    public async Task The_contact_says_what_time_the_server_has()
    {
        var store = await OwnAsync();
        var before = Instant.From(TimeProvider.System.GetUtcNow());
        var clock = (await store.ConfirmOwnershipAsync(Cancel)).Clock!.Value;
        // The test's server runs on this machine, or on one that keeps time.
        Assert.InRange(clock - before, -60 * Instant.MicrosPerSecond, 60 * Instant.MicrosPerSecond);
    }

    [Fact]
    public async Task A_lock_whose_connection_was_ended_is_taken_again()
    {
        var store = await OwnAsync();
        await EndSessionsAsync(OfLocks);
        Assert.True((await store.ConfirmOwnershipAsync(Cancel)).Held);
        // It is a lock again, and not only the belief in one.
        await Assert.ThrowsAsync<StoreException>(() => OwnAsync());
        Assert.Equal(1, (await store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_lock_that_is_still_with_a_lost_connection_of_its_own_is_taken_from_it()
    {
        await using var proxy = new Proxy(Database);
        var store = await OwnAsync(proxy.ConnectionString);
        proxy.LoseClients();
        Assert.True((await store.ConfirmOwnershipAsync(Cancel)).Held);
        Assert.Equal(1, (await store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);
        await Assert.ThrowsAsync<StoreException>(() => OwnAsync());
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Who_took_over_meanwhile_is_the_owner_and_the_former_one_commits_nothing()
    {
        var former = await OwnAsync();
        await former.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel);
        await EndSessionsAsync(OfLocks);
        var owner = await OwnAsync();

        var failure = await Assert.ThrowsAsync<StoreException>(
            () => former.Journal.AppendAsync(Batch(Row("ann", 2)), Cancel));
        Assert.Contains("taken over", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => former.Registry.AddProgramAsync("program: a", Start, Cancel));
        await Assert.ThrowsAsync<StoreException>(
            () => former.Quarantine.AddAsync([Quarantined("1")], Cancel));
        Assert.False((await former.ConfirmOwnershipAsync(Cancel)).Held);

        Assert.Equal(1, await owner.Journal.ReadHeadAsync(Cancel));
        Assert.Empty(await owner.Registry.ReadProgramsAsync(Cancel));
        Assert.True((await owner.ConfirmOwnershipAsync(Cancel)).Held);
        Assert.Equal(2, (await owner.Journal.AppendAsync(Batch(Row("ann", 2)), Cancel)).FirstPosition);
    }

    [Fact]
    public async Task Who_took_over_and_has_gone_since_is_not_forgotten()
    {
        var former = await OwnAsync();
        await EndSessionsAsync(OfLocks);
        await (await OwnAsync()).DisposeAsync();
        Assert.False((await former.ConfirmOwnershipAsync(Cancel)).Held);
        await Assert.ThrowsAsync<StoreException>(() => former.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel));
    }

    [Fact]
    public async Task A_store_that_was_restored_under_its_process_takes_nothing_from_it()
    {
        var store = await OwnAsync();
        await SqlAsync("update meta set epoch = gen_random_uuid()");
        await Assert.ThrowsAsync<StoreException>(() => store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel));
        Assert.False((await store.ConfirmOwnershipAsync(Cancel)).Held);
        Assert.Equal(0, await store.Journal.ReadHeadAsync(Cancel));
    }

    [Fact]
    public async Task A_server_that_fails_says_nothing_about_who_owns_the_store()
    {
        var store = await OwnAsync();
        await SqlAsync("alter table meta rename to gone");
        await Assert.ThrowsAsync<StoreException>(() => store.ConfirmOwnershipAsync(Cancel));
    }

    private static QuarantinedItem Quarantined(string key) =>
        new(Hash(key), "shop", "bad_time", "The time is no time.", new byte[] { 7 }, Start);
}
