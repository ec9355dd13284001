using System.Data;
using System.Data.Common;
using Npgsql;

namespace Lifecycle.Postgres.Tests.Support;

/// <summary>The statements of <c>OrleansQuery</c>, run as the providers do: parameters by name and type.</summary>
public sealed class StoredQueries : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly Dictionary<string, string> _texts = [];

    private StoredQueries(NpgsqlConnection connection) => _connection = connection;

    public IReadOnlyCollection<string> Keys => _texts.Keys;

    public static async Task<StoredQueries> OpenAsync(string database, CancellationToken cancel)
    {
        var settings = new NpgsqlConnectionStringBuilder(database) { Pooling = false, SearchPath = "lifecycle" };
        var queries = new StoredQueries(new(settings.ConnectionString));
        await queries._connection.OpenAsync(cancel);
        const string sql = "SELECT QueryKey, QueryText FROM OrleansQuery";
        await using var command = new NpgsqlCommand(sql, queries._connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) queries._texts.Add(reader.GetString(0), reader.GetString(1));
        return queries;
    }

    /// <summary>The rows it answers, each with its columns by name.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> RunAsync(
        string key, CancellationToken cancel, params DbParameter[] values)
    {
        await using var command = new NpgsqlCommand(_texts[key], _connection);
        command.Parameters.AddRange(values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i), StringComparer.OrdinalIgnoreCase));
        }

        return rows;
    }

    /// <summary>The one value that it answers.</summary>
    public async Task<object?> AskAsync(string key, CancellationToken cancel, params DbParameter[] values) =>
        (await RunAsync(key, cancel, values)).Single().Values.Single();

    public static DbParameter Of(string name, string? value) => Of(name, DbType.String, value);

    public static DbParameter Of(string name, int value) => Of(name, DbType.Int32, value);

    public static DbParameter Of(string name, int? value) => Of(name, DbType.Int32, value);

    public static DbParameter Of(string name, long value) => Of(name, DbType.Int64, value);

    public static DbParameter Of(string name, DateTime value) => Of(name, DbType.DateTime, value);

    public static DbParameter Of(string name, byte[] value) => Of(name, DbType.Binary, value);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static NpgsqlParameter Of(string name, DbType type, object? value) =>
        new() { ParameterName = name, DbType = type, Value = value ?? DBNull.Value };
}
