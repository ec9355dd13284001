using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Postgres.Tests.Support;
using Npgsql;

namespace Lifecycle.Benchmarks.Tests;

/// <summary>A baseline that does less than it says would be no baseline.</summary>
public sealed class SqlBaselineTests(TestServer server) : IAsyncLifetime
{
    private const int Customers = 50;

    private static readonly DateTime At = new(2026, 11, 20, 9, 30, 0, DateTimeKind.Utc);

    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateEmptyAsync();
        await SqlSchema.MakeAsync(_database, Customers, events: 100, Enum.GetValues<SqlForm>(), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_database.Length > 0) await server.DropAsync(_database);
    }

    [Fact]
    public async Task An_event_counts_once_however_often_it_comes()
    {
        var e = Guid.NewGuid();

        for (var i = 0; i < 2; i++) await TakeAsync(e, customer: 7, SqlEvent.Order, points: 12, spend: 1_200);

        Assert.Equal(
            "12|1200|1|1", await ReadAsync("select points, spend, orders, stage from customers where customer = 7"));
        Assert.Equal("1200|1|0|0", await ReadAsync(
            "select spend, orders, visits, views from customer_days where customer = 7 and day = current_date"));
    }

    [Fact]
    public async Task A_set_leaves_what_its_events_leave_one_by_one()
    {
        var events = Enumerable.Range(0, 60).Select(i => (
            Event: Guid.NewGuid(), Customer: (long)(i % 9), Kind: (short)(i % 3), Points: i, Spend: i * 100L)).ToList();
        foreach (var e in events) await TakeAsync(e.Event, e.Customer + 20, e.Kind, e.Points, e.Spend);
        // Again with half of them taken already.
        await TakeAsync([.. events.Take(30).Select(e => e with { Event = Guid.NewGuid() })]);
        var rest = events.Skip(30).Select(e => e with { Event = Guid.NewGuid() }).ToList();
        await TakeAsync(rest);
        await TakeAsync(rest);

        const string Sums =
            "select string_agg(concat_ws('|', customer % 20, version, points, spend, orders, stage), ' ' order by customer) "
            + "from customers where customer between {0} and {0} + 8";
        const string Days = "select sum(visits), sum(views), sum(orders), sum(spend) from customer_days where customer";
        Assert.Equal(
            await ReadAsync(Sums.Replace("{0}", "20", StringComparison.Ordinal)),
            await ReadAsync(Sums.Replace("{0}", "0", StringComparison.Ordinal)));
        Assert.Equal(
            await ReadAsync($"{Days} >= 20"),
            await ReadAsync($"{Days} < 20"));
    }

    [Theory]
    [InlineData("One")]
    [InlineData("Many")]
    [InlineData("ManyCounters")]
    [InlineData("State")]
    public async Task Each_form_runs_and_what_it_counts_is_stored(string form)
    {
        var job = new SqlJob(_database, Enum.Parse<SqlForm>(form), new(Customers, Choice.Zipf), 4, Seconds: 0.2);

        var result = await job.RunAsync();

        var table = form == "State" ? "states" : form == "ManyCounters" ? "counters" : "customers";
        Assert.True(result.Units > 0);
        Assert.Equal(
            result.Units.ToString("0", System.Globalization.CultureInfo.InvariantCulture),
            await ReadAsync($"select sum(version) from {table}"));
    }

    private async Task TakeAsync(Guid e, long customer, short kind, int points, long spend)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(SqlSchema.One, connection)
        {
            Parameters =
            {
                new() { Value = e }, new() { Value = customer }, new() { Value = kind }, new() { Value = At },
                new() { Value = Array.Empty<byte>() }, new() { Value = points }, new() { Value = spend },
            },
        };
        await command.ExecuteNonQueryAsync();
    }

    private async Task TakeAsync(List<(Guid Event, long Customer, short Kind, int Points, long Spend)> events)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(SqlSchema.Many, connection)
        {
            Parameters =
            {
                Of(e => e.Event), Of(e => e.Customer), Of(e => e.Kind), Of(_ => At), Of(_ => Array.Empty<byte>()),
                Of(e => e.Points), Of(e => e.Spend),
            },
        };
        await command.ExecuteNonQueryAsync();

        NpgsqlParameter Of<T>(Func<(Guid Event, long Customer, short Kind, int Points, long Spend), T> column) =>
            new() { Value = events.Select(column).ToArray() };
    }

    private async Task<string> ReadAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i)));
    }
}
