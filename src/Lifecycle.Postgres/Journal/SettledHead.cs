using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres.Journal;

/// <summary>The head of the journal once the outcome of every append that was given up is certain.</summary>
/// <remarks>
/// A transaction whose client gave it up may be inside the server for as long as a disk or a standby makes it wait. All
/// that can commit are in sessions that share the lock of this process, and each holds the lock of its own virtual
/// transaction until its commit is visible or it is rolled back. So when those that were there have ended, no later one
/// can be of an append that had failed.
/// </remarks>
internal static class SettledHead
{
    /// <summary>What is seen now must end within this, or it is asked again at the next flush.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    private const string Transactions =
        """
        select virtualtransaction from pg_locks where locktype = 'virtualxid' and mode = 'ExclusiveLock' and granted
            and pid in (
                select pid from pg_locks where locktype = 'advisory' and objsubid = 1 and granted
                    and database = (select oid from pg_database where datname = current_database())
                    and (classid::bigint << 32) | objid::bigint = $1)
        """;

    /// <summary>Null when some are still under way.</summary>
    public static async Task<long?> ReadAsync(
        NpgsqlConnection connection, long aliveLock, TimeProvider time, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        var left = await ReadTransactionsAsync();
        while (left.Count > 0)
        {
            if (time.GetElapsedTime(start) >= WaitMax) return null;
            await Task.Delay(Delay, time, cancel);
            left.IntersectWith(await ReadTransactionsAsync());
        }

        return (await connection.ReadAllAsync(PostgresJournal.ReadHead, r => r.GetInt64(0), cancel))[0];

        async Task<HashSet<string>> ReadTransactionsAsync() =>
            [.. await connection.ReadAllAsync(Transactions, r => r.GetString(0), cancel, Of(aliveLock))];
    }
}
