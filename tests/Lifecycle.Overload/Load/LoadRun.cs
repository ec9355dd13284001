using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Overload.Load;

/// <summary>
/// Sends the requests of a plan at the instants they are due, whatever the server does: each takes a connection that is
/// free, or opens one. Its latency counts from the instant it was due.
/// </summary>
internal sealed class LoadRun : IDisposable
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    private readonly LoadPlan _plan;
    private readonly RequestWriter _writer;
    private readonly Tally[] _tallies;
    private readonly Random _random;
    private readonly ConcurrentStack<Connection> _free = new();
    private readonly ConcurrentBag<Connection> _all = [];
    private readonly LatencyHistogram _sendDelay = new();
    private readonly long[] _sent;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _open;
    private int _opened;
    private int _underWay;
    private volatile bool _isOver;

    public LoadRun(LoadPlan plan)
    {
        (_plan, _writer, _random) = (plan, new(plan), new(plan.Seed));
        _tallies = [.. plan.Streams.Select(stream => new Tally(stream, plan.PhaseSeconds))];
        _sent = new long[plan.Streams.Length];
    }

    public async Task<LoadResult> RunAsync()
    {
        if (_plan.Closed > 0)
            await Task.WhenAll(Enumerable.Range(0, _plan.Closed).Select(_ => Task.Run(AsAnsweredAsync)));
        else
            await Task.Factory.StartNew(OnSchedule, TaskCreationOptions.LongRunning);
        var waiting = Stopwatch.StartNew();
        while (Volatile.Read(ref _underWay) > 0 && waiting.Elapsed < AnswerMax) await Task.Delay(10);
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        // What is still under way ends with its connection.
        _isOver = true;
        foreach (var connection in _all) connection.Dispose();
        while (Volatile.Read(ref _underWay) > 0) await Task.Delay(10);
        return new(
            [.. _tallies.Select((tally, i) => tally.End(_plan.OutcomesFile(_plan.Streams[i])))], seconds, _opened,
            _sendDelay.Percentile(1).TotalMilliseconds);
    }

    public void Dispose()
    {
        foreach (var connection in _all) connection.Dispose();
    }

    private void OnSchedule()
    {
        var next = _plan.Streams.Select(stream => NextOf(stream, TimeSpan.Zero)).ToArray();
        for (; next.Min() < TimeSpan.MaxValue; Thread.Sleep(1))
        {
            var now = Stopwatch.GetElapsedTime(_start);
            for (var i = 0; i < next.Length; i++)
            {
                for (; next[i] <= now; next[i] = NextOf(_plan.Streams[i], next[i]))
                {
                    _sendDelay.Record(now - next[i]);
                    _ = SendAsync(i, next[i]);
                }
            }
        }
    }

    /// <summary>When the one after is due; a phase without requests is passed over.</summary>
    private TimeSpan NextOf(LoadStream stream, TimeSpan due)
    {
        var begins = 0.0;
        for (var phase = 0; phase < _plan.PhaseSeconds.Length; phase++)
        {
            var ends = begins + _plan.PhaseSeconds[phase];
            var rate = stream.PerSecond[phase];
            if (due.TotalSeconds < ends && rate > 0)
            {
                var next = Math.Max(due.TotalSeconds, begins) + 1 / rate;
                if (next < ends) return TimeSpan.FromSeconds(next);
            }

            begins = ends;
        }

        return TimeSpan.MaxValue;
    }

    private async Task AsAnsweredAsync()
    {
        var ends = TimeSpan.FromSeconds(_plan.Seconds);
        for (TimeSpan now; (now = Stopwatch.GetElapsedTime(_start)) < ends;) await SendAsync(0, now);
    }

    private async Task SendAsync(int at, TimeSpan due)
    {
        Interlocked.Increment(ref _underWay);
        var stream = _plan.Streams[at];
        var index = Interlocked.Increment(ref _sent[at]) - 1;
        var customer = stream.FirstCustomer + CustomerOf(stream, index);
        var (outcome, retryAfter) = (Outcome.Unsent, (int?)null);
        try
        {
            (outcome, retryAfter) = await AskAsync(_writer.Write(stream, index, customer));
        }
        finally
        {
            _tallies[at].Add(index, due, Stopwatch.GetElapsedTime(_start) - due, outcome, retryAfter);
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>By chance; as fast as there are answers, one after the other, so that each has his turn.</summary>
    private int CustomerOf(LoadStream stream, long index)
    {
        if (_plan.Closed > 0) return (int)(index % stream.Customers);
        lock (_random) return _random.Next(stream.Customers);
    }

    private async Task<(Outcome Outcome, int? RetryAfter)> AskAsync(byte[] request)
    {
        if (!_free.TryPop(out var connection))
        {
            if (Interlocked.Increment(ref _open) > LoadPlan.ConnectionsMax)
            {
                Interlocked.Decrement(ref _open);
                return (Outcome.Unsent, null);
            }

            Interlocked.Increment(ref _opened);
            _all.Add(connection = new());
        }

        try
        {
            if (!connection.IsOpen) await connection.OpenAsync(_plan.Address);
            var answer = await connection.AskAsync(request);
            if (answer.Closes) Close(connection);
            else _free.Push(connection);
            return (OutcomeOf(answer), answer.RetryAfter);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            var outcome = _isOver ? Outcome.Unanswered : !connection.IsOpen ? Outcome.NotConnected
                : connection.IsUsed ? Outcome.Cut : Outcome.CutNew;
            Close(connection);
            return (outcome, null);
        }
    }

    private void Close(Connection connection)
    {
        connection.Dispose();
        Interlocked.Decrement(ref _open);
    }

    private static Outcome OutcomeOf(HttpAnswer answer) => answer switch
    {
        { Status: >= 200 and < 300 } => Outcome.Accepted,
        { Status: 429, RetryAfter: >= 1 } => Outcome.Refused,
        { Status: 429 } => Outcome.RefusedBare,
        { Status: 503 } => Outcome.Unavailable,
        _ => Outcome.Other,
    };
}
