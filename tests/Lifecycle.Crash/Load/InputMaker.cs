using System.Globalization;
using Lifecycle.Crash.Judging;

namespace Lifecycle.Crash.Load;

/// <summary>What one writer sends next: batches of events over several customers, and commands.</summary>
internal sealed class InputMaker(string writer, Random random, Customers customers, TimeProvider time)
{
    /// <summary>What every event names as its source.</summary>
    public const string Source = "crash";

    /// <summary>The source that the server gives every command.</summary>
    private const string CommandSource = "command";
    private const int BatchMax = 12;
    private const int OrdersKept = 20;

    private readonly List<(string Customer, string Order, long Points)> _orders = [];
    private int _number;

    public WriteRequest Next()
    {
        if (random.Next(10) < 3) return WriteRequest.OfCommand(Command());
        var inputs = new SentInput[random.Next(1, BatchMax + 1)];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = Event();
        return WriteRequest.OfEvents(inputs, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>An order is returned only once it was acknowledged: what comes before its order waits for it.</summary>
    public void Acknowledged(SentInput input)
    {
        if (input.Kind != InputKind.Order) return;
        _orders.Add((input.Key.Customer, input.Order, input.Points));
        if (_orders.Count > OrdersKept) _orders.RemoveAt(0);
    }

    private SentInput Event()
    {
        switch (random.Next(10))
        {
            case < 5:
                var id = NextId();
                return new(
                    new(customers.Draw(random), Source, id), InputKind.Order, random.Next(1, 500), $"o-{id}");
            case < 7 when _orders.Count > 0:
                var at = random.Next(_orders.Count);
                var (customer, order, left) = _orders[at];
                var back = random.Next(1, (int)left + 1);
                if (back == left) _orders.RemoveAt(at);
                else _orders[at] = (customer, order, left - back);
                return new(new(customer, Source, NextId()), InputKind.Return, back, order);
            default:
                return new(new(customers.Draw(random), Source, NextId()), InputKind.Visit, 0);
        }
    }

    private SentInput Command()
    {
        var key = new InputKey(customers.Draw(random), CommandSource, NextId());
        return random.Next(3) switch
        {
            0 => new(key, InputKind.Adjust, random.Next(1, 300)),
            1 => new(key, InputKind.Adjust, -random.Next(1, 100)),
            _ => new(key, InputKind.Redeem, random.Next(1, 200)),
        };
    }

    private string NextId() => $"{writer}-{(++_number).ToString(CultureInfo.InvariantCulture)}";
}
