namespace Lifecycle.Engine.Actors;

/// <summary>
/// One turn at a time, in the order of asking. Of a hundred thousand actors few are ever asked by two at once: until
/// then it is two words, where a semaphore is a hundred bytes.
/// </summary>
internal struct TurnLock
{
    private bool _held;
    private Queue<TaskCompletionSource>? _waiting;

    /// <param name="gate">Guards it; the same for every call.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public ValueTask EnterAsync(object gate, CancellationToken cancel)
    {
        TaskCompletionSource turn;
        lock (gate)
        {
            if (!_held)
            {
                _held = true;
                return ValueTask.CompletedTask;
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (_waiting ??= new()).Enqueue(turn);
        }

        return new(WaitAsync(turn, cancel));
    }

    public void Leave(object gate)
    {
        lock (gate)
        {
            while (_waiting is { Count: > 0 })
                // One who gave up meanwhile is passed over.
                if (_waiting.Dequeue().TrySetResult()) return;
            _held = false;
            _waiting = null;
        }
    }

    private static async Task WaitAsync(TaskCompletionSource turn, CancellationToken cancel)
    {
        await using var giveUp = cancel.UnsafeRegister(
            static (waiting, token) => ((TaskCompletionSource)waiting!).TrySetCanceled(token), turn);
        await turn.Task;
    }
}
