using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Running;

/// <summary>What happens to one call of the store.</summary>
public enum Fate
{
    /// <summary>It fails and nothing of it is done.</summary>
    FailBefore,

    /// <summary>It is done, and the answer is lost.</summary>
    FailAfter,

    /// <summary>It takes longer than a lease.</summary>
    Stall,

    /// <summary>The answer is lost first, and it is done later: a commit that the server goes on with.</summary>
    FailLate,
}

/// <summary>The weather of one process: delays at any time, and what the script asks for.</summary>
internal sealed class SimWeather(
    SimThread thread, SimScheduler owner, MemoryDisk disk, Random random, Counts counts) : Weather
{
    private const int LateMicrosMax = 15_000_000;

    private readonly Dictionary<StoreCall, Queue<Fate>> _planned = [];
    private int _inDoubt;

    public override bool IsInDoubt => _inDoubt > 0;

    /// <summary>The next call of a kind meets this.</summary>
    public void Plan(StoreCall call, Fate fate)
    {
        if (!_planned.TryGetValue(call, out var fates)) _planned[call] = fates = new();
        fates.Enqueue(fate);
    }

    public void Clear() => _planned.Clear();

    public override async Task<T> MeetAsync<T>(StoreCall call, Func<T> act, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Fate? fate = _planned.TryGetValue(call, out var fates) && fates.TryDequeue(out var next) ? next : null;
        if (fate is { } met) counts.Fault($"{call} {met}");
        await TravelAsync(fate == Fate.Stall ? random.Next(3_000_000, 15_000_000) : DelayOf(call));
        if (fate == Fate.FailBefore) throw new StoreException($"{call} failed.");
        if (fate == Fate.FailLate)
        {
            _inDoubt++;
            thread.After(null, random.Next(LateMicrosMax), disk.Doubt(() =>
            {
                _inDoubt--;
                act();
            }));
            throw new StoreException($"The connection of {call} was lost.");
        }

        var answer = act();
        await TravelAsync(DelayOf(call));
        return fate == Fate.FailAfter ? throw new StoreException($"The answer to {call} was lost.") : answer;
    }

    private long DelayOf(StoreCall call) => random.Next(call == StoreCall.Append ? 4 : 12) switch
    {
        0 => random.Next(200, 8_000),
        1 or 2 => 0,
        _ => call == StoreCall.Append ? 0 : -1,
    };

    /// <summary>Below zero the answer is there at once, as from a cache.</summary>
    private async ValueTask TravelAsync(long micros)
    {
        if (micros > 0) await thread.DelayAsync(owner, micros);
        else if (micros == 0) await Task.Yield();
    }
}
