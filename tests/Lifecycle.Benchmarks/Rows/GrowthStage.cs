using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Growth;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>The journal of many customers beside one of few: what growing costs.</summary>
internal sealed class GrowthStage : Stage
{
    private const int Few = 10_000;

    private readonly Setting _setting;
    private readonly string _folder;
    private readonly PostgresSource? _postgres;
    private WorkerProcess? _worker;

    public GrowthStage(Setting setting, bool postgres)
    {
        _setting = setting;
        var (key, name) = postgres ? ("postgres", "PostgreSQL") : ("sqlite", "SQLite");
        _folder = Path.Combine(setting.Folder, $"growth-{key}");
        _postgres = postgres ? new(_folder, setting.Conditions) : null;
        var many = setting.Options.Many;
        Rows =
        [
            Row(
                $"{key}-growth-append", $"{name} journal append, {many:N0} customers", "entries/s",
                (store, seconds) => new GrowthAppendJob(store, seconds)),
            Row(
                $"{key}-growth-read", $"{name} journal read, {many:N0} customers", "reads/s",
                (store, seconds) => new GrowthReadJob(store, seconds)),
        ];
    }

    public override IReadOnlyList<Row> Rows { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        _worker = WorkerProcess.Start();
        foreach (var (name, customers) in new[] { ("few", Few), ("many", _setting.Options.Many) })
        {
            var database = _postgres is null ? null : await _postgres.NewDatabaseAsync(name, cancel);
            await _worker.RunAsync(new GrowthOpenJob(name, Path.Combine(_folder, name), database, customers), cancel);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_worker is not null) await _worker.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private Row Row(string name, string what, string unit, Func<string, double, Job> job)
    {
        var few = Of("few") with { Name = $"of {Few:N0} customers" };
        return new(name, what, Of("many"), new Comparison(few, Target.Share(0.75)));

        Contender Of(string store) => new(
            what, unit,
            async (time, cancel) => new((await _worker!.RunAsync(job(store, time.TotalSeconds), cancel)).Rate));
    }
}
