using System.Globalization;
using Lifecycle.Domain.Entries;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lifecycle.Engine.Sqlite;

/// <summary>One connection and its prepared statements, used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public SqliteSession(string path, SqliteOpenMode mode, int busySecondsMax)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            // The store has its own pools; this one would keep files open after they were closed.
            Pooling = false,
            DefaultTimeout = busySecondsMax,
        }.ConnectionString);
        try
        {
            _connection.Open();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>For what the driver has no call for.</summary>
    public sqlite3 Handle => _connection.Handle!;

    /// <summary>Answers how many rows were changed. Parameters are $1, $2… in the order of the values.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>The reader is to be disposed before the same statement is run again.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) =>
        Prepare(sql, values).ExecuteReader();

    public List<T> ReadAll<T>(Func<SqliteDataReader, T> map, string sql, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = Query(sql, values);
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public long? ReadNumber(string sql, params ReadOnlySpan<object?> values) =>
        Prepare(sql, values).ExecuteScalar() is long number ? number : null;

    /// <summary>The first column of the first row as text; null when there is none. For what is run once.</summary>
    public string? ReadText(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Create(sql, values);
        return command.ExecuteScalar() is { } value and not DBNull
            ? Convert.ToString(value, CultureInfo.InvariantCulture)
            : null;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Create(sql, values);
            _commands.Add(sql, command);
            return command;
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = Stored(values[i]);
        return command;
    }

    private SqliteCommand Create(string sql, ReadOnlySpan<object?> values)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every caller gives a constant, or a pragma made from constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"${i + 1}");
            command.Parameters.AddWithValue(name, Stored(values[i]));
        }

        return command;
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        Hash16 hash => hash.ToArray(),
        _ => value,
    };
}
