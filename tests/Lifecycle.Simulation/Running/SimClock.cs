namespace Lifecycle.Simulation.Running;

/// <summary>The clocks of one process. The wall clock can be set; the other one is the machine's.</summary>
internal sealed class SimClock(SimThread thread, SimScheduler owner) : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How far the wall clock is from the true time.</summary>
    public long OffsetMicros { get; set; }

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => thread.Now + 1;

    public override DateTimeOffset GetUtcNow() => Start.AddMicroseconds(thread.Now + OffsetMicros);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(thread, owner, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(SimThread thread, SimScheduler owner, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;
        private long _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _setting++;
            _period = period == Timeout.InfiniteTimeSpan ? -1 : Micros(period);
            if (dueTime != Timeout.InfiniteTimeSpan) Set(Micros(dueTime));
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(long micros)
        {
            var setting = _setting;
            thread.After(owner, micros, () =>
            {
                if (setting != _setting) return;
                if (_period > 0) Set(_period);
                callback(state);
            });
        }

        private static long Micros(TimeSpan span) => Math.Max(1, span.Ticks / 10);
    }
}
