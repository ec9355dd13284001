using System.Diagnostics;
using System.Net.Sockets;
using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Load;

/// <summary>
/// As fast as the server answers: each connection sends its next request when it has its answer. Two threads go round
/// many connections and take what is there; they sleep only when nothing is.
/// </summary>
internal static class ClosedLoop
{
    private const int ThreadsMax = 2;
    private const int IdleWaitMicros = 2_000;

    /// <param name="warmUp">Before the time that is measured.</param>
    /// <param name="source">The requests of a thread, by its number.</param>
    public static LoadResult Run(
        Uri address, int connections, TimeSpan warmUp, TimeSpan time, Func<int, Requests> source)
    {
        var threads = Math.Min(ThreadsMax, connections);
        var workers = new List<Worker>();
        var clock = LoadClock.Start();
        for (var i = 0; i < threads; i++)
        {
            var own = connections / threads + (i < connections % threads ? 1 : 0);
            workers.Add(new(address, own, source(i), clock, warmUp, time));
        }

        Threads.RunAll([.. workers.Select<Worker, Action>(worker => worker.Run)]);
        var latency = new LatencyHistogram();
        foreach (var worker in workers) latency.Add(worker.Latency);
        return clock.End(workers.Sum(worker => worker.Units), latency) with
        {
            WarmUpSeconds = warmUp.TotalSeconds, WarmUpUnits = workers.Sum(worker => worker.WarmUpUnits),
        };
    }

    /// <summary>The number of threads that <see cref="Run"/> uses.</summary>
    public static int ThreadsOf(int connections) => Math.Min(ThreadsMax, connections);

    private sealed class Worker(Uri address, int connections, Requests requests, LoadClock clock, TimeSpan warmUp, TimeSpan time)
    {
        private readonly List<Socket> _waiting = [];
        private bool _hasMore = true;

        public LatencyHistogram Latency { get; } = new();

        public long Units { get; private set; }

        public long WarmUpUnits { get; private set; }

        public void Run()
        {
            var lines = Enumerable.Range(0, connections).Select(_ => new Line(new HttpConnection(address))).ToList();
            try
            {
                foreach (var line in lines) Send(line);
                while (lines.Exists(line => line.Connection.IsBusy))
                {
                    var any = false;
                    foreach (var line in lines)
                    {
                        if (!line.Connection.IsBusy || !line.Connection.HasBytes) continue;
                        any = true;
                        Receive(line);
                    }

                    if (!any) Wait(lines);
                }
            }
            finally
            {
                foreach (var line in lines) line.Connection.Dispose();
            }
        }

        private void Send(Line line)
        {
            _hasMore = _hasMore && clock.Elapsed < warmUp + time;
            if (!_hasMore) return;
            line.Units = requests.Next(out var request);
            _hasMore = line.Units > 0;
            if (_hasMore) line.Connection.Send(request, Stopwatch.GetTimestamp());
        }

        private void Receive(Line line)
        {
            if (!line.Connection.TryReceive(out var body)) return;
            requests.Check(body, line.Units);
            Units += line.Units;
            if (clock.Elapsed < warmUp) WarmUpUnits = Units;
            else Latency.Record(Stopwatch.GetElapsedTime(line.Connection.SentAt));
            Send(line);
        }

        /// <summary>Until something is there; a connection that the server closed shows here too.</summary>
        private void Wait(List<Line> lines)
        {
            _waiting.Clear();
            foreach (var line in lines)
                if (line.Connection.IsBusy) _waiting.Add(line.Connection.Socket);
            Socket.Select(_waiting, null, null, IdleWaitMicros);
            foreach (var line in lines)
                if (line.Connection.IsBusy && _waiting.Contains(line.Connection.Socket)) Receive(line);
        }
    }

    private sealed class Line(HttpConnection connection)
    {
        public HttpConnection Connection { get; } = connection;

        public int Units { get; set; }
    }
}
