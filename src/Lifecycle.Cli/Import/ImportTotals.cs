namespace Lifecycle.Cli.Import;

/// <summary>What became of the events sent so far. Lanes add to it at the same time.</summary>
internal sealed class ImportTotals
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private readonly List<(ImportEvent Event, string Reason)> _refused = [];

    public long Inputs { get; private set; }
    public long Accepted { get; private set; }
    public long Duplicates { get; private set; }
    public long Quarantined { get; private set; }

    /// <summary>Lines of the events that were accepted, now or before.</summary>
    public long LinesUsed { get; private set; }

    /// <summary>Lines of the events in quarantine.</summary>
    public long LinesQuarantined { get; private set; }

    /// <summary>Events in quarantine by reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons => _reasons;

    /// <summary>Those that the server put into quarantine.</summary>
    public IReadOnlyList<(ImportEvent Event, string Reason)> Refused => _refused;

    /// <summary>Takes the answer to one batch.</summary>
    /// <exception cref="CommandFailedException">The answer names an event that was not in the batch.</exception>
    public void Add(IReadOnlyList<ImportEvent> batch, BatchAnswer answer)
    {
        lock (_lock)
        {
            var linesRefused = 0L;
            foreach (var (id, reason) in answer.Refused)
            {
                var refused = batch.FirstOrDefault(candidate => candidate.Id == id)
                    ?? throw new CommandFailedException($"The server's answer names '{id}', which it was not sent.");
                linesRefused += refused.LineCount;
                _refused.Add((refused, reason));
                _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
            }
            Inputs += batch.Count;
            Accepted += answer.Accepted;
            Duplicates += answer.Duplicates;
            Quarantined += answer.Quarantined;
            LinesUsed += batch.Sum(sent => (long)sent.LineCount) - linesRefused;
            LinesQuarantined += linesRefused;
        }
    }
}
