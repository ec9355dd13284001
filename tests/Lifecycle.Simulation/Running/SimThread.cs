using System.Diagnostics;

namespace Lifecycle.Simulation.Running;

/// <summary>
/// The one thread that everything runs on: work that is ready is taken in an order drawn from the seed, and time passes
/// where nothing is ready. Two runs of one seed are the same, step by step.
/// </summary>
internal sealed class SimThread(Random random)
{
    /// <summary>What a piece of work may cost.</summary>
    private const int WorkMicrosMax = 40;

    private readonly List<(SimScheduler Owner, Task Task)> _ready = [];
    private readonly PriorityQueue<(SimScheduler? Owner, Action Act), (long At, long Order)> _later = new();
    private long _order;

    /// <summary>Microseconds since the beginning, on the clock that nobody can set.</summary>
    public long Now { get; private set; }

    /// <summary>Where work went over another thread: a run that does is not the same twice.</summary>
    public volatile string? Escaped;

    public void Ready(SimScheduler owner, Task task) => _ready.Add((owner, task));

    /// <summary>Acts later, unless the owner is dead by then.</summary>
    public void After(SimScheduler? owner, long micros, Action act) =>
        _later.Enqueue((owner, act), (Now + Math.Max(0, micros), _order++));

    public Task DelayAsync(SimScheduler owner, long micros)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        After(owner, micros, source.SetResult);
        return source.Task;
    }

    /// <summary>Nothing runs for so long, and then everything is late.</summary>
    public void Freeze(long micros) => Now += micros;

    /// <summary>One piece of work; false where nothing is to be done up to a time, which then has come.</summary>
    public bool Step(long until)
    {
        if (Escaped is { } where) throw new UnreachableException($"Work came from another thread: {where}");
        if (_later.TryPeek(out _, out var next) && next.At <= Math.Max(Now, _ready.Count > 0 ? Now : until))
        {
            Now = Math.Max(Now, next.At);
            var (owner, act) = _later.Dequeue();
            if (owner is not { IsDead: true }) act();
            return true;
        }

        if (_ready.Count == 0)
        {
            Now = Math.Max(Now, until);
            return false;
        }

        var index = random.Next(_ready.Count);
        var (scheduler, task) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (scheduler.IsDead) return true;
        Now += random.Next(WorkMicrosMax);
        scheduler.Execute(task);
        return true;
    }
}
