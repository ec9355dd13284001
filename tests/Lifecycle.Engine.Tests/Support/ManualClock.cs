using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Tests.Support;

/// <summary>A clock that moves only when told; timers fire while it moves. The monotonic clock moves with it.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(int Count, TaskCompletionSource Waiter)> _waiters = [];
    private DateTimeOffset _now = start;
    private TimeSpan _elapsed;

    public Instant Now => Instant.From(GetUtcNow());

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _elapsed.Ticks + 1;
    }

    /// <summary>How many timers run.</summary>
    public int Timers
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    /// <summary>Done once this many timers run: what waits for the clock has begun to.</summary>
    public Task WaitForTimersAsync(int count)
    {
        lock (_gate)
        {
            if (_timers.Count >= count) return Task.CompletedTask;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, waiter));
            return waiter.Task;
        }
    }

    public void Advance(TimeSpan by)
    {
        ManualTimer[] due;
        lock (_gate)
        {
            _now += by;
            _elapsed += by;
            due = [.. _timers.Where(timer => timer.IsDue(_elapsed))];
        }

        foreach (var timer in due) timer.Fire();
    }

    /// <summary>The wall clock alone moves, as when somebody sets it.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate) _now += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
            foreach (var (count, waiter) in _waiters)
                if (_timers.Count >= count) waiter.TrySetResult();
        }

        return timer;
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _due = Timeout.InfiniteTimeSpan;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? dueTime : clock._elapsed + dueTime;
                _period = period;
                return true;
            }
        }

        public bool IsDue(TimeSpan elapsed) => _due != Timeout.InfiniteTimeSpan && _due <= elapsed;

        public void Fire()
        {
            lock (clock._gate)
                _due = _period == Timeout.InfiniteTimeSpan ? _period : clock._elapsed + _period;
            callback(state);
        }

        public void Dispose()
        {
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
