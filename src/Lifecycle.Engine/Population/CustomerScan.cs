using System.Runtime.CompilerServices;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Population;

/// <summary>
/// Every customer at one consistent cut, in key order, a page at a time: it holds no transaction open between pages, so
/// it takes as long as its reader and is in nobody's way.
/// </summary>
/// <remarks>
/// A stored row that is not past the cut is the customer at the cut, for the table is complete up to it before the
/// first page. A row that is past it, missing or of no use is folded from the journal.
/// </remarks>
public sealed class CustomerScan
{
    /// <summary>Customers read at a time: about a megabyte.</summary>
    public const int PageMax = 1_000;

    private readonly IStore _store;
    private readonly InstallationSecret _secret;
    private readonly ProgramBook _programs;
    private readonly Projector _projector;
    private readonly CommitSignal _commits;
    private readonly Isolation _isolation;
    private readonly Gate _gate;
    private readonly TimeProvider _time;
    private readonly HeadLoader _loader;

    internal CustomerScan(
        IStore store, InstallationSecret secret, ProgramBook programs, Projector projector, CommitSignal commits,
        Isolation isolation, Gate gate, TimeProvider time)
    {
        (_store, _secret, _programs, _projector) = (store, secret, programs, projector);
        (_commits, _isolation, _gate, _time) = (commits, isolation, gate, time);
        _loader = new HeadLoader(store);
    }

    /// <summary>The cut of a scan that begins now: everything that is committed.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="UnavailableException">This process has lost its lease on the journal.</exception>
    public async Task<ScanCut> CutAsync(CancellationToken cancel)
    {
        _gate.EnsureOpen();
        var epoch = await _store.Journal.ReadEpochAsync(cancel);
        var position = await _store.Journal.ReadHeadAsync(cancel);
        // Read after the head: nothing up to it was decided for a later instant.
        return new(epoch, position, Instant.From(_time.GetUtcNow()));
    }

    /// <summary>The cut of an earlier scan, from its text.</summary>
    /// <exception cref="FeedCursorException">It is malformed or of another history.</exception>
    public async Task<ScanCut> CutAsync(string text, CancellationToken cancel)
    {
        _gate.EnsureOpen();
        var cut = ScanCut.Parse(text);
        if (cut.Epoch == await _store.Journal.ReadEpochAsync(cancel) &&
            cut.Position <= await _store.Journal.ReadHeadAsync(cancel))
            return cut;
        throw new FeedCursorException(
            FeedCursorException.OtherEpoch,
            "The cut is of another history: the journal was restored since. Scan anew, without cut and after.");
    }

    /// <summary>
    /// The key of a customer as a scan named them: by id, or by key where there is no id any more; null for one without
    /// entries.
    /// </summary>
    public async Task<CustomerKey?> FindAsync(string customer, CancellationToken cancel)
    {
        var byId = _secret.CustomerKeyOf(customer);
        if (await ExistsAsync(byId, cancel)) return byId;
        if (customer.Length != 2 * Hash16.Size || !customer.All(char.IsAsciiHexDigitLower)) return null;
        var byKey = new CustomerKey(Hash16.Read(Convert.FromHexString(customer)));
        return await ExistsAsync(byKey, cancel) ? byKey : null;
    }

