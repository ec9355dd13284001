using Lifecycle.Engine.Store;
using Npgsql;

namespace Lifecycle.Postgres.Journal;

/// <summary>
/// Finds the customers whose rows the server refuses, by halving: each part is sent and rolled back. One among a
/// thousand customers takes ten tries.
/// </summary>
/// <param name="lanes">Where it is sent.</param>
/// <param name="batch">What was refused.</param>
/// <param name="buffer">To encode into.</param>
/// <param name="number">Of the batch.</param>
/// <param name="conflicts">Gets those that were found, and others whose conflict comes to light on the way.</param>
internal sealed class RefusedRows(
    AppendLanes lanes, JournalBatch batch, CopyBuffer buffer, long number, HashSet<CustomerKey> conflicts)
{
    public async Task FindAsync(AppendPlan plan)
    {
        CustomerKey[] customers =
        [
            .. plan.Rows.Select(r => r.Customer).Concat(plan.Customers.Select(c => c.Customer))
                .Concat(plan.Secrets.Select(s => s.Customer)).Distinct().Order(),
        ];
        var parts = new Stack<ArraySegment<CustomerKey>>();
        Halve(customers);
        while (parts.TryPop(out var part))
        {
            if (await TryAsync(part) is not { } failure) continue;
            if (part.Count > 1)
            {
                Halve(part);
                continue;
            }

            conflicts.Add(part[0]);
            PostgresLog.RowsRefused(lanes.Logger, part[0].ToString(), PostgresErrors.Describe(failure), failure);
        }

        void Halve(ArraySegment<CustomerKey> part)
        {
            var half = part.Count / 2;
            parts.Push(part[half..]);
            if (half > 0) parts.Push(part[..half]);
        }
    }

    /// <summary>Why the rows of these customers are refused; null when they are not.</summary>
    private async Task<PostgresException?> TryAsync(ArraySegment<CustomerKey> part)
    {
        var customers = part.ToHashSet();
        using var plan = new AppendPlan(
            new(
                [.. batch.Rows.Where(row => customers.Contains(row.Customer))],
                [.. batch.Customers.Where(c => customers.Contains(c.Customer))],
                [.. batch.Secrets.Where(s => customers.Contains(s.Customer))]),
            conflicts);
        await using var connection = await lanes.Connections.Journal.OpenConnectionAsync();
        try
        {
            conflicts.UnionWith(await AppendTransaction.WriteAsync(
                connection, plan, lanes.Connections.Committed, buffer, number));
            // What is otherwise checked by the commit.
            await connection.ExecuteAsync("set constraints all immediate", CancellationToken.None);
        }
        catch (PostgresException e) when (PostgresErrors.IsOfRows(e))
        {
            return e;
        }
        catch (PostgresException e) when (PostgresErrors.IsUniqueViolation(e))
        {
            conflicts.UnionWith((await StoredConflicts.ReadAsync(connection, plan, number)).Customers);
        }

        // The connection rolls back when it is returned.
        return null;
    }
}
