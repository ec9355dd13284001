using System.Diagnostics;
using Lifecycle.Crash.Judging;
using Lifecycle.Crash.Load;
using Lifecycle.Crash.Machine;

namespace Lifecycle.Crash;

/// <summary>
/// A real server under load, killed and stopped at random instants, and compared with what its clients were told.
/// </summary>
public sealed class CrashRun(CrashOptions options, Action<string> say)
{
    /// <summary>Inputs acknowledged between two crashes, at least.</summary>
    private const int InputsBetween = 40;
    private const int AimMillisecondsMax = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(15);

    private readonly Faults _faults = new();
    private readonly Random _random = new(options.Seed);
    private readonly SortedDictionary<string, int> _kills = [];
    private readonly SortedDictionary<string, int> _stops = [];
    private int _underWrites;
    private long _said;

    /// <summary>Runs it; the data is kept where something is wrong.</summary>
    public async Task<CrashFigures> RunAsync(CancellationToken cancel)
    {
        using var folder = new RunFolder(options.Folder, $"lifecycle-crash-{options.Store}", _faults, say);
        using var log = new ServerLog(folder.LogPath);
        using var traffic = new TrafficOfRun(options.Seed, options.Customers, _faults);
        await using var site = new SiteOfRun(
            StoreOfRun.Of(options.Store, folder.Path), traffic, log, options.Lease);
        var start = _said = Stopwatch.GetTimestamp();
        var stops = new StopPastLease(site, traffic, options, _random);
        var comparison = new Comparison(traffic);
        try
        {
            await site.Store.StartAsync(cancel);
            await site.StartAsync(cancel);
            traffic.Start(options.Writers, options.Readers);
            await GoThroughAsync(site, stops, comparison, traffic, start, cancel);
            await EndAsync(site, comparison, traffic, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _faults.Add($"The run broke off: {e.Message}");
            log.Write(e.ToString());
        }

        return FiguresOf(site, stops, comparison, traffic, start);
    }

    private async Task GoThroughAsync(
        SiteOfRun site, StopPastLease stops, Comparison comparison, TrafficOfRun traffic, long start,
        CancellationToken cancel)
    {
        var killed = 0;
        foreach (var isKill in Draw())
        {
            if (_faults.Count > 0 || Stopwatch.GetElapsedTime(start) > options.Longest) return;
            await traffic.FlowAsync(InputsBetween, Patience, cancel);
            await Task.Delay(options.CalmMax * _random.NextDouble(), cancel);
            if (isKill)
            {
                await KillAsync(site, traffic, cancel);
                if (++killed % options.CompareEvery == 0) await comparison.RunAsync(cancel);
            }
            else
            {
                await AimAsync(traffic, cancel);
                // One in four alone; one in four just where it is, which may be inside a transaction.
                var kind = _stops.Values.Sum() % 4;
                var how = await stops.RunAsync(takeOver: kind != 1, insist: kind is 0 or 2, cancel);
                _stops[how] = _stops.GetValueOrDefault(how) + 1;
            }

            traffic.Customers.MoveOn();
            if (site.Server.HasDied) _faults.Add($"{site.Server.Name} ended by itself.");
            Say(killed, traffic, start);
        }
    }

    /// <summary>Kills and stops, mixed.</summary>
    private bool[] Draw()
    {
        var acts = Enumerable.Range(0, options.Kills + options.Stops).Select(i => i < options.Kills).ToArray();
        _random.Shuffle(acts);
        return acts;
    }

    private async Task KillAsync(SiteOfRun site, TrafficOfRun traffic, CancellationToken cancel)
    {
        // Of a store with a database: the server in a half, the database in three tenths, both in two.
        var drawn = site.Store.HasDatabase ? _random.Next(10) : 0;
        var (server, database) = (drawn < 5 || drawn >= 8, drawn >= 5);
        var what = (server, database) switch { (true, false) => "server", (false, true) => "database", _ => "both" };
        await AimAsync(traffic, cancel);
        if (traffic.Door.WritesUnderWay > 0) _underWrites++;
        await site.CrashAsync(server, database, cancel);
        _kills[what] = _kills.GetValueOrDefault(what) + 1;
    }

    /// <summary>
    /// In two thirds a moment after a request was sent: while it is parsed, decided, committed or answered.
    /// </summary>
    private async Task AimAsync(TrafficOfRun traffic, CancellationToken cancel)
    {
        var delay = _random.Next(AimMillisecondsMax + 1);
        if (_random.Next(3) == 0) return;
        await traffic.Door.NextWriteAsync().WaitAsync(Patience, cancel);
        if (delay > 0) await Task.Delay(delay, cancel);
    }

    private async Task EndAsync(SiteOfRun site, Comparison comparison, TrafficOfRun traffic, CancellationToken cancel)
    {
        await traffic.EndAsync();
        await comparison.RunAsync(cancel);
        await site.Server.TerminateAsync();
        await site.StartAsync(cancel);
        await comparison.RunAnewAsync(cancel);
    }

    private void Say(int killed, TrafficOfRun traffic, long start)
    {
        if (Stopwatch.GetElapsedTime(_said) < SayEvery) return;
        _said = Stopwatch.GetTimestamp();
        say(
            $"{Stopwatch.GetElapsedTime(start).TotalSeconds,5:F0} s: {killed} kills, {_stops.Values.Sum()} stops, "
            + $"{traffic.Ledger.Acknowledged} acknowledged, {traffic.Reads} reads, {traffic.Sightings.Stale} stale, "
            + $"{_faults.Count} faults");
    }

    private CrashFigures FiguresOf(
        SiteOfRun site, StopPastLease stops, Comparison comparison, TrafficOfRun traffic, long start) => new()
    {
        Options = options, Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Kills = _kills,
        KillsUnderWrites = _underWrites, Stops = _stops, AfterStops = stops.Reads, Comparisons = comparison.Times,
        Sent = traffic.Ledger.Sent, Acknowledged = traffic.Ledger.Acknowledged, Unknown = traffic.Ledger.Unknown,
        Retried = traffic.Ledger.Retried, Duplicates = traffic.Ledger.Duplicates, Refusals = traffic.Ledger.Refusals,
        Later = traffic.Later, Reads = traffic.Reads, StaleReads = traffic.Sightings.Stale,
        Entries = comparison.Entries, LongestRestart = site.LongestRestart, Faults = _faults.Shown,
        FaultCount = _faults.Count,
    };
}
