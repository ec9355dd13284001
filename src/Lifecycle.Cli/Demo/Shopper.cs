using System.Globalization;
using Lifecycle.Client;

namespace Lifecycle.Cli.Demo;

/// <summary>
/// One customer's life as a stream of events in time order. It depends on the settings and the customer's number alone,
/// and reading it further never changes what was read.
/// </summary>
internal sealed partial class Shopper
{
    public const string Source = "demo";

    private readonly PriorityQueue<Happening, (DateTimeOffset At, long Order)> _queue = new();
    private readonly ShopSettings _settings;

    /// <summary>Before every id: empty for the history, the run's own for a live stream.</summary>
    private readonly string _prefix;
    private readonly Chance _chance;
    private DateTimeOffset _leavesAt = DateTimeOffset.MaxValue;
    private bool _consents;
    private long _planned;
    private long _told;
    private long _orders;
    private long _tickets;

    private Shopper(ShopSettings settings, int number, string prefix, ulong stream)
    {
        var seed = (ulong)settings.Seed;
        _settings = settings;
        Id = ShopSettings.CustomerOf(number);
        _prefix = prefix;
        // Who they are never depends on the run; what they do next may.
        Traits = Traits.Draw(new Chance(seed, ((ulong)number << 8) | 1));
        _chance = new Chance(seed, ((ulong)number << 8) ^ stream);
        _consents = Traits.Consents;
    }

    public string Id { get; }

    public Traits Traits { get; }

    /// <summary>When the next event happens; the end of time when nothing does.</summary>
    public DateTimeOffset NextAt
    {
        get
        {
            // A step is what they decide to do; only then is it known what happens.
            while (_queue.TryPeek(out var next, out var place))
            {
                if (next.Step is not { } step) return place.At;
                _queue.Dequeue();
                step(place.At);
            }
            return DateTimeOffset.MaxValue;
        }
    }

    /// <summary>The whole life, from joining on.</summary>
    public static Shopper Born(ShopSettings settings, int number)
    {
        var shopper = new Shopper(settings, number, "", 2);
        shopper.Plan(settings.JoinsAt(number), shopper.Join);
        return shopper;
    }

    /// <summary>
    /// The same customer from an instant on, for a stream with ids of its own. A Poisson process has no memory, so what
    /// follows has the law of the life itself; but nobody leaves while they are watched, and some who left come back.
    /// </summary>
    /// <param name="run">Names the stream; another one goes on otherwise.</param>
    public static Shopper Continued(ShopSettings settings, int number, DateTimeOffset from, string run, bool hasLeft)
    {
        const double Comeback = 0.05;
        var shopper = new Shopper(settings, number, $"{run}-", Hash(run) << 8);
        var (chance, traits) = (shopper._chance, shopper.Traits);
        if (traits.Buys)
            shopper.Plan(Rhythm.Next(chance, from, traits.OrderRate * (hasLeft ? Comeback : 1)), shopper.Buy);
        if (!hasLeft) shopper.Plan(Rhythm.Next(chance, from, shopper.LookRate), shopper.Look);
        return shopper;
    }

    /// <summary>Had the last chance of an order before the instant.</summary>
    public bool HasLeft(DateTimeOffset at) => _leavesAt < at;

    /// <summary>Takes the next event.</summary>
    /// <exception cref="InvalidOperationException">Nothing happens any more.</exception>
    public CustomerEvent Next()
    {
        var at = NextAt;
        return _queue.Dequeue().Event! with
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{_prefix}{Id}-{++_told}"), OccurredAt = at,
        };
    }

    private void Plan(DateTimeOffset at, Action<DateTimeOffset> step) => Enqueue(at, new(null, step));

    private void Tell(DateTimeOffset at, string type, EventData? data = null) =>
        Enqueue(at, new(new("", type, Id) { Source = Source, Data = data }, null));

    private void Enqueue(DateTimeOffset at, Happening happening)
    {
        if (at == DateTimeOffset.MaxValue) return;
        // Whole seconds: as clocks of shops are.
        var second = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        _queue.Enqueue(happening, (second, ++_planned));
    }

    /// <summary>FNV-1a: the same in every run, unlike the runtime's own hash of a string.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14_695_981_039_346_656_037ul;
        foreach (var character in text) hash = (hash ^ character) * 1_099_511_628_211ul;
        return hash;
    }

    /// <summary>An event that will be told, or a step that decides what will.</summary>
    private readonly record struct Happening(CustomerEvent? Event, Action<DateTimeOffset>? Step);
}
