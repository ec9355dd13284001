using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <summary>What was left out of a journal, and what came of it.</summary>
/// <param name="Dropped">Entries behind the cut.</param>
/// <param name="DroppedEarlier">
/// Those of them that were recorded by the time asked for, but were committed behind one that was not.
/// </param>
/// <param name="WithdrawnActivations">Activations that were scheduled later: they will not rule.</param>
/// <param name="WaitingAgain">Quarantined events that were taken later: they wait again.</param>
/// <param name="LaterKeys">API keys that were made later, and go on working.</param>
public sealed record JournalCut(
    long Dropped, long DroppedEarlier, long WithdrawnActivations, long WaitingAgain, long LaterKeys)
{
    public static readonly JournalCut None = new(0, 0, 0, 0, 0);

    /// <summary>
    /// Takes a journal back to a time: entries recorded later are left out, and with each all that were committed
    /// behind it, because decisions build on what was committed before them. Inside the caller's transaction.
    /// </summary>
    /// <exception cref="StoreException">The journal does not reach so far, or has nothing of then.</exception>
    internal static JournalCut To(SqliteSession session, Instant until, Instant now)
    {
        if (session.ReadNumber("select value from meta where key = $1", SqliteBackup.MadeAtKey) is { } madeAt
            && until.Micros > madeAt)
        {
            throw new StoreException(
                $"The backup was made at {new Instant(madeAt)}: it lacks what came between then and {until}. Take a " +
                "later backup, or restore all of this one.");
        }

        var head = SqliteJournal.ReadHead(session);
        var last = session.ReadNumber("select min(position) - 1 from journal where recorded_at > $1", until.Micros);
        if (last == 0)
        {
            throw new StoreException(
                $"Nothing had been recorded by {until}: the first entry of the backup is of " +
                $"{new Instant(session.ReadNumber("select recorded_at from journal where position = 1") ?? 0)}.");
        }

        return Apply(session, last ?? head, head, until, now);
    }

    /// <summary>The same with the position of the last entry that is kept.</summary>
    internal static JournalCut To(SqliteSession session, long position, Instant now)
    {
        var head = SqliteJournal.ReadHead(session);
        if (position > head)
            throw new StoreException($"The backup ends at position {head}: it has no entry at {position}.");
        if (position == head) return None;
        // What else was done before the first entry that is left out is kept with those before it.
        var kept = session.ReadNumber("select max(recorded_at) from journal where position <= $1", position) ?? 0;
        var dropped = FirstDropped(session, position)!.Value;
        return Apply(session, position, head, new(Math.Max(kept, dropped - 1)), now) with { DroppedEarlier = 0 };
    }

    private static JournalCut Apply(SqliteSession session, long position, long head, Instant until, Instant now)
    {
        var earlier = session.ReadNumber(
            "select count(*) from journal where position > $1 and recorded_at <= $2", position, until.Micros) ?? 0;
        var waiting = FirstDropped(session, position) is { } from ? WaitAgain(session, from) : 0;
        session.Execute("delete from journal where position > $1", position);
        Forget(session);
        return new(
            head - position, earlier, Withdraw(session, until, now), waiting,
            session.ReadNumber(
                "select count(*) from api_keys where created_at > $1 and revoked_at is null", until.Micros) ?? 0);
    }

    /// <summary>
    /// Who has no entry left was never here: a name and a key of theirs would be kept for nothing. A name that came
    /// with a merge, before the first entry of its own, stays; and a key that was destroyed stays destroyed.
    /// </summary>
    private static void Forget(SqliteSession session)
    {
        var without = session.ReadAll(
            reader => (Customer: reader.GetCustomer(0), FirstSeenAt: reader.GetInt64(1)),
            """
            select customer, first_seen_at from aliases
            where not exists (select 1 from journal j where j.customer = aliases.customer)
            """);
        if (without.Count > 0)
        {
            var awaited = Awaited(session, without.Min(alias => alias.FirstSeenAt));
            foreach (var (customer, _) in without.Where(alias => !awaited.Contains(alias.Customer.Value)))
                session.Execute("delete from aliases where customer = $1", customer.Value);
        }

        session.Execute(
            """
            delete from keys where sealed is not null
                and not exists (select 1 from journal j where j.customer = keys.customer)
            """);
    }

    /// <summary>
    /// Into whom somebody was merged. A name that comes with a merge is as old as its entry at the most, so entries
    /// before the oldest name in question need not be read: as a rule none is left.
    /// </summary>
    private static HashSet<Hash16> Awaited(SqliteSession session, long from)
    {
        var awaited = new HashSet<Hash16>();
        using var reader = session.Query(
            $"select {SqliteJournal.Columns} from journal where recorded_at >= $1", from);
        while (reader.Read())
        {
            try
            {
                var (fold, _) = EntryCodec.DecodeFold(SqliteJournal.Read(reader));
                awaited.UnionWith(fold.Effects.OfType<Effect.Left>().Select(left => left.Into));
            }
            catch (CodecException)
            {
                // The proof that follows names the entry; whoever accepts it accepts that nobody knows what it led to.
            }
        }

        return awaited;
    }

    /// <summary>The earliest instant at which something was recorded that is left out.</summary>
    private static long? FirstDropped(SqliteSession session, long position) =>
        session.ReadNumber("select min(recorded_at) from journal where position > $1", position);

    /// <summary>Kept as withdrawn, so that it is seen and its number does not come again.</summary>
    private static long Withdraw(SqliteSession session, Instant until, Instant now) => session.Execute(
        """
        update activations set withdrawn_at = $2
        where scheduled_at > $1 and effective_at > $1 and withdrawn_at is null
        """,
        until.Micros, now.Micros);

    /// <summary>The entry that took the event may be left out; if it is kept, a replay finds it.</summary>
    private static long WaitAgain(SqliteSession session, long from) => session.Execute(
        """
        update quarantine set resolution = null, resolved_at = null, resolved_by = null, resolved_reason = null,
            resolved_note = null
        where resolution = $2 and resolved_at >= $1
        """,
        from, QuarantineResolutions.Replayed);
}
