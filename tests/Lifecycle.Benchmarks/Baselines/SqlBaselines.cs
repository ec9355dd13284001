using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;
using Lifecycle.Benchmarks.Rows;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>The forms of SQL as contenders, in a database of their own on the same server.</summary>
internal sealed class SqlBaselines(Setting setting, PostgresSource source, Crowd crowd)
{
    // More were slower: they wait for the same rows and the same log.
    private const int OneConnections = 32;
    private const int ManyConnections = 8;

    private readonly HashSet<SqlForm> _forms = [];
    private string _database = "";

    public Contender One => field ??= Form("just SQL, 32 connections", SqlForm.One, OneConnections);

    public Contender Many => field ??= Form(
        "set-based SQL, 100 a transaction, 8 connections", SqlForm.Many, ManyConnections);

    public Contender ManyCounters => field ??= Form(
        "the same, windows that never age", SqlForm.ManyCounters, ManyConnections);

    public Contender State => field ??= Form("a state of 600 bytes for each event", SqlForm.State, OneConnections);

    /// <summary>Makes what the forms need that were asked for.</summary>
    /// <param name="events">Rows that the table of events has at the start.</param>
    public async Task PrepareAsync(long events, CancellationToken cancel)
    {
        _database = await source.NewDatabaseAsync("baselines", cancel);
        await SqlSchema.MakeAsync(_database, crowd.Count, events, _forms, cancel);
    }

    private Contender Form(string name, SqlForm form, int connections)
    {
        _forms.Add(form);
        return new(
            name, "events/s", (time, cancel) => Alone.RunAsync(
                setting.Worker, new(null, source.ProcessId),
                new SqlJob(_database, form, crowd, connections, time.TotalSeconds), cancel));
    }
}
