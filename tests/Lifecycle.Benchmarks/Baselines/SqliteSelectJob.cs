using Lifecycle.Benchmarks.Load;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>Reads every column of every row of the table of customers, as bytes that nobody looks at.</summary>
/// <param name="Folder">A data folder, which its server may use meanwhile.</param>
internal sealed record SqliteSelectJob(string Folder, double Seconds) : Job
{
    public override Task<LoadResult> RunAsync()
    {
        var path = Path.Combine(Folder, "projection.db");
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select * from customers";
        var (rows, clock) = (0L, LoadClock.Start());
        do
        {
            using var reader = command.ExecuteReader();
            var values = new object[reader.FieldCount];
            while (reader.Read())
            {
                reader.GetValues(values);
                rows++;
            }
        }
        while (clock.Elapsed.TotalSeconds < Seconds);

        return Task.FromResult(clock.End(rows));
    }
}
