using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Running;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Judging;

/// <summary>Looks at every row that becomes durable and at every answer, and says what is wrong.</summary>
internal sealed partial class Judge(MemoryDisk disk, InstallationSecret secret, Counts counts)
{
    private readonly Dictionary<Hash16, Operation> _expected = [];
    private readonly HashSet<Hash16> _seen = [];
    private readonly Dictionary<CustomerKey, Account> _accounts = [];
    private int _taken;

    public string? Violation { get; private set; }

    public void Expect(Operation operation) => _expected.Add(operation.Key, operation);

    /// <summary>Judges what was committed since the last time.</summary>
    public void TakeNew()
    {
        while (_taken < disk.Feed.Count && Violation is null) Take(disk.Feed[_taken++]);
    }

    /// <summary>The last version that was committed.</summary>
    public long VersionOf(string customer) => disk.RowsOf(secret.CustomerKeyOf(customer)).Count;

    private Account AccountOf(CustomerKey key) =>
        _accounts.TryGetValue(key, out var account) ? account : _accounts[key] = new(key, NameOf(key));

    private string NameOf(CustomerKey key) => Enumerable.Range(0, ScriptMaker.Customers).Select(Inputs.Customer)
        .First(name => secret.CustomerKeyOf(name) == key);

    private void Take(JournalRow row)
    {
        counts.Entries++;
        var account = AccountOf(row.Customer);
        var entry = EntryCodec.Decode(row);
        foreach (var effect in entry.Effects) counts.Effect(NameOf(effect));
        Check(row.Position == _taken, "positions have a gap");
        Check(row.Seq == account.Afters.Count + 1, $"entry {row.Seq} follows {account.Afters.Count}");
        Check(row.Prev == account.Hash, $"entry {row.Seq} builds on another history");
        Check(entry.At >= account.At, "time runs backwards");
        Check(row.EventKey is not { } key || _seen.Add(key), "an input counted twice");
        Check(!IsEarlyTick(account, entry), "a tick in the middle of a back-fill");
        if (Violation is not null) return;
        (account.Hash, account.Last) = (row.Hash, entry);
        account.At = entry.At;
        Apply(account, entry);
        account.Afters.Add(entry.After);
        var book = account.Book;
        Check(
            (entry.After.Available, entry.After.Pending, entry.After.Held) == (book.Available, book.Waits, 0),
            $"it says {entry.After.Available} available and {entry.After.Pending} pending, and it is " +
            $"{book.Available} and {book.Waits}");
        CheckStage(account, entry);

        void Check(bool holds, string what)
        {
            if (!holds) Violation ??= $"{account.Name} #{row.Seq} {entry.Input.TypeName} {entry.Input.Id}: {what}.";
        }
    }

    /// <summary>What the input means, by the model.</summary>
    private void Apply(Account account, Entry entry)
    {
        var (book, at) = (account.Book, entry.At.Micros);
        if (entry.Input is Input.Tick)
        {
            book.RollTo(at);
            return;
        }

        if (book.NextChange() <= at)
            Violation ??= $"{account.Name} #{entry.Seq}: {new Instant(book.NextChange())} was due before it.";
        if (ApplyIdentity(account, entry)) return;
        if (entry.EventKey is not { } key || !_expected.TryGetValue(key, out var operation))
        {
            Violation ??= $"{account.Name} #{entry.Seq}: nobody sent {entry.Input.Id}.";
            return;
        }

        var send = operation.Send;
        var rules = RulesAt(at);
        var occurred = operation.Delivery.Input.OccurredAt.Micros;
        var refused = entry.Effects is [Effect.Refused];
        switch (send.Ask)
        {
            case Ask.Order or Ask.SameOrder:
                var order = Inputs.Order(send.Ask == Ask.Order ? send.Number : send.About);
                if (book.Orders.ContainsKey(order)) Violation ??= $"{account.Name}: order {order} was placed twice.";
                var fact = NewFact(operation, occurred, 1, send.Amount, 0, 0);
                var earned = send.Amount / rules.PerPoint * rules.Times;
                book.Place(
                    new(send.Amount, earned, occurred, fact), order, fact, rules.PendingMinutes * 60_000_000,
                    rules.ExpiryDays, at, rules.Forgive);
                break;
            case Ask.Return:
                book.Facts.Add(NewFact(operation, occurred, 0, 0, 1, 0));
                if (book.Orders.TryGetValue(Inputs.Order(send.About), out var placed))
                    book.Return(placed, send.Amount, at, rules.Forgive);
                else book.Waiting.Add(new(Inputs.Order(send.About), send.Amount, operation.Customer));
                break;
            case Ask.Visit:
                book.Facts.Add(NewFact(operation, occurred, 0, 0, 0, 1));
                break;
            case Ask.Redeem:
                if (refused != send.Amount > book.Available)
                    Violation ??= $"{account.Name}: {send.Amount} of {book.Available} points, refused: {refused}.";
                if (!refused) book.Spend(send.Amount);
                break;
            default:
                if (refused != -send.Amount > Math.Max(0, book.Available) && send.Amount < 0)
                    Violation ??= $"{account.Name}: {send.Amount} to {book.Available} points, refused: {refused}.";
                if (refused) break;
                if (send.Amount < 0) book.Spend(-send.Amount);
                else book.Earn(send.Amount, at, at + rules.ExpiryDays * Instant.MicrosPerDay, at);
                break;
        }
    }

