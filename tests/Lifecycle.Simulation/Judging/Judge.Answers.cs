using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Verification;
using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Running;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Judging;

/// <summary>Answers: each must be durable when it is given, right, and the same for ever.</summary>
internal sealed partial class Judge
{
    private readonly Dictionary<(Process, string), long> _told = [];

    public void Lost(Process process)
    {
        foreach (var known in _told.Keys.Where(known => known.Item1 == process).ToArray()) _told.Remove(known);
    }

    /// <summary>The version that this process must show at least: it was durable before it was asked.</summary>
    public long DurableFor(Process process, string customer) => _told.GetValueOrDefault((process, customer));

    public void Answered(Process process, Operation operation, Outcome outcome)
    {
        TakeNew();
        var row = disk.Find(operation.Key);
        switch (outcome)
        {
            case Outcome.Accepted accepted:
                counts.Answer(accepted.Replayed ? "accepted before" : "accepted");
                if (row is null || row.Seq != accepted.Receipt.Version)
                {
                    Violation ??= $"{operation.Send} was acknowledged as #{accepted.Receipt.Version} and is " +
                        (row is null ? "not durable." : $"#{row.Seq}.");
                    break;
                }

                var entry = EntryCodec.Decode(row);
                if (Same(accepted.Receipt, entry) is { } differs) Violation ??= $"{operation.Send}: {differs}";
                // Two processes that write the same bytes at the same instant have written one entry, whoever wrote it.
                if (!accepted.Replayed && operation.NewFor == process)
                    Violation ??= $"{operation.Send} was new twice.";
                if (!accepted.Replayed) operation.NewFor = process;
                if (!accepted.Replayed || operation.Answer is null) operation.Answer = accepted;
                operation.IsSettled = true;
                if (row.Customer == secret.CustomerKeyOf(operation.Customer))
                    Tell(process, operation.Customer, row.Seq);
                break;
            case Outcome.Refused refused:
                counts.Answer(refused.Code);
                operation.IsSettled = true;
                operation.Answer ??= refused;
                if (row is not null && refused.Version > 0 &&
                    (row.Seq != refused.Version || EntryCodec.Decode(row).Effects is not [Effect.Refused]))
                    Violation ??= $"{operation.Send} was refused as #{refused.Version} and is something else.";
                if (row is null && operation.Send.Keyed && refused.Version > 0)
                    Violation ??= $"{operation.Send} was refused as #{refused.Version}, which is not durable.";
                if (row is null && !IsLinked(operation.Customer) && refused.Version > VersionOf(operation.Customer))
                    Violation ??= $"{operation.Send} was refused on #{refused.Version}, which is not durable.";
                break;
            case Outcome.Unacceptable unacceptable:
                counts.Answer(unacceptable.Reason);
                operation.IsSettled = true;
                if (unacceptable.Reason != RefusalCodes.OrderIdReused ||
                    !Books.Any(book => book.Orders.ContainsKey(OrderOf(operation))))
                    Violation ??= $"{operation.Send}: {unacceptable.Detail}";
                break;
            case Outcome.Stale stale:
                counts.Answer("stale");
                operation.IsSettled = true;
                if (operation.Delivery.IfMatch is null)
                    Violation ??= $"{operation.Send} is stale ({stale.Version}), and should not be.";
                break;
            case Outcome.IdReused reused:
                Violation ??= $"{operation.Send} has the id of another input, #{reused.Seq}.";
                break;
        }

        bool IsLinked(string customer) =>
            AccountOf(secret.CustomerKeyOf(customer)).HasFamily;
    }

    /// <summary>Of every customer, and what is on its way from one to another: that left after an answer was made.</summary>
    private IEnumerable<Book> Books => _accounts.Values.Select(account => account.Book).Concat(_underWay.Values);

