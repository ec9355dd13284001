namespace Lifecycle.Engine.Feed;

/// <summary>Wakes those who wait for the next commit.</summary>
public sealed class CommitSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();
    private long _position;

    /// <summary>Done once something after this position is committed.</summary>
    public Task WaitBeyondAsync(long position)
    {
        lock (_gate) return _position > position ? Task.CompletedTask : _next.Task;
    }

    /// <summary>Everything up to this position is durable.</summary>
    internal void Advance(long position)
    {
        TaskCompletionSource reached;
        lock (_gate)
        {
            // Of two commits at once the later one may be told first; by then the earlier one is durable too.
            _position = Math.Max(_position, position);
            (reached, _next) = (_next, NewSource());
        }

        reached.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