    /// <summary>
    /// A customer in back-fill is left alone for a while, unless a live input comes. One that is sent may end in ticks
    /// alone, as when it is refused.
    /// </summary>
    private bool IsEarlyTick(Account account, Entry entry) =>
        entry is { Input: Input.Tick, Historical: false } && account.Last is { Historical: true } last &&
        entry.RecordedAt < last.RecordedAt.Plus(Process.BackfillQuiet) && !account.IsLinked &&
        !_expected.Values.Any(operation => operation.Customer == account.Name && !operation.Delivery.Historical &&
            operation.Asked.Exists(process => !process.IsDead));

    private Fact NewFact(Operation operation, long at, long orders, long spend, long returns, long visits) =>
        new(at, orders, spend, returns, visits) { Owner = operation.Customer, Number = _taken };

    /// <summary>The last that took effect; of two at once the later one.</summary>
    private Rules RulesAt(long at)
    {
        var ruling = disk.Activations.Where(a => a.WithdrawnAt is null && a.EffectiveAt.Micros <= at)
            .OrderBy(a => a.EffectiveAt).ThenBy(a => a.Id).Last();
        return Rules.All[ruling.Version - 1];
    }

    private static string NameOf(Effect effect) =>
        effect is Effect.PointsMoved moved ? $"PointsMoved {moved.Cause}" : effect.GetType().Name;

    /// <summary>The stage that growth gives; silence may overrule it, but only within its bounds.</summary>
    private void CheckStage(Account account, Entry entry)
    {
        if (entry.Effects is [Effect.Left, ..] || account.IsGone) return;
        var placed = account.Book.Orders.Values.Where(order => order.Returned < order.Amount).ToArray();
        var growth = placed.Length >= 12 ? "Loyal" : placed.Length >= RulesAt(entry.At.Micros).GrowingAt ? "Growing"
            : placed.Length > 0 ? "New" : "Prospect";
        var silent = placed.Length == 0 ? 0 : entry.At.Micros - placed.Max(order => order.At);
        var isSilent = entry.After.Stage is "AtRisk" or "Dormant" or "Churned";
        var right = silent < 10 * Instant.MicrosPerDay ? entry.After.Stage == growth
            : silent > 30 * Instant.MicrosPerDay ? entry.After.Stage == "Churned"
            : isSilent || entry.After.Stage == growth;
        if (!right)
        {
            Violation ??= $"{account.Name} #{entry.Seq}: stage {entry.After.Stage} with {placed.Length} orders, " +
                $"silent for {silent / (double)Instant.MicrosPerDay:0.0} days.";
        }
    }
}

/// <summary>One journal as the judge knows it.</summary>
internal sealed class Account(CustomerKey key, string name)
{
    public Hash16 Key => key.Value;

    public string Name => name;

    public Book Book { get; set; } = new();

    public List<After> Afters { get; } = [];

    public Hash16 Hash { get; set; }

    public Instant At { get; set; } = Instant.Earliest;

    public Entry? Last { get; set; }

    /// <summary>Other ids have led here.</summary>
    public bool HasFamily { get; set; }

    /// <summary>Somebody asked to merge it or to take it apart: the halves of that may come at any time.</summary>
    public bool IsLinked { get; set; }

    /// <summary>It leads to another one.</summary>
    public bool IsGone { get; set; }
}
