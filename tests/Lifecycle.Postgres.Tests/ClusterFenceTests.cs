using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Lifecycle.Postgres.Tests.Support;
using Npgsql;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>A member of a cluster that was declared dead, or has left, writes nothing and is told so.</summary>
public sealed class ClusterFenceTests(TestServer server) : DatabaseTests(server)
{
    private static readonly long FeedLock = new StoreLocks("lifecycle").Feed;

    private const string Waiting =
        """
        select count(*) from pg_locks where locktype = 'advisory' and not granted
            and database = (select oid from pg_database where datname = current_database())
        """;

    private static readonly QuarantinedItem Unreadable = new(Hash("1"), "shop", "r", "d", new byte[] { 1 }, Start);

    private TestMembers? _members;

    private TestMembers Members => _members!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _members = new(Keep(await StoredQueries.OpenAsync(Database, Cancel)));
    }

    [Fact]
    public async Task A_commit_that_is_under_way_when_its_member_is_declared_dead_is_there_before_that()
    {
        var store = await JoinAsync(1);
        // The commit has its turn and was let through; it waits inside the server.
        await SqlAsync(
            """
            create function wait_for_test() returns trigger language plpgsql as $$
            begin perform pg_advisory_xact_lock_shared(1); return new; end $$;
            create trigger wait_for_test before insert on feed for each row execute function wait_for_test();
            """);
        Task<AppendResult> append;
        Task death;
        await using (await HoldAsync(1))
        {
            append = store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel);
            await UntilWaitingAsync(1);
            death = Members.DieAsync(1);
            await UntilWaitingAsync(2);
            Assert.Equal(3, await SqlAsync("select status from members"));
        }

        Assert.Equal(1, (await append).FirstPosition);
        await death;
        await RefusedAsync(store, head: 1);
        Assert.Equal(true, await SqlAsync("select m.dead_at > f.committed_at from members m, feed f"));
    }

    [Fact]
    public async Task A_commit_whose_turn_comes_after_that_is_refused()
    {
        var store = await JoinAsync(1);
        Task<AppendResult> append;
        Task death;
        await using (await HoldAsync(FeedLock))
        {
            death = Members.DieAsync(1);
            await UntilWaitingAsync(1);
            append = store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel);
            await UntilWaitingAsync(2);
        }

        await death;
        Assert.Contains(
            "no member of its cluster", (await Assert.ThrowsAsync<StoreException>(() => append)).Message,
            StringComparison.Ordinal);
        await RefusedAsync(store, head: 0);
    }

    [Fact]
    public async Task A_member_that_left_commits_nothing_more_and_is_no_loss()
    {
        var (leaving, staying) = (await JoinAsync(1), await JoinAsync(2));
        Assert.Equal(1, (await leaving.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);
        await leaving.LeaveAsync(Cancel);
        await leaving.LeaveAsync(Cancel);
        await RefusedAsync(leaving, head: 1);
        await Members.DieAsync(1);
        Assert.Null((await staying.ConfirmOwnershipAsync(Cancel)).SinceLoss);
        Assert.Equal(2, (await staying.Journal.AppendAsync(Batch(Row("ann", 2)), Cancel)).FirstPosition);
    }

    [Fact]
    public async Task A_member_whose_row_is_gone_commits_nothing_more()
    {
        var store = await JoinAsync(1);
        await Members.ForgetAsync();
        await RefusedAsync(store, head: 0);
    }

    [Fact]
    public async Task A_process_of_another_cluster_is_refused_while_a_member_of_the_first_is_there()
    {
        var others = new TestMembers(Keep(await StoredQueries.OpenAsync(Database, Cancel)), "other");
        await others.AddAsync(1);
        var store = await ShareAsync();
        var member = await Members.AddAsync(2);

        var refused = await Assert.ThrowsAsync<StoreException>(() => store.JoinAsync(member, Cancel));

        Assert.Contains("belongs to the cluster 'other'", refused.Message, StringComparison.Ordinal);
        await others.DieAsync(1);
        await store.JoinAsync(member, Cancel);
        Assert.True((await store.ConfirmOwnershipAsync(Cancel)).Held);
    }

    [Fact]
    public async Task The_members_learn_how_long_ago_one_of_them_was_lost()
    {
        var store = await JoinAsync(1);
        for (var port = 2; port <= 3; port++) await Members.AddAsync(port);
        var others = new TestMembers(Keep(await StoredQueries.OpenAsync(Database, Cancel)), "other");
        await others.AddAsync(1);
        await others.DieAsync(1);
        Assert.Null((await store.ConfirmOwnershipAsync(Cancel)).SinceLoss);
        await Members.DieAsync(2);
        await SqlAsync("update members set dead_at = dead_at - interval '50 minutes' where port = 2");
        Assert.InRange((await ContactAsync()).TotalMinutes, 50, 60);
        await Members.DieAsync(3);
        Assert.InRange((await ContactAsync()).TotalMinutes, 0, 10);

        async Task<TimeSpan> ContactAsync()
        {
            var contact = await store.ConfirmOwnershipAsync(Cancel);
            Assert.True(contact.Held);
            Assert.NotNull(contact.Clock);
            return contact.SinceLoss!.Value;
        }
    }

    [Fact]
    public async Task A_contact_does_not_find_alive_who_is_being_declared_dead()
    {
        var store = await JoinAsync(1);
        await using var peer = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database) { Pooling = false, SearchPath = "lifecycle" }.ConnectionString);
        await peer.OpenAsync(Cancel);
        await using var transaction = await peer.BeginTransactionAsync(Cancel);
        await using var death = new NpgsqlCommand(
            "select update_member('shop', '127.0.0.1', 1, 7, 6, null, now(), 1)", peer);
        Assert.Equal(true, await death.ExecuteScalarAsync(Cancel));
        var contact = store.ConfirmOwnershipAsync(Cancel);
        await UntilWaitingAsync(1);
        await transaction.CommitAsync(Cancel);
        Assert.False((await contact).Held);
    }

    [Fact]
    public async Task A_member_is_waited_for_and_must_be_one_that_lives()
    {
        var options = Options(null, exclusive: false);
        options.OwnerWaitSecondsMax = 60;
        var patient = Keep(await TestServer.OpenAsync(options));
        var store = await ShareAsync();
        var member = new ClusterMember("shop", "127.0.0.1", 1, 7);
        var failure = await Assert.ThrowsAsync<StoreException>(() => store.JoinAsync(member, Cancel));
        Assert.Contains(
            "no row of 127.0.0.1:1 generation 7 of cluster shop", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await store.Journal.AppendAsync(Batch(Row("ann", 1)), Cancel)).FirstPosition);

        var joining = patient.JoinAsync(member, Cancel);
        await Members.AddAsync(1);
        await joining;
        Assert.Equal(2, (await patient.Journal.AppendAsync(Batch(Row("ann", 2)), Cancel)).FirstPosition);
        await Members.DieAsync(1);
        failure = await Assert.ThrowsAsync<StoreException>(() => store.JoinAsync(member, Cancel));
        Assert.Contains("was declared dead", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_the_store_to_itself_is_no_member_and_no_member_goes_on_after_it()
    {
        var member = await JoinAsync(1);
        await EndSessionsAsync("application_name like '%journal'");
        var owner = await OwnAsync();
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => owner.JoinAsync(new("shop", "127.0.0.1", 1, 7), Cancel));
        Assert.Contains("Set Exclusive to false", failure.Message, StringComparison.Ordinal);
        await RefusedAsync(member, head: 0);
    }

    private async Task<PostgresStore> JoinAsync(int port)
    {
        var store = await ShareAsync();
        await store.JoinAsync(await Members.AddAsync(port), Cancel);
        Assert.True((await store.ConfirmOwnershipAsync(Cancel)).Held);
        return store;
    }

    private static async Task RefusedAsync(PostgresStore store, long head)
    {
        await Assert.ThrowsAsync<StoreException>(() => store.Journal.AppendAsync(Batch(Row("bob", 1)), Cancel));
        await Assert.ThrowsAsync<StoreException>(() => store.Registry.AddProgramAsync("program: a", Start, Cancel));
        await Assert.ThrowsAsync<StoreException>(() => store.Quarantine.AddAsync([Unreadable], Cancel));
        Assert.False((await store.ConfirmOwnershipAsync(Cancel)).Held);
        Assert.Equal(head, await store.Journal.ReadHeadAsync(Cancel));
        Assert.Empty(await store.Registry.ReadProgramsAsync(Cancel));
    }

    /// <summary>Who waits for this lock waits until it is closed.</summary>
    private async Task<NpgsqlConnection> HoldAsync(long key)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"select pg_advisory_lock({key})", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    private async Task UntilWaitingAsync(long sessions)
    {
        while ((long)(await SqlAsync(Waiting))! < sessions) await Task.Delay(10, Cancel);
    }
}
