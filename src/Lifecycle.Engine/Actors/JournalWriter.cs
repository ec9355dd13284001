using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// The one writer of a process: as many lanes as the journal takes appends at once, each customer in one of them for
/// ever, so that what an activation handed over is written in that order.
/// </summary>
internal sealed class JournalWriter : IAsyncDisposable
{
    private readonly JournalLane[] _lanes;

    public JournalWriter(
        IJournal journal, Projector projector, CommitSignal commits, Writability writability, EngineCounts counts,
        EngineOptions options, ILogger logger) =>
        _lanes =
        [
            .. Enumerable.Range(0, journal.Lanes)
                .Select(lane => new JournalLane(lane, journal, projector, commits, writability, counts, options, logger)),
        ];

    /// <summary>Submissions that wait for their transaction.</summary>
    public int Queued => _lanes.Sum(lane => lane.Queued);

    /// <summary>Hands a submission over; waits while the queue of its lane is full.</summary>
    /// <exception cref="StoreException">The engine is stopping: it will not be written.</exception>
    public ValueTask WriteAsync(Submission submission) =>
        _lanes[(int)(submission.Owner.Key.Value.Low % (ulong)_lanes.Length)].WriteAsync(submission);

    /// <summary>Writes what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) await lane.DisposeAsync();
    }
}
