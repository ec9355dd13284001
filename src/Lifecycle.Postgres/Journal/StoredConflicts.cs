using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres.Journal;

/// <summary>After a unique violation: what of a plan is stored already.</summary>
/// <param name="Customers">Those with an event key, a row or a secret that is stored.</param>
/// <param name="CommittedAt">
/// The first position, where the violation is with this very batch: an attempt whose answer was lost had committed.
/// </param>
internal sealed record StoredConflicts(IReadOnlySet<CustomerKey> Customers, long? CommittedAt)
{
    /// <summary>Rolls back and reads all in one exchange.</summary>
    public static async Task<StoredConflicts> ReadAsync(NpgsqlConnection connection, AppendPlan plan, long batch)
    {
        var firsts = plan.Firsts().ToList();
        await using var reading = connection.CreateBatch()
            .Add("rollback")
            .Add("select first_position from feed where batch = $1", Of(batch))
            .Add(
                "select event_key from event_keys where event_key = any ($1)",
                Of(plan.Keys.ToArray().Select(k => k.Key)))
            .Add(
                """
                select x.customer from unnest($1, $2) x (customer, seq)
                where exists (select from journal j where j.customer = x.customer and j.seq = x.seq)
                """,
                Of(firsts.Select(row => row.Customer)), Of<long>([.. firsts.Select(row => row.Seq)]))
            .Add("select customer from keys where customer = any ($1)", Of(plan.Secrets.Select(s => s.Customer)));
        await using var reader = await reading.ExecuteReaderAsync();
        long? committedAt = await reader.ReadAsync() ? reader.GetInt64(0) : null;
        await reader.NextResultAsync();
        var taken = new HashSet<Hash16>();
        while (await reader.ReadAsync()) taken.Add(reader.GetHash(0));
        var customers = new HashSet<CustomerKey>();
        while (await reader.NextResultAsync())
            while (await reader.ReadAsync()) customers.Add(reader.GetCustomer(0));
        foreach (var key in plan.Keys)
            if (taken.Contains(key.Key)) customers.Add(key.Customer);
        return new(customers, committedAt);
    }

    /// <summary>
    /// Waits until a batch that was found committed is as durable as any other: the wait for a standby of the commit
    /// whose answer was lost may have been cut short, and that of a later commit includes it.
    /// </summary>
    public static Task ConfirmAsync(NpgsqlConnection connection, long batch) =>
        connection.ExecuteAsync("update feed set count = count where batch = $1", CancellationToken.None, Of(batch));
}
