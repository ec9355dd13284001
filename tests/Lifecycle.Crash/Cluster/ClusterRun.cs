using System.Diagnostics;
using Lifecycle.Crash.Judging;
using Lifecycle.Crash.Load;
using Lifecycle.Crash.Machine;

namespace Lifecycle.Crash.Cluster;

/// <summary>
/// A cluster of real processes on one database under load: killed, stopped and restarted at random instants, and
/// compared with what its clients were told.
/// </summary>
public sealed class ClusterRun(CrashOptions options, string program, Action<string> say)
{
    private const int InputsBetween = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Faults _faults = new();
    private readonly Random _random = new(options.Seed);
    private readonly SortedDictionary<string, List<TimeSpan>> _acts = [];
    private readonly Pauses _pauses = new();
    // Pauses that were too long: the run goes on.
    private int _late;
    private readonly long _start = Stopwatch.GetTimestamp();

    private bool IsRolling => options.Rolling > 0;

    /// <summary>Runs it; the data is kept where something is wrong.</summary>
    public async Task<ClusterFigures> RunAsync(CancellationToken cancel)
    {
        using var folder = new RunFolder(options.Folder, "lifecycle-crash-cluster", _faults, say);
        using var traffic = new TrafficOfRun(options.Seed, options.Customers, _faults, isRepeatedInside: true);
        var watch = new Watch(_faults, IsRolling);
        var (comparison, reads) = (new Comparison(traffic), (0L, 0L));
        using var probing = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            // A drain as in Production: the key of a client is easier to come by in Development.
            string[] drain = IsRolling ? ["--Lifecycle:Web:DrainTime=00:00:05"] : [];
            await using var cluster = await ClusterOfRun.StartAsync(
                options, program, folder.Path, watch, traffic, drain, cancel);
            using var asked = cluster.Silos[0].PatientSite();
            comparison = new Comparison(traffic, asked);
            traffic.Start(options.Writers, options.Readers);
            var probes = Task.WhenAll(Enumerable.Range(0, options.Probes).Select(
                i => Task.Run(
                    () => new Probe(i, traffic, traffic.NewReader(), _pauses).RunAsync(probing.Token), cancel)));
            await _pauses.AllAsync(options.Probes, Patience, cancel);
            if (IsRolling) await RollAsync(cluster, traffic, cancel);
            else reads = await GoThroughAsync(cluster, traffic, comparison, cancel);
            await probing.CancelAsync();
            await probes;
            await traffic.EndAsync();
            await comparison.RunAnewAsync(cancel);
            if (options.IsVerified) await StoreCheck.RunAsync(cluster.Database.ConnectionString, _faults, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            _faults.Add($"{Watch.Now} The run broke off: {e.Message}");
            say(e.ToString());
        }

        return new()
        {
            Options = options, Seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds, Acts = _acts,
            AfterStops = reads, Comparisons = comparison.Times, Entries = comparison.Entries, Sent = traffic.Ledger.Sent,
            Acknowledged = traffic.Ledger.Acknowledged, Unknown = traffic.Ledger.Unknown,
            Retried = traffic.Ledger.Retried, Duplicates = traffic.Ledger.Duplicates, Reads = traffic.Reads,
            StaleReads = traffic.Sightings.Stale, Refused = watch.Refused, BrokenOff = watch.BrokenOff,
            Later = watch.ComeBack, Faults = _faults.Shown, FaultCount = _faults.Count,
        };
    }

