using Lifecycle.Benchmarks.Load;
using Npgsql;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>Reads the table of customers by binary COPY, as bytes that nobody looks at.</summary>
internal sealed record CopyOutJob(string ConnectionString, double Seconds) : Job
{
    public override async Task<LoadResult> RunAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from lifecycle.customers", connection);
        var each = (long)(await count.ExecuteScalarAsync())!;
        var buffer = new byte[256 << 10];
        var (rows, clock) = (0L, LoadClock.Start());
        do
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(
                "copy lifecycle.customers to stdout (format binary)");
            while (await copy.ReadAsync(buffer.AsMemory(), CancellationToken.None) > 0)
            {
                // Counted before: nothing writes meanwhile.
            }

            rows += each;
        }
        while (clock.Elapsed.TotalSeconds < Seconds);

        return clock.End(rows);
    }
}
