using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>All customers of a demo, told as far as somebody wants to know.</summary>
internal sealed class Shop(ShopSettings settings)
{
    private readonly List<Shopper> _shoppers = [];
    private DateTimeOffset _told = settings.OpenedAt - TimeSpan.FromTicks(1);

    public ShopSettings Settings => settings;

    /// <summary>Who has joined so far, in that order.</summary>
    public IReadOnlyList<Shopper> Shoppers => _shoppers;

    /// <summary>
    /// What happened since the last time, until the instant: customer after customer, each in the order of time. The
    /// next customer is taken up when the one before is read to its end.
    /// </summary>
    public IEnumerable<CustomerEvent> Until(DateTimeOffset until)
    {
        foreach (var cost in ShopBooks.Costs(settings, _told, until)) yield return cost;
        for (var number = 1; number <= _shoppers.Count || settings.JoinsAt(number) <= until; number++)
        {
            if (number > _shoppers.Count) _shoppers.Add(Shopper.Born(settings, number));
            var shopper = _shoppers[number - 1];
            while (shopper.NextAt <= until) yield return shopper.Next();
        }
        _told = until;
    }
}

/// <summary>
/// The same customers from an instant on, faster than time: whoever reads it says when each event happens.
/// </summary>
internal sealed class LiveStream
{
    private readonly PriorityQueue<Shopper, (DateTimeOffset At, string Customer)> _next = new();

    /// <param name="run">Names the stream: another one goes on otherwise, and no two share an id.</param>
    public LiveStream(Shop shop, DateTimeOffset from, string run)
    {
        for (var number = 1; number <= shop.Shoppers.Count; number++)
        {
            var hasLeft = shop.Shoppers[number - 1].HasLeft(from);
            Enqueue(Shopper.Continued(shop.Settings, number, from, run, hasLeft));
        }
    }

    /// <summary>
    /// The next event; its time is the stream's own. Null when nobody of the shop does anything any more.
    /// </summary>
    public CustomerEvent? Next()
    {
        if (!_next.TryDequeue(out var shopper, out _)) return null;
        var told = shopper.Next();
        Enqueue(shopper);
        return told;
    }

    private void Enqueue(Shopper shopper)
    {
        if (shopper.NextAt is var at && at < DateTimeOffset.MaxValue) _next.Enqueue(shopper, (at, shopper.Id));
    }
}