    private async Task<(long Answered, long Refused)> GoThroughAsync(
        ClusterOfRun cluster, TrafficOfRun traffic, Comparison comparison, CancellationToken cancel)
    {
        var acts = new ClusterActs(cluster, traffic, options, _random);
        var done = 0;
        foreach (var kind in Draw())
        {
            if (_faults.Count > _late || Stopwatch.GetElapsedTime(_start) > options.Longest) break;
            await traffic.FlowAsync(InputsBetween, Patience, cancel);
            await _pauses.AllAsync(options.Probes, Patience, cancel);
            await Task.Delay(options.CalmMax * _random.NextDouble(), cancel);
            _pauses.Next();
            say($"{Watch.Now} {kind}");
            var act = kind switch
            {
                ActKind.KillOne => acts.KillAsync(1, cancel),
                ActKind.KillTwo => acts.KillAsync(2, cancel),
                ActKind.KillDatabase => acts.KillDatabaseAsync(cancel),
                ActKind.Restart => acts.RestartAsync(cancel),
                _ => acts.StopAsync(cancel),
            };
            await act;
            await _pauses.AllAsync(options.Probes, Patience, cancel);
            Note(NameOf(kind) + (act is Task<string> told ? ", " + await told : ""));
            foreach (var silo in acts.Died) _faults.Add($"{silo.Name} ended by itself.");
            traffic.Customers.MoveOn();
            _pauses.MoveOn();
            if (++done % options.CompareEvery == 0) await comparison.RunAsync(cancel);
        }

        return acts.Reads;
    }

    private async Task RollAsync(ClusterOfRun cluster, TrafficOfRun traffic, CancellationToken cancel)
    {
        await using var balancer = new Balancer(cluster, traffic.Door);
        for (var round = 0; round < options.Rolling; round++)
        {
            foreach (var silo in cluster.Silos)
            {
                if (_faults.Count > 0) return;
                await traffic.FlowAsync(InputsBetween, Patience, cancel);
                _pauses.Next();
                say($"{Watch.Now} SIGTERM to {silo.Name}");
                var code = await silo.TerminateAsync();
                if (code != 0) _faults.Add($"{silo.Name} was asked to end, and ended with {code}.");
                await silo.StartAsync(cancel);
                await silo.ReadyAsync(cancel);
                await balancer.HasAsync(silo, Patience, cancel);
                await _pauses.AllAsync(options.Probes, Patience, cancel);
                Note("SIGTERM and a start, in turn");
            }
        }
    }

    private void Note(string act)
    {
        var (pause, customer) = _pauses.Next();
        if (!_acts.TryGetValue(act, out var pauses)) _acts.Add(act, pauses = []);
        pauses.Add(pause);
        say($"{Watch.Now} {act}: pause {pause.TotalSeconds:F1} s ({customer})");
        if (pause > options.PauseLeasesMax * options.Lease)
        {
            _late++;
            _faults.Add(
                $"{Watch.Now} {act}: {customer} was not served for {pause.TotalSeconds:F1} s, "
                + $"more than {options.PauseLeasesMax} times the lease.");
        }
    }

    /// <summary>Of six kills three are of one process, one of two, one of the database, and one is a restart.</summary>
    private ActKind[] Draw()
    {
        ActKind[] deck =
        [
            ActKind.KillOne, ActKind.KillDatabase, options.Silos > 2 ? ActKind.KillTwo : ActKind.KillOne,
            ActKind.KillOne, ActKind.Restart, ActKind.KillOne,
        ];
        ActKind[] acts =
        [
            .. Enumerable.Range(0, options.Kills).Select(i => deck[i % deck.Length]),
            .. Enumerable.Repeat(ActKind.Stop, options.Stops),
        ];
        _random.Shuffle(acts);
        return acts;
    }

    private static string NameOf(ActKind kind) => kind switch
    {
        ActKind.KillOne => "SIGKILL of one",
        ActKind.KillTwo => "SIGKILL of two at once",
        ActKind.KillDatabase => "SIGKILL of PostgreSQL",
        ActKind.Restart => "SIGTERM and a start",
        ActKind.Stop => "SIGSTOP past the lease",
        _ => throw new UnreachableException($"An act {kind}."),
    };

    private enum ActKind
    {
        KillOne, KillTwo, KillDatabase, Restart, Stop,
    }
}
