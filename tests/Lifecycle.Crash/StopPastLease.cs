using Lifecycle.Crash.Load;
using Lifecycle.Crash.Machine;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Crash;

/// <summary>
/// The server is stopped for longer than its lease. Alone, it finds that out when it goes on; or another one has taken
/// over meanwhile, and it must not answer with what it knew.
/// </summary>
internal sealed class StopPastLease(SiteOfRun site, TrafficOfRun traffic, CrashOptions options, Random random)
{
    private const int StopAttemptsMax = 20;
    private const int ProbesAtOnce = 16;
    private const int InputsThroughTheNext = 60;
    private const int RequestsToTheFormer = 3;
    private static readonly TimeSpan BeyondLease = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ProbeFor = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long _answered;
    private long _refused;
    private int _stops;

    /// <summary>Reads of a server that was stopped, from the moment it went on.</summary>
    public (long Answered, long Refused) Reads => (Interlocked.Read(ref _answered), Interlocked.Read(ref _refused));

    /// <summary>Answers how it went.</summary>
    /// <param name="takeOver">Another one is to take over meanwhile.</param>
    /// <param name="insist">It is stopped where another one can.</param>
    public async Task<string> RunAsync(bool takeOver, bool insist, CancellationToken cancel)
    {
        _stops++;
        var (server, former) = (site.Server, site.Site);
        await Signals.StopAsync(server.ProcessId);
        try
        {
            for (var attempt = 1; insist && attempt < StopAttemptsMax && !site.Store.CanBeFreed(); attempt++)
            {
                await Signals.ContinueAsync(server.ProcessId);
                await Task.Delay(random.Next(5, 50), cancel);
                await Signals.StopAsync(server.ProcessId);
            }

            await Task.Delay(options.Lease + BeyondLease + TimeSpan.FromMilliseconds(random.Next(500)), cancel);
            var taken = false;
            if (takeOver)
            {
                await site.Store.FreeAsync(cancel);
                // One that was stopped inside a transaction of SQLite holds the file until it goes on.
                taken = await site.TakeOverAsync(cancel);
            }

            if (!taken)
            {
                await ProbeAsync(former, server, cancel);
                await site.ReadyAsync(cancel);
                return takeOver ? "inside a transaction, nobody could take over" : "alone";
            }

            await traffic.FlowAsync(InputsThroughTheNext, Patience, cancel);
            // The load has left the former one; whoever asks it all the same has connections of their own.
            using var again = new Site(former.Http.BaseAddress!, $"{former.Name}, stopped and continued,");
            await ProbeAsync(again, server, cancel);
            return "taken over";
        }
        finally
        {
            await Signals.ContinueAsync(server.ProcessId);
            if (server != site.Server)
            {
                await server.DisposeAsync();
                former.Dispose();
            }
        }
    }

    /// <summary>Many reads that wait for the stopped server to go on, and more as soon as it does.</summary>
    private async Task ProbeAsync(Site former, LiveServer server, CancellationToken cancel)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var probes = Enumerable.Range(0, ProbesAtOnce).Select(_ => ReadOnAsync(former, ends.Token)).ToArray();
        await Task.Delay(50, cancel);
        await Signals.ContinueAsync(server.ProcessId);
        ends.CancelAfter(ProbeFor);
        if (server != site.Server) await traffic.WriteToAsync(former, $"s{_stops}", RequestsToTheFormer, cancel);
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
                await Task.Delay(5, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // Long enough.
        }
    }
}
