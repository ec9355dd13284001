using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Histories;
using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>What a customer with a year of orders costs: to fold, and to keep in memory.</summary>
internal sealed class MemoryStage : Stage
{
    private const int ResidentBytesMax = 1_500;
    private const int FoldedPerSecond = 500_000;
    private static readonly int[] Counts = [10_000, 100_000, 1_000_000];

    private readonly Setting _setting;
    private readonly string _folder;
    private readonly string _history;

    public MemoryStage(Setting setting)
    {
        _setting = setting;
        _folder = Path.Combine(setting.Folder, "memory");
        _history = setting.Options.History ?? Path.Combine(_folder, "history");
        var proven = Fold("fold with the hash chain proven", proven: true);
        Rows =
        [
            new Row("fold", "entries folded from stored bytes, one core", Fold("fold", proven: false))
            {
                Target = Target.AtLeast(FoldedPerSecond),
            },
            new Row("fold-proven", "the same with the hash chain proven", proven),
            .. Counts.Where(count => !setting.Options.IsQuick || count < 1_000_000).Select(
                count => new Row($"memory-{count}", $"heap for each of {count:N0} idle customers", Memory(count))
                {
                    Target = Target.AtMost(ResidentBytesMax),
                }),
            new Row("memory-pack", "customers packed who became idle, one core", Rest("pack", unpacks: false)),
            new Row("memory-unpack", "idle customers unpacked for a use, one core", Rest("unpack", unpacks: true)),
        ];
    }

    public override IReadOnlyList<Row> Rows { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        Directory.CreateDirectory(_folder);
        if (_setting.Options.History is not null) return;
        // As many as the Online Retail data has.
        await using var worker = WorkerProcess.Start();
        await worker.RunAsync(new HistoryJob(_history, _setting.Options.IsQuick ? 1_000 : 4_372), cancel);
    }

    public override ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Contender Fold(string name, bool proven) => new(
        name, "entries/s",
        async (time, cancel) =>
        {
            var load = await _setting.Worker.RunAsync(new FoldJob(_history, proven, time.TotalSeconds), cancel);
            // For each second of a core: the collector's threads count, and what else the machine does does not.
            return new(load.Units / load.ProcessorSeconds);
        });

    private Contender Rest(string name, bool unpacks) => new(
        name, "customers/s",
        async (time, cancel) =>
        {
            var load = await _setting.Worker.RunAsync(new RestJob(_history, unpacks, time.TotalSeconds), cancel);
            return new(load.Units / load.ProcessorSeconds);
        });

    private Contender Memory(int customers) => new(
        $"{customers:N0} in memory", "bytes", async (_, cancel) =>
        {
            await using var worker = WorkerProcess.Start();
            var empty = Path.Combine(_folder, $"host-{customers}");
            return new((await worker.RunAsync(new MemoryJob(_history, empty, customers), cancel)).Units);
        })
    {
        // A heap does not vary with what else the machine does.
        RoundsMax = 1,
        WarmsUp = false,
    };
}
