using System.Security.Cryptography;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Engine.Sqlite;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>
/// What one would write by hand: prepared inserts of the journal's columns with the journal's indexes, some to a
/// transaction, each on the disk when it returns. It checks nothing: no hash chain, no duplicates, no heads.
/// </summary>
/// <param name="Folder">Where its file is made, once for each size of transaction; it grows from round to round.</param>
/// <param name="Journal">A folder of ours, whose entries lend their bodies.</param>
/// <param name="Prefill">Rows that the table has at the start, as many as ours.</param>
internal sealed record SqliteInsertJob(
    string Folder, string Journal, Crowd Crowd, int Prefill, int Transaction, double Seconds) : Job
{
    private const int BodiesMax = 20_000;

    private const string Schema =
        """
        create table journal (
            position integer primary key, customer blob not null, seq integer not null, event_key blob,
            occurred_at integer not null, recorded_at integer not null, at integer not null,
            prev blob not null, hash blob not null, body blob not null) strict;
        create unique index journal_customer_seq on journal (customer, seq);
        create unique index journal_event_key on journal (event_key) where event_key is not null;
        """;

    private const string Insert =
        """
        insert into journal (customer, seq, event_key, occurred_at, recorded_at, at, prev, hash, body)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    /// <summary>From round to round, as ours is: an empty cache would be measured else.</summary>
    private static readonly Dictionary<string, (SqliteConnection Connection, Rows Rows)> Open = [];

    public override async Task<LoadResult> RunAsync()
    {
        if (!Open.TryGetValue(Folder, out var open)) Open[Folder] = open = await OpenAsync();
        var clock = LoadClock.Start();
        var count = 0L;
        while (clock.Elapsed.TotalSeconds < Seconds)
        {
            InTransaction(open.Connection, open.Rows, Transaction);
            count += Transaction;
        }

        return clock.End(count);
    }

    private async Task<(SqliteConnection Connection, Rows Rows)> OpenAsync()
    {
        var bodies = await BodiesAsync();
        Directory.CreateDirectory(Folder);
        var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "inserts.db")};Pooling=False");
        connection.Open();
        // The size of the cache and of the log as ours; erasing securely is a promise of ours and not of this.
        Execute(connection, "pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536;");
        Execute(connection, "pragma wal_autocheckpoint = 8192;");
        Execute(connection, Schema);
        var rows = new Rows(Prepare(connection), bodies, Crowd);
        InTransaction(connection, rows, Prefill);
        return (connection, rows);
    }

    private async Task<List<byte[]>> BodiesAsync()
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(Journal);
        var rows = await store.Journal.ReadFeedAsync(0, BodiesMax, CancellationToken.None);
        return [.. rows.Select(row => row.Body.ToArray())];
    }

    private static void InTransaction(SqliteConnection connection, Rows rows, int count)
    {
        using var transaction = connection.BeginTransaction();
        rows.Insert(transaction, count);
        transaction.Commit();
    }

    private static SqliteCommand Prepare(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = Insert;
        for (var i = 1; i <= 9; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return command;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Rows as ours are: keys that are hashes, a hot customer more often than others.</summary>
    private sealed class Rows
    {
        private readonly SqliteCommand _command;
        private readonly List<byte[]> _bodies;
        private readonly byte[][] _customers;
        private readonly long[] _seqs;
        private readonly Draw _draw;
        private readonly Random _random = new();

        public Rows(SqliteCommand command, List<byte[]> bodies, Crowd crowd)
        {
            (_command, _bodies) = (command, bodies);
            _customers =
                [.. Enumerable.Range(0, crowd.Count).Select(i => SHA256.HashData(BitConverter.GetBytes(i))[..16])];
            _seqs = new long[_customers.Length];
            _draw = Draw.For(crowd, 1)[0];
        }

        public void Insert(SqliteTransaction transaction, int count)
        {
            _command.Transaction = transaction;
            var now = DateTime.UtcNow.Ticks / 10;
            for (var i = 0; i < count; i++)
            {
                _draw.TryNext(out var customer);
                Set(0, _customers[customer]);
                Set(1, ++_seqs[customer]);
                Set(2, Hash());
                for (var column = 3; column < 6; column++) Set(column, now);
                Set(6, Hash());
                Set(7, Hash());
                Set(8, _bodies[_random.Next(_bodies.Count)]);
                _command.ExecuteNonQuery();
            }
        }

        private void Set(int index, object value) => _command.Parameters[index].Value = value;

        private byte[] Hash()
        {
            var hash = new byte[16];
            _random.NextBytes(hash);
            return hash;
        }
    }
}
