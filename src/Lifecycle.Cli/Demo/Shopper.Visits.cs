using System.Globalization;
using System.Text.Json.Nodes;
using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>Joining, looking round, and buying.</summary>
internal sealed partial class Shopper
{
    private const int LinesMax = 6;

    /// <summary>Visits a day that lead to nothing; those who buy often also look often.</summary>
    private double LookRate => 0.004 + (0.9 * Traits.OrderRate);

    private void Join(DateTimeOffset at)
    {
        Tell(at, EventTypes.CustomerRegistered, new()
        {
            AcquisitionChannel = Traits.AcquiredBy, Kind = "person", Channel = Traits.Channel, Country = Traits.Country,
            More = new JsonObject { ["name"] = Traits.Name },
        });
        if (_consents)
        {
            Tell(
                at, EventTypes.ConsentChanged, new() { Purpose = "newsletter", Granted = true, Channel = Traits.Channel });
            Plan(Newsletters.After(_settings, at), ReceiveNewsletter);
        }
        Plan(Rhythm.Next(_chance, at, LookRate), Look);
        if (!Traits.Buys)
        {
            _leavesAt = at + TimeSpan.FromDays(_chance.Exponential(1.0 / 150));
            return;
        }
        // Most join to buy something there and then.
        var first = _chance.Happens(0.6)
            ? at + TimeSpan.FromMinutes(_chance.Between(5, 90))
            : Rhythm.Next(_chance, at, 1.0 / 20);
        _leavesAt = first + Traits.Lifetime;
        Plan(first, Buy);
    }

    private void Look(DateTimeOffset at)
    {
        if (HasLeft(at)) return;
        var time = Enter(at);
        for (var views = _chance.Poisson(1.3); views > 0; views--) time = View(time, Taste());
        Plan(Rhythm.Next(_chance, at, LookRate), Look);
    }

    private void Buy(DateTimeOffset at)
    {
        if (HasLeft(at)) return;
        var time = Enter(at);
        var lines = FillBasket();
        foreach (var line in lines.Take(2)) time = View(time, line.Category!);
        time += TimeSpan.FromSeconds(_chance.Between(30, 400));
        if (_chance.Happens(0.6))
            Tell(time, EventTypes.CartUpdated, new() { AmountMinor = AmountOf(lines), Items = lines });
        Order(time + TimeSpan.FromSeconds(_chance.Between(40, 500)), lines);
        Plan(NextOrderAfter(at), Buy);
    }

    private DateTimeOffset NextOrderAfter(DateTimeOffset at)
    {
        var next = Rhythm.Next(_chance, at, Traits.OrderRate);
        if (!Traits.Pauses || _orders != 4) return next;
        // Once in their life something else matters for a while; they come back, if they have not left for good.
        return next + TimeSpan.FromDays(_chance.Between(180, 420));
    }

    private DateTimeOffset Enter(DateTimeOffset at)
    {
        Tell(at, EventTypes.Visit, new() { Channel = Traits.Channel, Page = _chance.Happens(0.5) ? "/" : "/offers" });
        var time = at + TimeSpan.FromSeconds(_chance.Between(10, 90));
        if (!_chance.Happens(0.3)) return time;
        Tell(time, EventTypes.SearchPerformed, new()
        {
            Category = Taste(), Results = _chance.Happens(0.06) ? 0 : _chance.Whole(1, 6), Channel = Traits.Channel,
        });
        return time + TimeSpan.FromSeconds(_chance.Between(10, 60));
    }

    private DateTimeOffset View(DateTimeOffset at, string category)
    {
        var dwell = _chance.Whole(4, 120);
        Tell(at, EventTypes.ProductViewed, new()
        {
            Sku = _chance.Pick(Assortment.Of(category)).Sku, Category = category, DwellSeconds = dwell,
            Section = _chance.Happens(0.3) ? "reviews" : "details", Channel = Traits.Channel,
        });
        return at + TimeSpan.FromSeconds(dwell + _chance.Whole(2, 20));
    }

    private string Taste() => _chance.Pick(Assortment.Categories, name => Traits.Tastes[name]);

    /// <summary>Things they like until the order is worth what they mean to spend.</summary>
    private List<OrderLine> FillBasket()
    {
        var left = Traits.DrawValue(_chance);
        var discounted = _chance.Happens(Traits.Bargain) ? _chance.Pick([0.1, 0.15, 0.2, 0.3]) : 0;
        var lines = new List<OrderLine>();
        do
        {
            var category = Taste();
            var affordable = Assortment.Of(category).Where(p => p.PriceMinor <= left * 1.15).ToList();
            var product = affordable.Count > 0
                ? _chance.Pick(affordable, p => p.PriceMinor)
                : Assortment.Of(category)[0];
            if (lines.Exists(line => line.Sku == product.Sku)) break;
            var quantity = left > 3 * product.PriceMinor ? _chance.Whole(1, 3) : 1;
            var gross = product.PriceMinor * quantity;
            var discount = (long)(gross * discounted);
            lines.Add(new(product.Sku)
            {
                Category = category, Line = product.Line, Grade = product.Grade, Quantity = quantity,
                AmountMinor = gross - discount, DiscountMinor = discount == 0 ? null : discount,
                CostMinor = product.CostMinor * quantity,
            });
            left -= gross;
        }
        while (left > 400 && lines.Count < LinesMax);
        return lines;
    }

    private static long AmountOf(IEnumerable<OrderLine> lines) => lines.Sum(line => line.AmountMinor);

    private string Numbered(char kind, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}{Id}-{kind}{number}");
}
