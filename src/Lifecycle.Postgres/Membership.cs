using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres;

/// <summary>What the row of a member in <c>members</c> says of this process.</summary>
internal static class Membership
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>The token of a member, once its row is there.</summary>
    /// <exception cref="StoreException">There is no row, or it is of a member that is gone.</exception>
    public static async Task<Guid> ReadTokenAsync(
        PostgresConnections connections, ClusterMember member, TimeProvider time, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        var patience = TimeSpan.FromSeconds(connections.Options.OwnerWaitSecondsMax);
        while (true)
        {
            var rows = await connections.ReadAsync(
                """
                select token, status, left_at is not null from members
                where cluster = $1 and address = $2 and port = $3 and generation = $4
                """,
                r => (Token: r.GetGuid(0), Status: r.GetInt32(1), HasLeft: r.GetBoolean(2)), cancel,
                Of(member.Cluster), Of(member.Address), Of(member.Port), Of(member.Generation));
            if (rows is [var row])
            {
                if (row is { Status: not ClusterTables.Dead, HasLeft: false })
                {
                    await EnsureAloneAsync(connections, member.Cluster, cancel);
                    return row.Token;
                }

                throw new StoreException(
                    $"{member} {(row.HasLeft ? "has left" : "was declared dead")}: it commits nothing more. Start " +
                    "the process anew.");
            }

            if (time.GetElapsedTime(start) >= patience)
            {
                throw new StoreException(
                    $"The table members of schema {connections.Options.Schema} has no row of {member}. The cluster's " +
                    "membership must be kept in the same database and schema as the store.");
            }

            await Task.Delay(RetryDelay, time, cancel);
        }
    }

    /// <remarks>
    /// Members of two clusters know nothing of each other, and each would answer for customers of the other. Whoever
    /// joins is in the table before it looks, so that of two who join at once at least one sees the other.
    /// </remarks>
    private static async Task EnsureAloneAsync(
        PostgresConnections connections, string cluster, CancellationToken cancel)
    {
        var others = await connections.ReadAsync(
            "select cluster from members where cluster <> $1 and status <> $2 and left_at is null limit 1",
            r => r.GetString(0), cancel, Of(cluster), Of(ClusterTables.Dead));
        if (others is not [var other]) return;
        var schema = connections.Options.Schema;
        throw new StoreException(
            $"Schema {schema} belongs to the cluster '{other}', and this process is of '{cluster}'. Give it the same " +
            $"Lifecycle:Cluster:Id, or another schema. If no process of '{other}' runs any more: delete from " +
            $"{schema}.members where cluster = '{other}'.");
    }

    /// <summary>What a contact of a member finds.</summary>
    /// <remarks>
    /// Whoever declares a member dead has this lock alone when it notes the instant, until that can be seen: no contact
    /// that began later finds the member alive.
    /// </remarks>
    public static async Task<StoreContact> AskAsync(
        NpgsqlConnection connection, ClusterMember member, StoreIdentity identity, long membersLock, int secondsMax,
        CancellationToken cancel)
    {
        await using var ask = connection.CreateBatch()
            .Add("select pg_advisory_xact_lock_shared($1)", Of(membersLock))
            .Add(
                """
                select may_write($1, $2), clock_timestamp(),
                    (select max(dead_at) from members where cluster = $3 and left_at is null)
                """,
                Of(identity.Owner), Of(identity.Epoch), Of(member.Cluster));
        ask.Timeout = secondsMax;
        await using var reader = await ask.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        await reader.ReadAsync(cancel);
        var clock = reader.GetInstant(1);
        TimeSpan? sinceLoss = reader.GetInstantOrNull(2) is { } at ? TimeSpan.FromMicroseconds(clock - at) : null;
        return new(reader.GetBoolean(0), clock, sinceLoss);
    }
}
