using Lifecycle.Cli.Demo;
using Lifecycle.Client;

namespace Lifecycle.Cli.Tests.Demo;

public sealed class ShopTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 37, 12, TimeSpan.Zero);
    private static readonly ShopSettings Settings = ShopSettings.EndingAt(Now, seed: 5, customers: 800, years: 3);

    [Fact]
    public void The_same_settings_give_the_same_shop_and_another_seed_another()
    {
        var told = Told(Settings, Settings.FilledTo);

        Assert.Equal(told, Told(Settings, Settings.FilledTo));
        // A newsletter goes out when it goes out, whoever the customers are.
        var common = told.Intersect(Told(Settings with { Seed = 6 }, Settings.FilledTo)).Count();
        Assert.InRange(common / (double)told.Count, 0, 0.02);
    }

    [Fact]
    public void Asking_in_steps_tells_the_same_as_asking_once()
    {
        var shop = new Shop(Settings);
        var inSteps = new List<string>();
        for (var day = 0; day <= Settings.Years * 365; day += 73)
            inSteps.AddRange(shop.Until(Settings.OpenedAt.AddDays(day)).Select(TextOf));

        Assert.Equal(
            Told(Settings, Settings.FilledTo).Order(StringComparer.Ordinal), inSteps.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_customer_is_the_same_however_many_others_there_are()
    {
        var few = Settings with { Customers = 1 };
        var alone = Shopper.Born(few, 1).Traits with { Tastes = new Dictionary<string, double>() };
        var among = Shopper.Born(Settings, 1).Traits with { Tastes = alone.Tastes };

        Assert.Equal(alone, among);
    }

    [Fact]
    public void Each_customers_events_are_in_order_with_ids_of_their_own()
    {
        var events = new Shop(Settings).Until(Settings.FilledTo).ToList();

        Assert.Equal(events.Count, events.Select(item => (item.Customer, item.Id)).Distinct().Count());
        foreach (var customer in events.GroupBy(item => item.Customer).Where(group => group.Key != ShopBooks.Account))
        {
            Assert.Equal(EventTypes.CustomerRegistered, customer.First().Type);
            Assert.Equal(customer.Select(e => e.OccurredAt).Order(), customer.Select(e => e.OccurredAt));
        }
        Assert.InRange(events.Max(item => item.OccurredAt)!.Value, Settings.FilledTo.AddDays(-1), Settings.FilledTo);
        Assert.True(events.Min(item => item.OccurredAt) >= Settings.OpenedAt);
    }

    [Fact]
    public void It_has_the_statistics_of_a_shop()
    {
        var shop = new Shop(Settings);
        var events = shop.Until(Settings.FilledTo).ToList();
        var by = events.GroupBy(item => item.Type).ToDictionary(group => group.Key, group => group.ToList());
        double Count(string type) => by[type].Count;
        var orders = by[EventTypes.OrderPlaced];
        var buyers = orders.Select(order => order.Customer).Distinct().Count();

        Assert.Equal(Settings.Customers, shop.Shoppers.Count);
        Assert.InRange(events.Count / (double)Settings.Customers, 40, 75);
        Assert.InRange(buyers / (double)Settings.Customers, 0.78, 0.92);
        Assert.InRange(Count(EventTypes.OrderPlaced) / buyers, 4.5, 9);
        Assert.InRange(shop.Shoppers.Count(shopper => !shopper.HasLeft(Settings.FilledTo)) / 800.0, 0.4, 0.75);
        Assert.InRange(orders.Average(order => order.Data!.AmountMinor!.Value), 3_200, 5_500);
        Assert.InRange(Count(EventTypes.OrderReturned) / orders.Count, 0.04, 0.12);
        Assert.InRange(orders.Count(order => order.Data!.DiscountMinor > 0) / (double)orders.Count, 0.15, 0.35);
        Assert.InRange(Count(EventTypes.CampaignOpened) / Count(EventTypes.CampaignSent), 0.2, 0.42);
        Assert.InRange(Count(EventTypes.TicketOpened) / orders.Count, 0.02, 0.1);
        Assert.InRange(Count(EventTypes.TicketResponded) / Count(EventTypes.TicketOpened), 0.8, 1);
        Assert.True(Count(EventTypes.Visit) > orders.Count);
        var lines = orders.SelectMany(order => order.Data!.Items!);
        Assert.Equal(12, lines.Select(line => line.Category).Distinct().Count());
        Assert.All(
            [
                EventTypes.SurveyAnswered, EventTypes.ReviewPosted, EventTypes.ReferralCompleted,
                EventTypes.ProductViewed, EventTypes.SearchPerformed, EventTypes.CartUpdated, EventTypes.CouponRedeemed,
                EventTypes.MarketingSpend, EventTypes.CampaignClicked, EventTypes.ConsentChanged,
            ],
            type => Assert.True(by.ContainsKey(type), type));
    }

    [Fact]
    public void Rates_of_buying_and_leaving_are_gamma()
    {
        var traits = Enumerable.Range(1, 20_000)
            .Select(number => Traits.Draw(new Chance(9, (ulong)number))).ToList();
        var rates = traits.ConvertAll(each => each.OrderRate);
        var stays = traits.Select(each => each.Lifetime.TotalDays).ToList();

        Assert.InRange(rates.Average(), 0.0195, 0.0225);
        // Shape 0.95: the deviation is as large as the mean.
        var deviation = Math.Sqrt(rates.Average(r => r * r) - Math.Pow(rates.Average(), 2));
        Assert.InRange(deviation / rates.Average(), 0.95, 1.08);
        // Pareto of the second kind: (330 / (330 + t)) ^ 0.7.
        foreach (var days in new[] { 30.0, 365, 1_095 })
            Assert.InRange(
                stays.Count(stay => stay > days) / 20_000.0 - Math.Pow(330 / (330 + days), 0.7), -0.015, 0.015);
        Assert.InRange(traits.Average(each => each.ValueMean), 4_000, 4_900);
    }

    [Fact]
    public void What_comes_back_was_bought_and_costs_no_more()
    {
        var events = new Shop(Settings).Until(Settings.FilledTo).ToList();
        var orders = events.Where(e => e.Type == EventTypes.OrderPlaced).ToDictionary(e => e.Data!.OrderId!);

        Assert.All(events.Where(e => e.Type == EventTypes.OrderReturned), back =>
        {
            var order = orders[back.Data!.OrderId!];
            Assert.True(back.OccurredAt > order.OccurredAt);
            Assert.True(back.Data.AmountMinor <= order.Data!.AmountMinor);
            Assert.Subset(
                order.Data.Items!.Select(i => i.Sku).ToHashSet(), back.Data.Items!.Select(i => i.Sku).ToHashSet());
        });
        Assert.All(
            orders.Values, order => Assert.Equal(order.Data!.Items!.Sum(i => i.AmountMinor), order.Data.AmountMinor));
    }

    [Fact]
    public void A_live_stream_goes_on_with_the_same_customers_and_shares_no_id_with_another()
    {
        var shop = new Shop(Settings);
        var history = shop.Until(Settings.FilledTo).Select(item => item.Id).ToHashSet();
        List<CustomerEvent> Live(string run)
        {
            var stream = new LiveStream(shop, Settings.FilledTo, run);
            return [.. Enumerable.Range(0, 5_000).Select(_ => stream.Next()!)];
        }
        var (one, same, other) = (Live("live-1"), Live("live-1"), Live("live-2"));

        Assert.Equal(one.Select(TextOf), same.Select(TextOf));
        Assert.Empty(one.Select(e => e.Id).Intersect(other.Select(e => e.Id)));
        Assert.Empty(one.Select(e => e.Id).Intersect(history));
        Assert.Subset(shop.Shoppers.Select(s => s.Id).ToHashSet(), one.Select(e => e.Customer).ToHashSet());
        Assert.Equal(one.Select(e => e.OccurredAt).Order(), one.Select(e => e.OccurredAt));
        Assert.InRange(one.Count(e => e.Type == EventTypes.OrderPlaced) / 5_000.0, 0.08, 0.25);
        var returning = one.Where(e => shop.Shoppers.Single(s => s.Id == e.Customer).HasLeft(Settings.FilledTo));
        Assert.Contains(returning, e => e.Type == EventTypes.OrderPlaced);
    }

    private static List<string> Told(ShopSettings settings, DateTimeOffset until) =>
        [.. new Shop(settings).Until(until).Select(TextOf)];

    private static string TextOf(CustomerEvent item)
    {
        using var batch = new EventBatch();
        batch.TryAdd(item);
        return System.Text.Encoding.UTF8.GetString(batch.ToJson().Span);
    }
}
