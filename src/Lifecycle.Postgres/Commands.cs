using Npgsql;

namespace Lifecycle.Postgres;

/// <summary>A statement with its parameters, and what it answers.</summary>
internal static class Commands
{
    /// <summary>Every row, while the caller's own thread waits.</summary>
    public static List<T> ReadAll<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map, int secondsMax,
        params NpgsqlParameter[] values)
    {
        using var command = connection.Command(sql, values);
        command.CommandTimeout = secondsMax;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancel,
        params NpgsqlParameter[] values)
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(map(reader));
        return rows;
    }

    /// <summary>The same for one row, with an end to the patience of a caller who asks often.</summary>
    public static async Task<T> ReadOneAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map, int secondsMax,
        CancellationToken cancel, params NpgsqlParameter[] values)
    {
        await using var command = connection.Command(sql, values);
        command.CommandTimeout = secondsMax;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return map(reader);
    }

    /// <summary>How many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Gives up the locks of a session before its connection goes back to the pool.</summary>
    /// <param name="kept">The shared one that every session of its pool has.</param>
    public static async Task EndSessionLocksAsync(this NpgsqlConnection connection, long? kept = null)
    {
        try
        {
            await connection.ExecuteAsync(
                "select pg_advisory_unlock_all()" + (kept is { } key ? $"; select pg_advisory_lock_shared({key})" : ""),
                CancellationToken.None);
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e) || e is InvalidOperationException)
        {
            // It is broken: the server has given the locks up, or does so when it notices.
        }
    }

    public static NpgsqlBatch Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(value);
        batch.BatchCommands.Add(command);
        return batch;
    }

    private static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, NpgsqlParameter[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            // A parameter that was sent before, on a connection that was broken, still belongs to that command.
            command.Parameters.Add(value.Collection is null ? value : value.Clone());
        }

        return command;
    }
}
