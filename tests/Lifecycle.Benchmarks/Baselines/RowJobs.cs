using Lifecycle.Benchmarks.Load;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>Reads rows of our table of customers by their keys, at random, prepared, and looks at none.</summary>
/// <param name="Folder">A data folder, which its server may use meanwhile.</param>
internal sealed record SqliteRowJob(string Folder, double Seconds) : Job
{
    private const int Connections = 2;

    public override Task<LoadResult> RunAsync()
    {
        var path = Path.Combine(Folder, "projection.db");
        var readers = Enumerable.Range(0, Connections).Select(_ => new Reader(path)).ToList();
        var clock = LoadClock.Start();
        Threads.RunAll([.. readers.Select<Reader, Action>(reader => () => reader.Run(clock, Seconds))]);
        var result = clock.End(readers.Sum(reader => reader.Count));
        foreach (var reader in readers) reader.Dispose();
        return Task.FromResult(result);
    }

    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _command;
        private readonly byte[][] _keys;

        public Reader(string path)
        {
            _connection = new($"Data Source={path};Mode=ReadOnly;Pooling=False");
            _connection.Open();
            using var keys = _connection.CreateCommand();
            keys.CommandText = "select customer from customers limit 200000";
            using (var reader = keys.ExecuteReader()) _keys = [.. Keys(reader)];
            Random.Shared.Shuffle(_keys);
            _command = _connection.CreateCommand();
            _command.CommandText = "select * from customers where customer = $1";
            _command.Parameters.Add(new() { ParameterName = "$1" });
        }

        public long Count { get; private set; }

        public void Run(LoadClock clock, double seconds)
        {
            var values = new object[64];
            for (; clock.Elapsed.TotalSeconds < seconds; Count++)
            {
                _command.Parameters[0].Value = _keys[Count % _keys.Length];
                using var reader = _command.ExecuteReader();
                if (!reader.Read()) throw new InvalidOperationException("A row is missing.");
                reader.GetValues(values);
            }
        }

        public void Dispose()
        {
            _command.Dispose();
            _connection.Dispose();
        }

        private static IEnumerable<byte[]> Keys(SqliteDataReader reader)
        {
            while (reader.Read()) yield return (byte[])reader.GetValue(0);
        }
    }
}

/// <summary>The same on PostgreSQL, a round trip each.</summary>
internal sealed record SqlRowJob(string ConnectionString, double Seconds) : Job
{
    private const int Connections = 32;

    public override Task<LoadResult> RunAsync()
    {
        var keys = ReadKeys();
        Random.Shared.Shuffle(keys);
        var counts = new long[Connections];
        var commands = Enumerable.Range(0, Connections).Select(_ => Open()).ToArray();
        try
        {
            var clock = LoadClock.Start();
            Threads.RunAll(
            [
                .. Enumerable.Range(0, Connections).Select<int, Action>(
                    i => () => counts[i] = Read(commands[i], keys, i, clock)),
            ]);
            return Task.FromResult(clock.End(counts.Sum()));
        }
        finally
        {
            foreach (var command in commands) command.Connection!.Dispose();
        }
    }

    private NpgsqlCommand Open()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        var command = new NpgsqlCommand("select * from lifecycle.customers where customer = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid>());
        command.Prepare();
        return command;
    }

    private long Read(NpgsqlCommand command, Guid[] keys, int first, LoadClock clock)
    {
        var key = (NpgsqlParameter<Guid>)command.Parameters[0];
        var (count, values) = (0L, new object[64]);
        for (; clock.Elapsed.TotalSeconds < Seconds; count++)
        {
            key.TypedValue = keys[(first + count * Connections) % keys.Length];
            using var reader = command.ExecuteReader();
            if (!reader.Read()) throw new InvalidOperationException("A row is missing.");
            reader.GetValues(values);
        }

        return count;
    }

    private Guid[] ReadKeys()
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("select customer from lifecycle.customers limit 200000", connection);
        using var reader = command.ExecuteReader();
        var keys = new List<Guid>();
        while (reader.Read()) keys.Add(reader.GetGuid(0));
        return [.. keys];
    }
}
