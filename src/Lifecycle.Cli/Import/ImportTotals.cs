namespace Lifecycle.Cli.Import;

/// <summary>What became of the invoices sent so far. Lanes add to it at the same time.</summary>
internal sealed class ImportTotals
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);

    public long Inputs { get; private set; }
    public long Accepted { get; private set; }
    public long Duplicates { get; private set; }
    public long Quarantined { get; private set; }

    /// <summary>Lines of the invoices that were accepted, now or before.</summary>
    public long LinesUsed { get; private set; }

    /// <summary>Lines of the invoices in quarantine.</summary>
    public long LinesQuarantined { get; private set; }

    /// <summary>Invoices in quarantine by reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons => _reasons;

    /// <summary>Takes the answer to one batch.</summary>
    /// <exception cref="CommandFailedException">The answer names an event that was not in the batch.</exception>
    public void Add(IReadOnlyList<Invoice> batch, BatchAnswer answer)
    {
        lock (_lock)
        {
            var linesRefused = 0L;
            foreach (var (id, reason) in answer.Refused)
            {
                var invoice = batch.FirstOrDefault(candidate => candidate.Number == id)
                    ?? throw new CommandFailedException($"The server's answer names '{id}', which it was not sent.");
                linesRefused += invoice.Lines.Count;
                _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
            }
            Inputs += batch.Count;
            Accepted += answer.Accepted;
            Duplicates += answer.Duplicates;
            Quarantined += answer.Quarantined;
            LinesUsed += batch.Sum(invoice => (long)invoice.Lines.Count) - linesRefused;
            LinesQuarantined += linesRefused;
        }
    }
}
