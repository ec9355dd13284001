using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Feed;

/// <summary>
/// Wakes those who wait for the next commit. Of a store that is shared it also looks for what other processes commit,
/// once for all who wait, and not at all while nobody does.
/// </summary>
public sealed class CommitSignal(IStore store, TimeProvider time, TaskScheduler turns)
{
    /// <summary>How often the journal's end is looked at while somebody waits.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();
    private long _position;
    private int _waiting;
    private bool _looking;

    /// <summary>True once something after this position is committed, false when that took too long.</summary>
    public async Task<bool> WaitBeyondAsync(long position, TimeSpan waitMax, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        Enter();
        try
        {
            while (true)
            {
                Task next;
                lock (_gate)
                {
                    if (_position > position) return true;
                    next = _next.Task;
                }

                var left = waitMax - time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero) return false;
                await next.WaitAsync(left, time, cancel);
            }
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            lock (_gate) _waiting--;
        }
    }

    /// <summary>Everything up to this position is durable.</summary>
    internal void Advance(long position)
    {
        TaskCompletionSource reached;
        lock (_gate)
        {
            // Of two commits at once the later one may be told first; by then the earlier one is durable too.
            if (position <= _position) return;
            _position = position;
            (reached, _next) = (_next, NewSource());
        }

        reached.SetResult();
    }

    private void Enter()
    {
        lock (_gate)
        {
            _waiting++;
            if (!store.IsShared || _looking) return;
            _looking = true;
        }

        turns.Run(LookAsync);
    }

    private async Task LookAsync()
    {
        while (true)
        {
            await Task.Delay(LookEvery, time);
            lock (_gate)
            {
                _looking = _waiting > 0;
                if (!_looking) return;
            }

            try
            {
                Advance(await store.Journal.ReadHeadAsync(CancellationToken.None));
            }
            catch (Exception e) when (e is StoreException or ObjectDisposedException)
            {
                // Looked at again, until those who wait are told by their own reading or leave.
            }
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
