using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Verification;

/// <summary>How far a verification has come.</summary>
public readonly record struct VerificationProgress(long Entries, long EntriesInAll, long Customers);

/// <summary>
/// Replays every customer of a store and proves the invariants: nothing is missing or changed, replay equals what was
/// told and kept, points are conserved. Reads only, and may run beside a server that writes.
/// </summary>
public sealed class Verifier
{
    private const int CustomersPage = 1_000;
    private const int RowsPage = 1_000;
    private const int EventKeysPage = 1_000;

    private readonly IStore _store;
    private readonly IProjection _projection;
    private readonly Lock _gate = new();
    private readonly List<Violation> _violations = [];
    private HashSet<Instant> _programChanges = [];
    private long _found;
    private long _entries;
    private long _keyed;
    private long _customers;

    private readonly Func<CustomerKey, Head?>? _live;

    private Verifier(IStore store, IProjection projection, Func<CustomerKey, Head?>? live) =>
        (_store, _projection, _live) = (store, projection, live);

    /// <summary>Verifies up to the journal's head at this moment.</summary>
    /// <param name="store">One that was opened to be read only will do.</param>
    /// <param name="progress">Told after every thousand customers.</param>
    /// <param name="live">
    /// The committed head of a customer in a server's memory, to prove that replay equals live.
    /// </param>
    /// <param name="withProjection">False to leave out a projection that will be made anew.</param>
    /// <exception cref="StoreException">The store could not be read to its end, for damage of its file too.</exception>
    public static Task<VerificationReport> VerifyAsync(
        IStore store, IProgress<VerificationProgress>? progress, CancellationToken cancel,
        Func<CustomerKey, Head?>? live = null, bool withProjection = true) =>
        new Verifier(store, withProjection ? store.Projection : new MissingProjection(), live)
            .VerifyAsync(progress, cancel);

    private async Task<VerificationReport> VerifyAsync(
        IProgress<VerificationProgress>? progress, CancellationToken cancel)
    {
        // In this order: what the watermark promises is in the journal that is read after it.
        var watermark = await _projection.ReadWatermarkAsync(cancel);
        var head = await _store.Journal.ReadHeadAsync(cancel);
        if (watermark > head)
            Report(ViolationCodes.Watermark, $"The projection is at {watermark}, the journal at {head}.");

        var activations = (await _store.Registry.ReadActivationsAsync(cancel)).All;
        _programChanges = activations.Select(activation => activation.EffectiveAt).ToHashSet();

        // Half the cores: a server that is verified goes on serving.
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount / 2, 1, 4), CancellationToken = cancel,
        };
        CustomerKey? after = null;
        while (await _store.Journal.ReadCustomersAsync(after, CustomersPage, cancel) is { Count: > 0 } page)
        {
            await Parallel.ForEachAsync(
                page, options, async (customer, token) => await AuditAsync(customer, watermark, head, token));
            after = page[^1];
            progress?.Report(new(_entries, head, _customers));
        }

        // Each row has a position of its own, so as many as the head says are all.
        if (_entries != head)
            Report(ViolationCodes.Positions, $"{_entries} entries are found and {head} were committed.");
        await CheckStrangersAsync(cancel);
        await CheckEventKeysAsync(head, cancel);
        var ordered = _violations
            .OrderBy(v => v.Customer).ThenBy(v => v.Seq).ThenBy(v => v.Code, StringComparer.Ordinal);
        return new(head, _entries, _customers, [.. ordered], _found);
    }

    private async Task AuditAsync(CustomerKey customer, long watermark, long head, CancellationToken cancel)
    {
        var snapshot = await _projection.ReadAsync(customer, cancel);
        var audit = new CustomerAudit(customer, snapshot, _live?.Invoke(customer), _programChanges);
        long counted = 0, keyed = 0, promised = 0;
        var from = 1L;
        while (await _store.Journal.ReadAsync(customer, from, RowsPage, cancel) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                if (row.Position <= head) counted++;
                if (row.Position <= head && row.EventKey is not null) keyed++;
                if (row.Position <= watermark) promised = row.Seq;
                audit.Follow(row);
            }

            from = rows[^1].Seq + 1;
        }

        audit.Finish(promised);
        Interlocked.Add(ref _entries, counted);
        Interlocked.Add(ref _keyed, keyed);
        if (counted > 0) Interlocked.Increment(ref _customers);
        Report(audit.Violations);
    }

    /// <summary>Rows of the projection that no entry made.</summary>
    private async Task CheckStrangersAsync(CancellationToken cancel)
    {
        CustomerKey? after = null;
        while (await _projection.ScanAsync(after, CustomersPage, cancel) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                if (await _store.Journal.ReadAsync(row.Customer, 0, 1, cancel) is not []) continue;
                Report([new(ViolationCodes.Watermark, row.Customer, row.Seq, "The journal has no entry of this row.")]);
            }

            after = page[^1].Customer;
        }
    }

    /// <summary>
    /// Keys that no entry has: an input that comes with one would be taken for a repetition. Those that lead to an
    /// entry lead each to another one, so where they are as many as the entries with a key, every entry is found.
    /// </summary>
    private async Task CheckEventKeysAsync(long head, CancellationToken cancel)
    {
        Hash16? after = null;
        var leading = 0L;
        while (await _store.Journal.ReadEventKeysAsync(after, EventKeysPage, cancel) is { Count: > 0 } page)
        {
            foreach (var (key, position) in page)
            {
                if (position is null)
                    Report(ViolationCodes.EventKeyIndex, $"The event key {key} leads to no entry that has it.");
                // A look-up that has a key twice finds one of the two.
                else if (position <= head && key != after) leading++;
                after = key;
            }
        }

        if (leading != _keyed) await NameLostKeysAsync(head, cancel);
    }

    /// <summary>Entries that their key does not lead to: their input would be taken once more.</summary>
    private async Task NameLostKeysAsync(long head, CancellationToken cancel)
    {
        var position = 0L;
        while (position < head &&
               await _store.Journal.ReadFeedAsync(position, RowsPage, cancel) is { Count: > 0 } rows)
        {
            var keys = rows.Where(row => row.EventKey is not null).Select(row => row.EventKey!.Value).ToHashSet();
            var found = await _store.Journal.FindAsync(keys, cancel);
            foreach (var row in rows)
            {
                if (row.EventKey is not { } key) continue;
                var to = found.GetValueOrDefault(key);
                if (to?.Customer == row.Customer && to.Seq == row.Seq) continue;
                var where = to is null ? "no entry" : $"entry {to.Seq} of {to.Customer}";
                Report(
                [
                    new(
                        ViolationCodes.EventKeyIndex, row.Customer, row.Seq, $"Its event key {key} leads to {where}."),
                ]);
            }

            position = rows[^1].Position;
        }
    }

    private void Report(string code, string detail) => Report([new(code, null, 0, detail)]);

    private void Report(IReadOnlyCollection<Violation> violations)
    {
        if (violations.Count == 0) return;
        lock (_gate)
        {
            _found += violations.Count;
            _violations.AddRange(violations.Take(VerificationReport.ViolationsMax - _violations.Count));
        }
    }
}
