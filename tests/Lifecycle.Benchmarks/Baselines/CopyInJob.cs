using System.Security.Cryptography;
using Lifecycle.Benchmarks.Load;
using Npgsql;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>
/// What the database itself can take: binary COPY of the journal's rows, and of their keys, into the very tables and
/// indexes that ours writes, with nothing checked and nobody waiting for an answer. Ours cannot be faster.
/// </summary>
/// <param name="ConnectionString">Of a database with our tables and no server of ours.</param>
/// <param name="Ours">Of a database of ours, whose entries lend their bodies.</param>
internal sealed record CopyInJob(
    string ConnectionString, string Ours, Crowd Crowd, int Connections, double Seconds) : Job
{
    /// <summary>As many as one transaction of ours may hold.</summary>
    public const int Transaction = 4_096;

    private const int BodiesMax = 20_000;

    /// <summary>A prefill: whole transactions, until there are as many rows.</summary>
    public long RowsMax { get; init; } = long.MaxValue;

    public override async Task<LoadResult> RunAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var ours = NpgsqlDataSource.Create(Ours);
        var bodies = await ReadAsync(
            ours, $"select body from lifecycle.journal limit {BodiesMax}", reader => (byte[])reader.GetValue(0));
        var seqs = (await ReadAsync(
            source, "select customer, max(seq) from lifecycle.journal group by customer",
            reader => (reader.GetGuid(0), reader.GetInt64(1)))).ToDictionary();
        var customers = Enumerable.Range(0, Crowd.Count)
            .Select(i => new Guid(SHA256.HashData(BitConverter.GetBytes(i))[..16])).ToArray();
        var draws = Draw.For(Crowd, Connections);
        var clock = LoadClock.Start();
        var counts = await Task.WhenAll(draws.Select((draw, lane) => Task.Run(() => FillAsync(
            source, new CopyRows(bodies, customers, [.. customers.Select(c => seqs.GetValueOrDefault(c))], draw)
            {
                Lane = lane, Lanes = Connections,
            },
            clock))));
        return clock.End(counts.Sum());
    }

    private async Task<long> FillAsync(NpgsqlDataSource source, CopyRows rows, LoadClock clock)
    {
        await using var connection = await source.OpenConnectionAsync();
        var count = 0L;
        while (clock.Elapsed.TotalSeconds < Seconds && count * Connections < RowsMax)
        {
            rows.Draw(Transaction);
            await using var transaction = await connection.BeginTransactionAsync();
            await CopyAsync(connection, CopyRows.CopyKeys, rows.RenderKeys());
            await CopyAsync(connection, CopyRows.CopyJournal, rows.RenderJournal());
            await transaction.CommitAsync();
            count += Transaction;
        }

        return count;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string command, ReadOnlyMemory<byte> rows)
    {
        const int Part = 256 << 10;
        await using var copy = await connection.BeginRawBinaryCopyAsync(command);
        // The server begins with the first while the next are on their way.
        for (; rows.Length > Part; rows = rows[Part..]) await copy.WriteAsync(rows[..Part]);
        await copy.WriteAsync(rows);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlDataSource source, string sql, Func<NpgsqlDataReader, T> map)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(map(reader));
        return rows;
    }
}
