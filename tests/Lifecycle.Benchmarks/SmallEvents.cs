using System.Globalization;
using System.Text;

namespace Lifecycle.Benchmarks;

/// <summary>
/// Bodies of small events as shops send them: visits, views, searches and orders of one to three lines, for customers
/// drawn by Zipf's law. The same seed gives the same bytes.
/// </summary>
internal sealed class SmallEvents
{
    private readonly double[] _upTo;
    private readonly Random _random;
    private readonly StringBuilder _body = new();
    private long _events;

    public SmallEvents(int customers, double exponent, int seed)
    {
        _random = new Random(seed);
        _upTo = new double[customers];
        var sum = 0.0;
        for (var i = 0; i < customers; i++) _upTo[i] = sum += Math.Pow(i + 1, -exponent);
    }

    /// <summary>Events one a line, spread evenly over a span of time, each for a customer by chance.</summary>
    public byte[] Lines(int events, DateTimeOffset from, TimeSpan span) => Lines(events, from, span, Draw);

    /// <summary>The same with one event for each customer in turn.</summary>
    public byte[] LinesForEach(int first, int events, DateTimeOffset from, TimeSpan span)
    {
        var next = first;
        return Lines(events, from, span, () => next++);
    }

    private byte[] Lines(int events, DateTimeOffset from, TimeSpan span, Func<int> customer)
    {
        _body.Clear();
        for (var i = 0; i < events; i++)
        {
            Write(customer(), from + span * ((double)i / events));
            _body.Append('\n');
        }

        return Encoding.UTF8.GetBytes(_body.ToString());
    }

    private int Draw()
    {
        var index = Array.BinarySearch(_upTo, _random.NextDouble() * _upTo[^1]);
        return Math.Min(index < 0 ? ~index : index, _upTo.Length - 1);
    }

    private void Write(int customer, DateTimeOffset at)
    {
        var kind = _random.Next(100);
        var id = ++_events;
        var type = kind < 35 ? "visit" : kind < 65 ? "product.viewed" : kind < 70 ? "search.performed" : "order.placed";
        _body.Append(
            CultureInfo.InvariantCulture,
            $$"""{"id":"e-{{id}}","source":"shop","type":"{{type}}","customer":"c-{{customer}}",""");
        _body.Append(
            CultureInfo.InvariantCulture,
            $$"""
            "occurred_at":"{{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}","data":
            """);
        if (kind < 35) _body.Append("""{"channel":"web","page":"/home"}}""");
        else if (kind < 65) _body.Append("""{"sku":"A-17","category":"tea","channel":"app"}}""");
        else if (kind < 70) _body.Append("""{"results":12,"channel":"web"}}""");
        else WriteOrder(id);
    }

    private void WriteOrder(long id)
    {
        var lines = _random.Next(1, 4);
        var amount = _random.Next(5, 200) * 100 * lines;
        _body.Append(
            CultureInfo.InvariantCulture,
            $$"""{"order_id":"o-{{id}}","currency":"EUR","amount_minor":{{amount}},"channel":"web","items":[""");
        for (var i = 0; i < lines; i++)
            _body.Append(i == 0 ? "" : ",").Append(
                CultureInfo.InvariantCulture,
                $$"""{"sku":"A-{{_random.Next(500)}}","category":"tea","quantity":{{1 + i}},"amount_minor":{{amount / lines}}}""");
        _body.Append("]}}");
    }
}
