using System.Diagnostics;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>
/// How long committed entries wait until they are in the table of customers: looks at the journal's head and at the
/// table's watermark from beside the server, twenty times a second.
/// </summary>
internal sealed class ProjectionWatch(Marks marks)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromMinutes(3);

    private readonly Queue<(long Head, long SeenAt)> _waiting = new();
    private TimeSpan _longest;

    /// <summary>Follows a load to its end and until everything that it wrote is in the table.</summary>
    /// <exception cref="InvalidOperationException">The table did not catch up.</exception>
    public async Task<TimeSpan> FollowAsync(Task load, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every);
        var (last, endedAt) = (0L, 0L);
        while (true)
        {
            // Before the head is read: what it then says was written by the load.
            var isOver = load.IsCompleted;
            var head = await marks.ReadHeadAsync(cancel);
            if (head > last) _waiting.Enqueue((last = head, Stopwatch.GetTimestamp()));
            var watermark = await marks.ReadWatermarkAsync(cancel);
            while (_waiting.TryPeek(out var oldest) && oldest.Head <= watermark)
                Reached(_waiting.Dequeue().SeenAt);
            if (isOver && _waiting.Count == 0) return _longest;
            if (isOver && endedAt == 0) endedAt = Stopwatch.GetTimestamp();
            if (isOver && Stopwatch.GetElapsedTime(endedAt) > CatchUpMax)
                throw new InvalidOperationException($"The table of customers was not up to date after {CatchUpMax}.");
            await timer.WaitForNextTickAsync(cancel);
        }
    }

    private void Reached(long seenAt)
    {
        var lag = Stopwatch.GetElapsedTime(seenAt);
        if (lag > _longest) _longest = lag;
    }
}
