using Lifecycle.Domain.Time;

namespace Lifecycle.Simulation.Judging;

/// <summary>
/// What a customer must have, worked out again from what was sent, by the plainest rules that say it. It knows nothing
/// of how the engine works it out.
/// </summary>
internal sealed class Book
{
    /// <summary>Points that can be spent, by the instant at which they expire.</summary>
    public SortedDictionary<long, long> Lots { get; private set; } = [];

    /// <summary>Points that wait, by when they can be spent and when they expire.</summary>
    public SortedDictionary<(long From, long Until), long> Pending { get; private set; } = [];

    /// <summary>What expired of a lot and was not taken back since.</summary>
    public Dictionary<long, long> ExpiredOf { get; private set; } = [];

    public long Expired { get; set; }

    public long Debt { get; set; }

    public Dictionary<string, PlacedOrder> Orders { get; private set; } = [];

    /// <summary>Returns that wait for their order, oldest first.</summary>
    public List<WaitingReturn> Waiting { get; private set; } = [];

    public List<Fact> Facts { get; private set; } = [];

    public long Available => Lots.Values.Sum() - Debt;

    public long Waits => Pending.Values.Sum();

    public Book Copy() => new()
    {
        Lots = new(Lots), Pending = new(Pending), ExpiredOf = new(ExpiredOf), Expired = Expired, Debt = Debt,
        Orders = Orders, Waiting = Waiting, Facts = Facts,
    };

    /// <summary>When time alone changes something next.</summary>
    public long NextChange()
    {
        var next = long.MaxValue;
        foreach (var ((from, _), _) in Pending) next = Math.Min(next, from);
        foreach (var (until, left) in Lots)
            if (left > 0) next = Math.Min(next, until);
        return next;
    }

    /// <summary>Time passes: points mature, expire and pay what is owed, in that order, each at its instant.</summary>
    public void RollTo(long at)
    {
        for (var next = NextChange(); next <= at; next = NextChange()) SettleAt(next);
    }

    /// <summary>What is due by an instant, all at once.</summary>
    private void SettleAt(long at)
    {
        foreach (var ((from, until), points) in Pending.Where(lot => lot.Key.From <= at).ToArray())
        {
            Pending.Remove((from, until));
            Lots[until] = Lots.GetValueOrDefault(until) + points;
        }

        foreach (var (until, left) in Lots.Where(lot => lot.Key <= at && lot.Value > 0).ToArray())
        {
            Lots[until] = 0;
            Expired += left;
            ExpiredOf[until] = ExpiredOf.GetValueOrDefault(until) + left;
        }

        PayDebt();
    }

    /// <summary>Points of an order or a gift.</summary>
    public void Earn(long points, long from, long until, long at)
    {
        if (points == 0) return;
        if (from > at) Pending[(from, until)] = Pending.GetValueOrDefault((from, until)) + points;
        else Lots[until] = Lots.GetValueOrDefault(until) + points;
        SettleAt(at);
    }

    /// <summary>Soonest expiry first.</summary>
    public void Spend(long points)
    {
        foreach (var (until, left) in Lots.ToArray())
        {
            var taken = Math.Min(points, left);
            Lots[until] = left - taken;
            points -= taken;
        }
    }

    public void Place(
        PlacedOrder order, string id, Fact fact, long pendingMicros, int expiryDays, long at, bool forgive)
    {
        order.From = order.At + pendingMicros;
        order.Until = Math.Max(order.From, order.At + expiryDays * Instant.MicrosPerDay);
        Orders[id] = order;
        Facts.Add(fact);
        Earn(order.Earned, order.From, order.Until, at);
        Meet(at, forgive);
    }

    /// <summary>Returns that waited for an order meet it, in the order they came.</summary>
    public void Meet(long at, bool forgive)
    {
        foreach (var waiting in Waiting.ToArray())
        {
            if (!Orders.TryGetValue(waiting.Order, out var order)) continue;
            Waiting.Remove(waiting);
            Return(order, waiting.Amount, at, forgive);
        }
    }

