using System.Diagnostics;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Benchmarks.Growth;

/// <summary>
/// A store with many customers, driven by its port: what a journal of a million customers costs more than one of ten
/// thousand is the store's alone.
/// </summary>
internal sealed class GrownStore
{
    /// <summary>Stores stay open from job to job: an empty cache would be measured else.</summary>
    public static readonly Dictionary<string, GrownStore> All = [];

    private const int FillRows = 4_000;
    private const int AppendRows = 500;
    private const int Readers = 4;

    // What an entry of the mix of events takes.
    private const int BodyBytes = 160;

    private readonly IStore _store;
    private readonly CustomerKey[] _keys;
    private readonly long[] _seqs;
    private readonly Hash16[] _hashes;
    private readonly Random _random = new(4);

    private GrownStore(IStore store, int customers)
    {
        _store = store;
        _keys = [.. Enumerable.Range(0, customers).Select(_ => new CustomerKey(NextHash()))];
        (_seqs, _hashes) = (new long[customers], new Hash16[customers]);
    }

    public static async Task<GrownStore> MakeAsync(string folder, string? connectionString, int customers)
    {
        IStore store = connectionString is null
            ? await SqliteStore.OpenAsync(new() { Folder = folder }, TimeProvider.System, NullLogger.Instance)
            : await PostgresStore.OpenAsync(
                new() { ConnectionString = connectionString }, TimeProvider.System, NullLogger.Instance,
                CancellationToken.None);
        var grown = new GrownStore(store, customers);
        for (var first = 0; first < customers; first += FillRows)
            await grown.AppendAsync([.. Enumerable.Range(first, Math.Min(FillRows, customers - first))]);
        return grown;
    }

    /// <summary>Entries a second; only the appending counts, not the making of batches.</summary>
    public async Task<LoadResult> AppendAsync(double seconds)
    {
        var (count, time) = (0L, TimeSpan.Zero);
        while (time.TotalSeconds < seconds)
        {
            var customers = new HashSet<int>();
            while (customers.Count < AppendRows) customers.Add(_random.Next(_keys.Length));
            time += await AppendAsync([.. customers]);
            count += AppendRows;
        }

        return new(count, time.TotalSeconds, 0);
    }

    public async Task<LoadResult> ReadAsync(double seconds)
    {
        var clock = LoadClock.Start();
        var counts = await Task.WhenAll(Enumerable.Range(0, Readers).Select(seed => Task.Run(async () =>
        {
            var (count, random) = (0L, new Random(seed));
            for (; clock.Elapsed.TotalSeconds < seconds; count++)
            {
                var customer = random.Next(_keys.Length);
                var rows = await _store.Journal.ReadBackAsync(
                    _keys[customer], long.MaxValue, 1, CancellationToken.None);
                if (rows is not [var row] || row.Hash != _hashes[customer])
                    throw new InvalidOperationException("The last entry is not the one that was written.");
            }

            return count;
        })));
        return clock.End(counts.Sum());
    }

    private async Task<TimeSpan> AppendAsync(int[] customers)
    {
        Array.Sort(customers, (a, b) => _keys[a].CompareTo(_keys[b]));
        var now = Instant.From(DateTimeOffset.UtcNow);
        JournalRow[] rows = [.. customers.Select(customer => Next(customer, now))];
        var first = customers.Where(customer => _seqs[customer] == 1);
        var batch = new JournalBatch(
            rows, [.. first.Select(c => new NewCustomer(_keys[c], EventMix.CustomerId(c), now))], []);
        var start = Stopwatch.GetTimestamp();
        var result = await _store.Journal.AppendAsync(batch, CancellationToken.None);
        var time = Stopwatch.GetElapsedTime(start);
        if (result.Conflicts.Count > 0) throw new InvalidOperationException("The store took another history for ours.");
        return time;
    }

    private JournalRow Next(int customer, Instant now)
    {
        var body = new byte[BodyBytes];
        _random.NextBytes(body);
        var hash = NextHash();
        var row = new JournalRow(
            _keys[customer], ++_seqs[customer], NextHash(), now, now, now, _hashes[customer], hash, body);
        _hashes[customer] = hash;
        return row;
    }

    private Hash16 NextHash()
    {
        Span<byte> bytes = stackalloc byte[Hash16.Size];
        _random.NextBytes(bytes);
        return Hash16.Read(bytes);
    }
}
