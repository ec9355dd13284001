using System.ComponentModel.DataAnnotations;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Postgres;

/// <summary>Makes a store whose database was put back (to a point in time, to a dump) a history of its own.</summary>
public static class PostgresAdoption
{
    /// <summary>
    /// Verifies the journal, then gives it a new epoch and empties the projection. An older schema is upgraded first,
    /// as by a start: a database has no other place where that could be tried.
    /// </summary>
    /// <param name="options">Which store; this process has it to itself meanwhile.</param>
    /// <param name="acceptViolations">Whether a journal that is not whole is adopted all the same.</param>
    /// <exception cref="StoreException">
    /// A process uses the store, there is none, or the server cannot be used: it may still be in recovery.
    /// </exception>
    /// <exception cref="ValidationException">An option is out of its range; the message names it.</exception>
    public static async Task<AdoptionSummary> RunAsync(
        PostgresOptions options, bool acceptViolations, TimeProvider time, IProgress<VerificationProgress>? progress,
        CancellationToken cancel)
    {
        options.Exclusive = true;
        await using var store = await PostgresStore.OpenAsync(
            options, mustExist: true, time, NullLogger.Instance, cancel);
        var report = await Verifier.VerifyAsync(store, progress, cancel, withProjection: false);
        var last = await store.Journal.ReadFeedAsync(Math.Max(0, report.Position - 1), 1, cancel);
        var end = new JournalEnd(report.Position, report.Customers, last is [var row] ? row.RecordedAt : null);
        var adopted = report.ViolationsFound == 0 || acceptViolations;
        var epoch = adopted ? await store.BeginHistoryAsync(cancel) : default;
        return new(adopted, end, epoch, HasKey: null, report);
    }
}