    /// <summary>
    /// After every death: no row of the table is ahead of the journal or of another history, and none that the
    /// watermark promises is missing or behind.
    /// </summary>
    public void CheckTable()
    {
        TakeNew();
        var table = disk.Table;
        foreach (var row in table.Rows.Values)
            if (disk.RowsOf(row.Customer).ElementAtOrDefault((int)row.Seq - 1)?.Hash != row.Hash)
                Violation ??= $"The table has {NameOf(row.Customer)} at #{row.Seq}, which is not in the journal.";
        foreach (var (customer, rows) in disk.Journals)
        {
            var promised = rows.FindLastIndex(row => row.Position <= table.Watermark) + 1;
            if (promised > (table.Rows.GetValueOrDefault(customer)?.Seq ?? 0))
                Violation ??=
                    $"The table is complete up to {table.Watermark}, but not #{promised} of {NameOf(customer)}: " +
                    $"it has #{table.Rows.GetValueOrDefault(customer)?.Seq}, {string.Join(' ', table.Watermarks)}.";
        }
    }

    /// <summary>The same id with another body never moves anything.</summary>
    public void Changed(Operation operation, Outcome outcome)
    {
        TakeNew();
        counts.Answer(outcome is Outcome.IdReused ? "id_reused" : "changed");
        if (outcome is Outcome.IdReused || disk.Find(operation.Key) is null) return;
        Violation ??= $"{operation.Send} with another body was answered {outcome}.";
    }

    public void LinkAsked(string one, string other)
    {
        foreach (var id in new[] { one, other }) AccountOf(secret.CustomerKeyOf(id)).IsLinked = true;
    }

    public void Linked(Outcome outcome)
    {
        TakeNew();
        counts.Answer(outcome switch
        {
            Outcome.Accepted accepted => accepted.Replayed ? "linked before" : "linked",
            Outcome.Refused refused => refused.Code,
            _ => outcome.GetType().Name,
        });
    }

    public void Seen(Process process, string customer, CustomerView? view, long known)
    {
        TakeNew();
        var key = secret.CustomerKeyOf(view?.Customer ?? customer);
        var account = AccountOf(key);
        if (view is null)
        {
            if (known > 0) Violation ??= $"{customer} is unknown and has {known} entries.";
            return;
        }

        if (view.Customer is null && view.Version < known)
            Violation ??= $"{customer} is shown at #{view.Version} after #{known} was acknowledged.";
        if (view.Version > account.Afters.Count)
            Violation ??= $"{customer} is shown at #{view.Version}, which is not durable.";
        if (view.Version != account.Afters.Count || account.IsGone) return;
        if (view.Customer is null) Tell(process, customer, view.Version);
        counts.Operation("Look judged");
        var book = account.Book.Copy();
        book.RollTo(view.AsOf.Micros);
        if ((view.Points.Available, view.Points.Pending) != (book.Available, book.Waits))
        {
            Violation ??=
                $"{customer} is shown {view.Points.Available} available and {view.Points.Pending} pending at " +
                $"{view.AsOf} (#{view.Version}), and it is {book.Available} and {book.Waits}.";
        }

        foreach (var (name, totals) in view.Metrics.Windows)
        {
            var window = book.Window(name == "lifetime" ? 0 : int.Parse(name[..^1], null), view.AsOf.Micros);
            if ((totals.Orders, totals.SpendMinor, totals.Returns, totals.Visits) != window)
                Violation ??=
                    $"{customer} is shown {totals} for {name} at {view.AsOf} (#{view.Version}), and it is {window}.";
        }
    }

    /// <summary>The end: a replay of the journal is what everybody holds.</summary>
    public void Finish(Process process)
    {
        CheckTable();
        var store = new MemoryStore(disk, Weather.Calm);
        var report = Verifier.VerifyAsync(store, null, CancellationToken.None, process.Engine!.ResidentHead)
            .GetAwaiter().GetResult();
        if (report.Violations is [var violation, ..])
            Violation ??= $"Verification: {violation}";
        if (Violation is not null) throw new ViolationException(Violation);
    }

    private void Tell(Process process, string customer, long version) =>
        _told[(process, customer)] = Math.Max(version, _told.GetValueOrDefault((process, customer)));

    private static string OrderOf(Operation operation) =>
        Inputs.Order(operation.Send.Ask == Ask.Order ? operation.Send.Number : operation.Send.About);

    private static string? Same(Receipt receipt, Entry entry)
    {
        var after = entry.After;
        if ((receipt.Available, receipt.Pending, receipt.Held, receipt.Stage, receipt.NextChangeAt) !=
            (after.Available, after.Pending, after.Held, after.Stage, after.NextChangeAt))
            return "the receipt is another.";
        return receipt.Effects.Length == entry.Effects.Length ? null : "the receipt has other effects.";
    }
}
