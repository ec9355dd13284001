using System.Text;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>The inputs of the script.</summary>
internal sealed partial class CustomersScript
{
    private Delivery Draw(string name, int number)
    {
        // One in four is late, by up to two months.
        var at = _random.Next(4) > 0 ? _time.Plus(number) : _time.Plus(-_random.NextInt64(60 * Instant.MicrosPerDay));
        var id = $"{_step}-{number}";
        Input input = _random.Next(20) switch
        {
            < 7 => Asked.Order($"o{_step}", at, _random.Next(100, 30_000), _random.Next(2) == 0 ? "A" : "B"),
            7 => Asked.Event(EventTypes.Visit, id, at, [new(EventSchema.Currency, Text: "USD")]),
            < 10 => Asked.Return(id, at, OrderOf(name), _random.Next(100, 20_000)),
            < 13 => Asked.Visit(id, at),
            13 => Asked.Event(EventTypes.ReferralCompleted, id, at),
            < 17 => Asked.Redeem(id, at, _random.Next(1, 150), _random.Next(3) == 0 ? "between us" : null),
            _ => Asked.Adjust(id, at, _random.Next(-40, 90), _random.Next(9) == 0 ? "" : "goodwill"),
        };
        if (input is Input.Event taken && _random.Next(5) == 0)
            input = taken with { Data = taken.Data with { Private = Encoding.UTF8.GetBytes($"{{\"of\":\"{id}\"}}") } };
        var delivery = new Delivery(
            input, Historical: _step < LinksFrom || _random.Next(4) > 0,
            IfMatch: _random.Next(15) == 0 ? _random.Next(40) : null,
            Keyed: input is Input.Event || _random.Next(4) > 0);
        if (delivery.Keyed) _sent.Add((name, delivery));
        return delivery;
    }

    /// <summary>One of the last orders of a customer, or one that may come.</summary>
    private string OrderOf(string name)
    {
        var placed = _sent.Where(sent => sent.Name == name && sent.Delivery.Input.TypeName == EventTypes.OrderPlaced)
            .TakeLast(4).ToArray();
        return placed.Length == 0 || _random.Next(4) == 0
            ? $"o{_step + _random.Next(20)}"
            : placed[_random.Next(placed.Length)].Delivery.Input.Id["placed-".Length..];
    }

    /// <summary>Within the histories, mostly.</summary>
    private Instant Then() => _time.PlusDays(-_random.Next(500) + 60);
}
