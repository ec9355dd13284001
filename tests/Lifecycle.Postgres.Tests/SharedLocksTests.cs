using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;

namespace Lifecycle.Postgres.Tests;

/// <summary>Merges of several processes keep out of each other's way.</summary>
public sealed class SharedLocksTests(TestServer server) : DatabaseTests(server)
{
    private const string Locks = "application_name like '%locks'";

    [Fact]
    public async Task What_one_process_holds_another_one_waits_for_and_for_nothing_else()
    {
        var (one, other) = (await ShareAsync(), await ShareAsync());
        Task<IAsyncDisposable> waiting;
        await using (await one.LockAsync([3, 7], Cancel))
        {
            await (await other.LockAsync([4, 6], Cancel)).DisposeAsync();
            waiting = other.LockAsync([7], Cancel);
            await UntilWaitingAsync();
            Assert.False(waiting.IsCompleted);
        }

        await (await waiting).DisposeAsync();
        await (await one.LockAsync([3, 7], Cancel)).DisposeAsync();
    }

    [Fact]
    public async Task Those_who_want_the_same_in_two_processes_have_it_one_after_the_other()
    {
        PostgresStore[] stores = [await ShareAsync(), await ShareAsync()];
        var inside = new int[4];
        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(
            async () =>
            {
                int[] stripes = [n % 3, 3];
                await using var held = await stores[n % 2].LockAsync(stripes, Cancel);
                foreach (var stripe in stripes) Assert.Equal(1, Interlocked.Increment(ref inside[stripe]));
                await Task.Yield();
                foreach (var stripe in stripes) Interlocked.Decrement(ref inside[stripe]);
            },
            Cancel)));
    }

    [Fact]
    public async Task The_locks_of_a_process_that_died_are_free()
    {
        var (dead, other) = (await ShareAsync(), await ShareAsync());
        await using var held = await dead.LockAsync([1, 2], Cancel);
        await EndSessionsAsync(Locks);
        await (await other.LockAsync([1, 2], Cancel)).DisposeAsync();
    }

    [Fact]
    public async Task A_lock_that_is_held_for_too_long_is_an_error_that_leaves_nothing_locked()
    {
        var holder = await ShareAsync();
        var options = Options(null, exclusive: false);
        options.StatementSecondsMax = 1;
        var waiter = Keep(await TestServer.OpenAsync(options));
        await using (await holder.LockAsync([9], Cancel))
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => waiter.LockAsync([2, 9], Cancel));
            Assert.Contains("held by others for 1 s", failure.Message, StringComparison.Ordinal);
            using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var cancelled = holder.LockAsync([2, 9], impatient.Token);
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            await (await holder.LockAsync([2], Cancel)).DisposeAsync();
        }

        await (await waiter.LockAsync([2, 9], Cancel)).DisposeAsync();
    }

    [Fact]
    public async Task A_process_that_has_the_store_to_itself_asks_the_server_for_nothing()
    {
        var store = await OwnAsync();
        await using (await store.LockAsync([1, 2], Cancel))
        {
            Assert.False(store.LockAsync([2], Cancel).IsCompleted);
            Assert.Equal(0L, await SqlAsync(
                $"select count(*) from pg_stat_activity where datname = current_database() and {Locks}"));
        }
    }

    private async Task UntilWaitingAsync()
    {
        while (await SqlAsync(
            $"""
            select count(*) from pg_stat_activity
            where datname = current_database() and {Locks} and wait_event = 'advisory'
            """) is 0L)
            await Task.Delay(10, Cancel);
    }
}
