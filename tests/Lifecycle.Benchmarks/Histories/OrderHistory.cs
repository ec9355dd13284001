using System.Globalization;
using System.Text;

namespace Lifecycle.Benchmarks.Histories;

/// <summary>
/// A year of one customer of a shop like that of the Online Retail data (Chen, Sain and Guo 2012): few orders for most
/// customers and many for some (median 2, mean 4), some 18 lines an order, every sixth order with a return.
/// </summary>
internal static class OrderHistory
{
    private const int Days = 373;
    private const int OrdersMax = 200;
    private const int LinesMax = 300;
    private const int Skus = 3_684;
    private const double ReturnShare = 0.16;

    /// <summary>Events of a customer in the order of time, one a line.</summary>
    /// <param name="until">Nothing is later.</param>
    public static byte[] Render(string customer, DateTime until, Random random)
    {
        var events = new List<(DateTime At, string Text)>();
        var orders = Math.Clamp((int)LogNormal(random, 2, 1.2), 1, OrdersMax);
        for (var i = 0; i < orders; i++)
        {
            var at = until.AddDays(-random.NextDouble() * Days);
            var order = $"{customer}-{i}";
            var lines = Enumerable.Range(0, Math.Clamp((int)LogNormal(random, 12, 0.9), 1, LinesMax))
                .Select(_ => Line(random)).ToList();
            events.Add((at, Event(customer, $"o{i}", "order.placed", at, Data(order, lines))));
            if (random.NextDouble() >= ReturnShare) continue;
            var back = at.AddDays(random.NextDouble() * 20);
            if (back >= until) continue;
            events.Add((back, Event(customer, $"r{i}", "order.returned", back, Data(order, lines[..1]))));
        }

        return Encoding.UTF8.GetBytes(string.Concat(events.OrderBy(e => e.At).Select(e => e.Text + "\n")));
    }

    private static (string Sku, int Quantity, int AmountMinor) Line(Random random)
    {
        var quantity = 1 + (int)LogNormal(random, 6, 1);
        return ($"{20_000 + random.Next(Skus)}", quantity, quantity * random.Next(40, 800));
    }

    private static string Data(string order, List<(string Sku, int Quantity, int AmountMinor)> lines)
    {
        var items = lines.Select(
            line => $$"""{"sku":"{{line.Sku}}","quantity":{{line.Quantity}},"amount_minor":{{line.AmountMinor}}}""");
        return $$"""{"order_id":"{{order}}","currency":"EUR","amount_minor":{{lines.Sum(line => line.AmountMinor)}},""" +
            $$"""
            "country":"United Kingdom","items":[{{string.Join(',', items)}}]}
            """;
    }

    private static string Event(string customer, string id, string type, DateTime at, string data)
    {
        var time = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $$"""{"id":"{{id}}","source":"shop","type":"{{type}}","customer":"{{customer}}",""" +
            $$"""
            "occurred_at":"{{time}}","data":{{data}}}
            """;
    }

    /// <summary>By Box and Muller (1958).</summary>
    private static double LogNormal(Random random, double median, double sigma) => median * Math.Exp(
        sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
