using System.Text.Json.Serialization;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Npgsql;
using NpgsqlTypes;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>How events are written without Lifecycle.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SqlForm>))]
internal enum SqlForm
{
    /// <summary>A round trip and a transaction for each event, by a server function.</summary>
    One,

    /// <summary>A statement, which is a transaction, for each hundred events.</summary>
    Many,

    /// <summary>The same with windows that do not roll.</summary>
    ManyCounters,

    /// <summary>Each event overwrites the state of its customer, as a stored grain or actor does.</summary>
    State,
}

/// <summary>Runs prepared statements on connections that stay open, each with a thread of its own.</summary>
internal sealed record SqlJob(string ConnectionString, SqlForm Form, Crowd Crowd, int Connections, double Seconds) : Job
{
    private const int ManyEvents = 100;
    private const int StateBytes = 600;

    public override Task<LoadResult> RunAsync()
    {
        var draws = Draw.For(Crowd, Connections);
        var writers = draws.Select((draw, i) => new Writer(this, draw, i)).ToList();
        try
        {
            var clock = LoadClock.Start();
            Threads.RunAll([.. writers.Select<Writer, Action>(writer => () => writer.Run(clock))]);
            var latency = new LatencyHistogram();
            foreach (var writer in writers) latency.Add(writer.Latency);
            return Task.FromResult(clock.End(writers.Sum(writer => writer.Units), latency));
        }
        finally
        {
            foreach (var writer in writers) writer.Dispose();
        }
    }

    private sealed class Writer : IDisposable
    {
        private readonly SqlJob _job;
        private readonly Draw _draw;
        private readonly Random _random;
        private readonly NpgsqlConnection _connection;
        private readonly NpgsqlCommand _command;

        public Writer(SqlJob job, Draw draw, int seed)
        {
            (_job, _draw, _random) = (job, draw, new Random(seed));
            // From round to round it is the same one, with what was planned and prepared on it, as ours are.
            _connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(job.ConnectionString) { NoResetOnClose = true }.ConnectionString);
            _connection.Open();
            _command = job.Form switch
            {
                SqlForm.One => Command(SqlSchema.One, 0),
                SqlForm.Many => Command(SqlSchema.Many, NpgsqlDbType.Array),
                SqlForm.ManyCounters => Command(SqlSchema.ManyCounters, NpgsqlDbType.Array),
                _ => new NpgsqlCommand(SqlSchema.State, _connection)
                {
                    Parameters = { Typed(NpgsqlDbType.Bigint), Typed(NpgsqlDbType.Bytea) },
                },
            };
            _command.Prepare();
        }

        public LatencyHistogram Latency { get; } = new();

        public long Units { get; private set; }

        public void Run(LoadClock clock)
        {
            while (clock.Elapsed.TotalSeconds < _job.Seconds)
            {
                var units = Fill();
                var start = clock.Elapsed;
                _command.ExecuteNonQuery();
                Latency.Record(clock.Elapsed - start);
                Units += units;
            }
        }

        public void Dispose()
        {
            _command.Dispose();
            _connection.Dispose();
        }

        private int Fill() => _job.Form switch
        {
            SqlForm.One => FillOne(),
            SqlForm.Many or SqlForm.ManyCounters => FillMany(),
            _ => FillState(),
        };

        private int FillOne()
        {
            var (id, customer, kind, at, data, points, spend) = SqlEvent.Next(_draw, _random);
            Set(id, customer, kind, at, data, points, spend);
            return 1;
        }

        private int FillMany()
        {
            var events = new SqlEvent[ManyEvents];
            for (var i = 0; i < events.Length; i++) events[i] = SqlEvent.Next(_draw, _random);
            Set(
                Array.ConvertAll(events, e => e.Event), Array.ConvertAll(events, e => e.Customer),
                Array.ConvertAll(events, e => e.Kind), Array.ConvertAll(events, e => e.OccurredAt),
                Array.ConvertAll(events, e => e.Data), Array.ConvertAll(events, e => e.Points),
                Array.ConvertAll(events, e => e.Spend));
            return ManyEvents;
        }

        private int FillState()
        {
            _draw.TryNext(out var customer);
            var state = new byte[StateBytes];
            _random.NextBytes(state);
            Set((long)customer, state);
            return 1;
        }

        private void Set(params ReadOnlySpan<object> values)
        {
            for (var i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i];
        }

        private NpgsqlCommand Command(string sql, NpgsqlDbType array)
        {
            NpgsqlDbType[] types =
            [
                NpgsqlDbType.Uuid, NpgsqlDbType.Bigint, NpgsqlDbType.Smallint, NpgsqlDbType.TimestampTz,
                NpgsqlDbType.Bytea, NpgsqlDbType.Integer, NpgsqlDbType.Bigint,
            ];
#pragma warning disable CA2100 // A constant of SqlSchema.
            var command = new NpgsqlCommand(sql, _connection);
#pragma warning restore CA2100
            foreach (var type in types) command.Parameters.Add(Typed(type | array));
            return command;
        }

        private static NpgsqlParameter Typed(NpgsqlDbType type) => new() { NpgsqlDbType = type };
    }
}