    /// <summary>
    /// Takes back what that part of the order earned: of what waits, what is left, what expired, of other points; and
    /// what is missing then is owed or forgiven.
    /// </summary>
    public void Return(PlacedOrder order, long amount, long at, bool forgive)
    {
        var came = Math.Min(amount, order.Amount - order.Returned);
        if (came <= 0) return;
        var whole = came == order.Amount - order.Returned;
        var points = Share(order.Earned, order.Returned + came) - Share(order.Earned, order.Returned);
        Facts.Add(new(order.At, whole ? -1 : 0, -came, 0, 0) { Of = order.Fact });
        var onFile = Lots.GetValueOrDefault(order.Until) > 0 || (ExpiredOf.GetValueOrDefault(order.Until) > 0 &&
            Orders.Values.Any(one => one.Until == order.Until && one.Returned < one.Amount && one.Earned > 0));
        order.Returned += came;

        var waits = Math.Min(points, Pending.GetValueOrDefault((order.From, order.Until)));
        if (waits > 0) Pending[(order.From, order.Until)] -= waits;
        if (waits > 0 && Pending[(order.From, order.Until)] == 0) Pending.Remove((order.From, order.Until));
        points -= waits;
        if (onFile)
        {
            var left = Math.Min(points, Lots.GetValueOrDefault(order.Until));
            if (left > 0) Lots[order.Until] -= left;
            points -= left;
            var gone = Math.Min(points, ExpiredOf.GetValueOrDefault(order.Until));
            if (gone > 0) ExpiredOf[order.Until] -= gone;
            Expired -= gone;
            points -= gone;
        }
        else if (order.Until <= at)
        {
            var gone = Math.Min(points, Expired);
            Expired -= gone;
            points -= gone;
        }

        var others = Math.Min(points, Math.Max(0, Available));
        Spend(others);
        if (!forgive) Debt += points - others;

        long Share(long all, long part) => (long)((Int128)all * part / order.Amount);
    }

    /// <summary>Everything that another book has.</summary>
    public void Take(Book other, long at)
    {
        foreach (var (until, left) in other.Lots) Lots[until] = Lots.GetValueOrDefault(until) + left;
        foreach (var (dates, points) in other.Pending) Pending[dates] = Pending.GetValueOrDefault(dates) + points;
        foreach (var (until, gone) in other.ExpiredOf) ExpiredOf[until] = ExpiredOf.GetValueOrDefault(until) + gone;
        foreach (var (id, order) in other.Orders) Orders.TryAdd(id, order);
        Waiting.AddRange(other.Waiting);
        Facts.AddRange(other.Facts);
        Expired += other.Expired;
        Debt += other.Debt;
        SettleAt(at);
    }

    private void PayDebt()
    {
        foreach (var (until, left) in Lots.ToArray())
        {
            var paid = Math.Min(Debt, left);
            Lots[until] = left - paid;
            Debt -= paid;
        }
    }

    /// <summary>
    /// What happened within so many days, by the hour or beyond 90 days by the day; 0 for the whole life.
    /// </summary>
    public (long Orders, long Spend, long Returns, long Visits) Window(int days, long at)
    {
        var facts = Facts.Where(fact => days == 0 || StartOf(fact.At) > at - days * Instant.MicrosPerDay).ToArray();
        return (facts.Sum(f => f.Orders), facts.Sum(f => f.Spend), facts.Sum(f => f.Returns), facts.Sum(f => f.Visits));

        long StartOf(long instant)
        {
            var unit = days > 90 ? Instant.MicrosPerDay : Instant.MicrosPerHour;
            return instant - instant % unit;
        }
    }
}

internal sealed class PlacedOrder(long amount, long earned, long at, Fact fact)
{
    public long Amount => amount;

    public long Earned => earned;

    public long At => at;

    public Fact Fact => fact;

    public long Returned { get; set; }

    /// <summary>When its points can be spent.</summary>
    public long From { get; set; }

    /// <summary>When they expire.</summary>
    public long Until { get; set; }
}

/// <param name="Order">The number of the order.</param>
internal sealed record WaitingReturn(string Order, long Amount, string Owner);

/// <summary>Something that counts in windows.</summary>
/// <param name="At">When it happened.</param>
internal sealed record Fact(long At, long Orders, long Spend, long Returns, long Visits)
{
    /// <summary>The order that this came back of: it is of whom the order is.</summary>
    public Fact? Of { get; init; }

    /// <summary>The id that it is of.</summary>
    public string Owner { get => Of?.Owner ?? field; set; } = "";

    /// <summary>Its place among all facts.</summary>
    public long Number { get; init; }
}
