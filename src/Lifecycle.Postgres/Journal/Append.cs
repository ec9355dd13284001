using Lifecycle.Engine.Store;
using Npgsql;

namespace Lifecycle.Postgres.Journal;

/// <summary>
/// One batch until its outcome is certain. It is sent under one number however often it is sent, so that an attempt
/// whose answer was lost is recognized: the keys make the next one wait for it and then refuse the rows a second time,
/// and the feed has the number.
/// </summary>
internal sealed class Append(AppendLanes lanes, JournalBatch batch, CopyBuffer buffer)
{
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(1);

    private readonly HashSet<CustomerKey> _conflicts = [];
    private long? _number;

    /// <exception cref="StoreException">The server failed more than AppendAttemptsMax times.</exception>
    public async Task<AppendResult> RunAsync()
    {
        for (var attempt = 1; ;)
        {
            using var plan = new AppendPlan(batch, _conflicts);
            try
            {
                _number ??= await lanes.Numbers.NextAsync();
                if (await SendAsync(plan, _number.Value) is { } result) return result;
            }
            catch (Exception e) when (PostgresErrors.IsFailure(e))
            {
                if (PostgresErrors.IsOfRows(e))
                {
                    await LeaveOutRefusedAsync(plan, _number!.Value, e);
                    continue;
                }

                if (!PostgresErrors.IsPassing(e) || attempt == lanes.Options.AppendAttemptsMax)
                    throw lanes.Connections.Explain(e);
                var delay = TimeSpan.FromTicks(Math.Min(DelayMin.Ticks << (attempt - 1), DelayMax.Ticks));
                PostgresLog.AppendRetried(
                    lanes.Logger, PostgresErrors.Describe(e), ++attempt, delay.TotalMilliseconds, e);
                await Task.Delay(delay, lanes.Time);
            }
        }
    }

    /// <summary>Null when customers with a conflict were found: the rest is to be sent without them.</summary>
    private async Task<AppendResult?> SendAsync(AppendPlan plan, long number)
    {
        await using var connection = await lanes.Connections.Journal.OpenConnectionAsync();
        var known = lanes.Connections.Committed;
        var life = known.Life;
        try
        {
            var strangers = await AppendTransaction.WriteAsync(connection, plan, known, buffer, number);
            if (strangers.Count > 0)
            {
                _conflicts.UnionWith(strangers);
                return null;
            }

            var first = plan.Rows.Count > 0
                ? await AppendTransaction.CommitAsync(
                    connection, lanes.Identity, lanes.Locks.Feed, number, plan.Rows.Count)
                : await AppendTransaction.CommitBesideFeedAsync(connection, lanes.Identity, lanes.Locks.Writes);
            known.Keep(plan.Rows, life);
            return new(first, plan.LeftOut);
        }
        catch (PostgresException e) when (PostgresErrors.IsUniqueViolation(e))
        {
            var stored = await StoredConflicts.ReadAsync(connection, plan, number);
            if (stored.CommittedAt is { } first)
            {
                await StoredConflicts.ConfirmAsync(connection, number);
                PostgresLog.AppendFound(lanes.Logger, number);
                return new(first, plan.LeftOut);
            }

            // Rows are never taken out of these tables, so what was in the way is still there to be found.
            if (stored.Customers.Count == 0) throw;
            _conflicts.UnionWith(stored.Customers);
            return null;
        }
    }

    /// <summary>
    /// One customer's rows that cannot be stored must not stop the others: they count as a conflict of that customer,
    /// who is then read anew and decided again, and the reason is in the log.
    /// </summary>
    private async Task LeaveOutRefusedAsync(AppendPlan plan, long number, Exception failure)
    {
        var search = new RefusedRows(lanes, batch, buffer, number, _conflicts);
        var before = _conflicts.Count;
        await search.FindAsync(plan);
        // Refused together and not one by one: by a rule that looks at the commit as a whole.
        if (_conflicts.Count == before) throw lanes.Connections.Explain(failure);
    }
}