    /// <summary>
    /// Pages of the customers of a share for whom the filter holds, in key order; a page may be empty. A customer for
    /// whom the filter has no result (a division by zero) is left out.
    /// </summary>
    /// <param name="cut">What the customers are true for.</param>
    /// <param name="share">Whose keys are in it; several are read at once without getting in each other's way.</param>
    /// <param name="after">The customer of the share to go on behind; null to begin.</param>
    /// <param name="filter">Of type truth; null for everybody.</param>
    /// <param name="cancel">Ends the scan.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="UnavailableException">
    /// The lease is lost, or a customer's journal is damaged; the message says how to go on without them.
    /// </exception>
    public async IAsyncEnumerable<IReadOnlyList<ScannedCustomer>> ReadAsync(
        ScanCut cut, KeyShare share, CustomerKey? after, Condition? filter,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        await _projector.ReachAsync(cut.Position, _commits, cancel);
        _gate.EnsureOpen();
        var page = Begin(after ?? share.Before);
        var next = page;
        try
        {
            while (true)
            {
                var customers = await page.Customers;
                if (customers.Count == 0) yield break;
                var isLast = customers.Count < PageMax || !share.Contains(customers[^1]);
                // The next page is read while the rest of this one is, and while it is viewed and sent.
                if (!isLast) next = Begin(customers[^1]);
                var rows = await page.Page;
                _gate.EnsureOpen();
                yield return await ViewAsync(cut, share, rows, filter, cancel);
                if (isLast) yield break;
                page = next;
            }
        }
        finally
        {
            foreach (var reading in new[] { page.Page, next.Page })
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        (Task<IReadOnlyList<CustomerKey>> Customers, Task<ScanRows> Page) Begin(CustomerKey? behind) =>
            ScanRows.Begin(_store, behind, PageMax, cancel);
    }

    private async Task<IReadOnlyList<ScannedCustomer>> ViewAsync(
        ScanCut cut, KeyShare share, ScanRows rows, Condition? filter, CancellationToken cancel)
    {
        var page = new List<ScannedCustomer>(rows.Customers.Count);
        foreach (var (key, id, stored) in rows)
        {
            if (!share.Contains(key)) break;
            var state = StateOf(cut, stored) ?? await FoldAsync(cut, key, id, cancel);
            if (!IsCustomer(state)) continue;
            // Later than the cut's own instant only if the clock was set back.
            var instant = Instant.Max(cut.AsOf, state.At);
            var settled = Views.Settle(state, _programs.Until(instant), instant);
            if (filter is null || Holds(filter, new StateFacts(settled.State, instant)))
                page.Add(new(key, id, Views.At(settled, instant)));
        }

        return page;
    }

    /// <summary>
    /// Whether the state is that of a customer: one who came after the cut has no entry yet, and an alias is none.
    /// </summary>
    internal static bool IsCustomer(CustomerState state) => state is { Seq: > 0, MergedInto: null };

    private static CustomerState? StateOf(ScanCut cut, StoredState? stored) =>
        stored is not null && stored.Position <= cut.Position ? Decode(stored) : null;

    private async Task<CustomerState> FoldAsync(
        ScanCut cut, CustomerKey key, string? id, CancellationToken cancel)
    {
        try
        {
            return (await _loader.LoadAsync(key, cut.Position, cancel)).State;
        }
        catch (CodecException e)
        {
            _isolation.Report(key, e);
            var name = id ?? key.ToString();
            throw new UnavailableException(
                UnavailableCodes.Isolated,
                $"The history of {name} cannot be read: {e.Message} 'lifecycle verify' names the entry. To go on " +
                $"without this customer, send this cut with after={name}.",
                TimeSpan.FromMinutes(1), e);
        }
    }

    /// <summary>Null for a snapshot that is of no use.</summary>
    internal static CustomerState? Decode(StoredState stored)
    {
        try
        {
            return SnapshotCodec.DecodeState(stored);
        }
        catch (CodecException)
        {
            return null;
        }
    }

    private static bool Holds(Condition filter, StateFacts facts)
    {
        try
        {
            return filter.Evaluate(facts).Truth;
        }
        catch (ConditionException)
        {
            return false;
        }
    }

    private async Task<bool> ExistsAsync(CustomerKey customer, CancellationToken cancel) =>
        (await _store.Journal.ReadAsync(customer, 1, 1, cancel)).Count > 0;
}

/// <summary>A customer at the cut.</summary>
/// <param name="Id">The readable id; null once it was erased.</param>
public sealed record ScannedCustomer(CustomerKey Key, string? Id, CustomerView View)
{
    /// <summary>What the customer is called in answers; a scan goes on behind it.</summary>
    public string Name => Id ?? Key.ToString();
}
