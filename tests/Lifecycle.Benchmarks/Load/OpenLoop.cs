using System.Diagnostics;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Load;

/// <summary>
/// At a fixed rate, whatever the server does: the n-th request is due n periods after the start, and its latency counts
/// from then, also if it could not be sent because every connection still waited for its answer. So a server that
/// stands still for a second is charged for every request that would have come in that second.
/// </summary>
internal static class OpenLoop
{
    /// <param name="source">The requests of a connection, by its number.</param>
    public static LoadResult Run(
        Uri address, int connections, double requestsPerSecond, TimeSpan time, Func<int, Requests> source)
    {
        var clock = LoadClock.Start();
        var schedule = new Schedule(requestsPerSecond, time);
        var workers = Enumerable.Range(0, connections).Select(i => new Worker(address, source(i), schedule)).ToList();
        Threads.RunAll([.. workers.Select<Worker, Action>(worker => worker.Run)]);
        var latency = new LatencyHistogram();
        foreach (var worker in workers) latency.Add(worker.Latency);
        return clock.End(workers.Sum(worker => worker.Units), latency);
    }

    /// <summary>Gives each instant to one connection.</summary>
    private sealed class Schedule(double requestsPerSecond, TimeSpan time)
    {
        private readonly long _start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 10;
        private readonly long _count = (long)(requestsPerSecond * time.TotalSeconds);
        private long _next = -1;

        public bool TryNext(out long due)
        {
            var index = Interlocked.Increment(ref _next);
            due = _start + (long)(index / requestsPerSecond * Stopwatch.Frequency);
            return index < _count;
        }
    }

    private sealed class Worker(Uri address, Requests requests, Schedule schedule)
    {
        public LatencyHistogram Latency { get; } = new();

        public long Units { get; private set; }

        public void Run()
        {
            using var connection = new HttpConnection(address);
            while (schedule.TryNext(out var due))
            {
                for (long now; (now = Stopwatch.GetTimestamp()) < due;)
                    LinuxCalls.Sleep(Stopwatch.GetElapsedTime(now, due));
                var units = requests.Next(out var request);
                if (units == 0) return;
                connection.Send(request, due);
                ReadOnlySpan<byte> body;
                while (!connection.TryReceive(out body))
                {
                    // The rest is on its way.
                }

                Latency.Record(Stopwatch.GetElapsedTime(due));
                requests.Check(body, units);
                Units += units;
            }
        }
    }
}
