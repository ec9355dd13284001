using Lifecycle.Crash.Load;

namespace Lifecycle.Crash.Cluster;

/// <summary>What is done to a cluster; each ends with every process ready.</summary>
internal sealed class ClusterActs(ClusterOfRun cluster, TrafficOfRun traffic, CrashOptions options, Random random)
{
    private const int ProbesAtOnce = 8;
    private const int RequestsToTheFormer = 3;
    private static readonly TimeSpan NoticedAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbeFor = TimeSpan.FromSeconds(3);

    private long _answered;
    private long _refused;
    private int _stops;

    /// <summary>Reads of a process that was stopped, from the moment it went on.</summary>
    public (long Answered, long Refused) Reads => (Interlocked.Read(ref _answered), Interlocked.Read(ref _refused));

    /// <summary>Not ended by anybody, and gone.</summary>
    public IEnumerable<Silo> Died => cluster.Silos.Where(silo => silo.HasDied);

    /// <summary>As when a machine dies, and comes back soon or late.</summary>
    public async Task KillAsync(int count, CancellationToken cancel)
    {
        var silos = Draw(count);
        await Silo.KillAsync(silos);
        // In a half the new one tells the others that the old one is gone, in a half they find out.
        if (random.Next(2) == 0) await Task.Delay(options.Lease * (1.5 + random.NextDouble() * 0.3), cancel);
        await cluster.StartAsync(cancel, silos);
    }

    public async Task KillDatabaseAsync(CancellationToken cancel)
    {
        await cluster.Database.KillDatabaseAsync();
        await Task.Delay(random.Next(1_500), cancel);
        await cluster.Database.RestartDatabaseAsync(cancel);
        foreach (var silo in cluster.Silos) await silo.ReadyAsync(cancel);
    }

    /// <summary>As an operator does, with the load going on.</summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        var silo = Draw(1)[0];
        var code = await silo.TerminateAsync();
        if (code != 0) traffic.Faults.Add($"{silo.Name} was asked to end, and ended with {code}.");
        await cluster.StartAsync(cancel, silo);
    }

    /// <summary>
    /// Stopped past its lease. In two thirds its customers are served elsewhere when it goes on, in one they are not
    /// yet. Answers how it went.
    /// </summary>
    public async Task<string> StopAsync(CancellationToken cancel)
    {
        _stops++;
        var silo = Draw(1)[0];
        await silo.StopAsync();
        try
        {
            var time = options.Lease * (random.Next(3) == 0 ? 1.03 : 1.7) + options.Lease * (0.3 * random.NextDouble());
            await Task.Delay(NoticedAfter, cancel);
            traffic.Door.Part(silo.Site);
            silo.Abandon();
            await Task.Delay(time - NoticedAfter, cancel);
            await AskTheFormerAsync(silo, cancel);
        }
        finally
        {
            await silo.ContinueAsync();
        }

        if (await silo.EndedAsync(EndMax) is not { } code)
        {
            silo.IsBack();
            await silo.ReadyAsync(cancel);
            traffic.Door.Enter(silo.Site);
            return "went on";
        }

        if (code is 0 or > 128) traffic.Faults.Add($"{silo.Name} went on after a stop, and ended with {code}.");
        if (!silo.Output.Contains("goes on without this process", StringComparison.Ordinal))
            traffic.Faults.Add($"{silo.Name} went on after a stop, and did not say why it ended.");
        await cluster.StartAsync(cancel, silo);
        return "ended by itself";
    }

    /// <summary>
    /// Many reads that wait for the stopped one to go on, and more as soon as it does; some writes too.
    /// </summary>
    private async Task AskTheFormerAsync(Silo silo, CancellationToken cancel)
    {
        using var former = silo.NewSite($"{silo.Name}, stopped and continued,");
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var probes = Enumerable.Range(0, ProbesAtOnce).Select(_ => ReadOnAsync(former, ends.Token)).ToArray();
        await Task.Delay(50, cancel);
        await silo.ContinueAsync();
        ends.CancelAfter(ProbeFor);
        await traffic.WriteToAsync(former, $"s{_stops}", RequestsToTheFormer, cancel);
        await Task.WhenAll(probes);
    }

    private async Task ReadOnAsync(Site former, CancellationToken cancel)
    {
        var reader = traffic.NewReader();
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var status = await reader.ReadAsync(former, cancel);
                if (status == 503) Interlocked.Increment(ref _refused);
                else if (status is not null) Interlocked.Increment(ref _answered);
                await Task.Delay(10, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // Long enough.
        }
    }

    private Silo[] Draw(int count)
    {
        var silos = cluster.Silos.ToArray();
        random.Shuffle(silos);
        return silos[..count];
    }
}
