using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>
/// Calls of all members of the port, drawn from a seed, and what was answered. First histories of years ago, decided at
/// their own times; then some ids are merged and parted, which is decided by the clock, when all of it is long over:
/// so nothing of the answers depends on what the clock says.
/// </summary>
internal sealed partial class CustomersScript(int seed, CustomersHost host, string test)
{
    private const int Steps = 420, LinksFrom = 240;

    private static readonly string[] Names = ["ann", "bob", "card", "device", "eve", "fay", "gus", "mail", "nobody"];

    private static readonly string[] Fields =
    [
        "points.available", "points.pending", "points.lifetime.earned", "points.lifetime.expired", "stage.name",
        "metrics.monetary_minor", "metrics.frequency", "metrics.aov_minor", "metrics.interpurchase_days",
        "metrics.first_order_at", "metrics.nothing",
    ];

    private readonly Random _random = new(seed);
    private readonly Plain _plain = new(host.Secret, test, Names);
    private readonly List<(string Name, Delivery Delivery)> _sent = [];
    private readonly List<(string Into, string From)> _merged = [];
    private readonly List<string> _lines = [];
    private Instant _time = Instant.From(new DateTimeOffset(2010, 1, 4, 8, 0, 0, TimeSpan.Zero));
    private CancellationToken _cancel;
    private int _step;

    private ICustomers Customers => host.Customers;

    public async Task<IReadOnlyList<string>> PlayAsync(CancellationToken cancel)
    {
        _cancel = cancel;
        for (_step = 0; _step < Steps; _step++)
        {
            _time = _time.Plus(_random.NextInt64(5 * Instant.MicrosPerDay));
            await (_random.Next(100) switch
            {
                < 30 => SendAsync(Name(), 1),
                < 38 => SendAsync(Name(), _random.Next(2, 6)),
                < 48 => SendAgainAsync(),
                < 54 => SendToSeveralAsync(),
                < 82 => ReadAsync(Name(), _random.Next(8)),
                < 87 => WhatIfAsync(Name()),
                _ when _step >= LinksFrom => LinkAsync(),
                _ => ReadAsync(Name(), 0),
            });
        }

        await WriteAsync("merge ann ann", async () => await Customers.MergeAsync(
            IdOf("ann"), IdOf("ann"), new("desk", "same", _time, Keyed: false), _cancel));
        foreach (var name in Names)
            for (var what = 0; what < 8; what++) await ReadAsync(name, what);
        return _lines;
    }

    private string Name() => Names[_random.Next(Names.Length - (_random.Next(12) == 0 ? 0 : 1))];

    private string IdOf(string name) => $"{name}.{test}";

    private Task SendAsync(string name, int count)
    {
        var deliveries = Enumerable.Range(0, count).Select(i => Draw(name, i)).ToArray();
        return WriteAsync(
            $"{name} {_plain.Text(deliveries)}",
            async () => await Customers.ApplyAsync(IdOf(name), deliveries, _cancel));
    }

    private Task SendAgainAsync()
    {
        if (_sent.Count == 0) return Task.CompletedTask;
        var (name, delivery) = _sent[^Math.Min(_sent.Count, _random.Next(1, _random.Next(2) == 0 ? 8 : 300))];
        if (_random.Next(5) == 0)
            delivery = delivery with
            {
                Input = delivery.Input switch
                {
                    Input.AdjustPoints adjust => adjust with { Points = adjust.Points + 1 },
                    Input.RedeemPoints redeem => redeem with { Points = redeem.Points + 1 },
                    var input => input with { OccurredAt = input.OccurredAt.Plus(1) },
                },
            };
        // Somebody else may send it too: it is another input then, but for an alias.
        if (_random.Next(6) == 0) name = Name();
        return WriteAsync(
            $"again {name} {delivery.Input.Id}",
            async () => await Customers.ApplyAsync(IdOf(name), [delivery], _cancel));
    }

    private async Task SendToSeveralAsync()
    {
        // Of two ids of one customer nothing says which comes first.
        var roots = new HashSet<string>();
        var several = new List<CustomerInputs>();
        for (var i = _random.Next(2, 5); i > 0; i--)
        {
            var name = Name();
            if (!roots.Add((await Customers.IdentityAsync(IdOf(name), _cancel))?.Customer ?? IdOf(name))) continue;
            several.Add(new(IdOf(name), [.. Enumerable.Range(0, _random.Next(3)).Select(n => Draw(name, n))]));
        }

        await WriteAsync($"several {_plain.Text(several.Select(one => one.Customer))}", async () =>
        {
            await Customers.ApplyAsync(several, _cancel);
            return several;
        });
    }

    private Task WhatIfAsync(string name)
    {
        var known = _sent.Count;
        Delivery[] deliveries = [.. Enumerable.Range(0, _random.Next(4)).Select(i => Draw(name, i))];
        _sent.RemoveRange(known, _sent.Count - known);
        var (when, at) = _random.Next(4) switch
        {
            0 => (PointInTime.Now, (Instant?)null),
            1 => (new PointInTime(Then(), null), null),
            2 => (new PointInTime(Then(), null), Then()),
            _ => (new PointInTime(Then(), null), _time.PlusDays(_random.Next(900))),
        };
        return WriteAsync(
            $"what if {name} {_plain.Text(deliveries)} {when} {at}",
            async () => await Customers.WhatIfAsync(IdOf(name), deliveries, when, at, _cancel));
    }

    private Task LinkAsync()
    {
        var (name, other) = (Name(), Name());
        var isMerge = _random.Next(5) > 1;
        if (isMerge) _merged.Add((name, other));
        else if (_merged.Count > 0 && _random.Next(4) > 0) (name, other) = _merged[_random.Next(_merged.Count)];
        var request = new LinkRequest(
            "desk", $"link-{_random.Next(_step)}", _time, _random.Next(12) == 0 ? _random.Next(60) : null,
            _random.Next(6) > 0);
        return isMerge
            ? WriteAsync(
                $"merge {name} {other} {request}",
                async () => await Customers.MergeAsync(IdOf(name), IdOf(other), request, _cancel))
            : WriteAsync(
                $"unmerge {name} {other} {request}",
                async () => await Customers.UnmergeAsync(IdOf(name), IdOf(other), request, _cancel));
    }

    private Task ReadAsync(string name, int what)
    {
        var (id, when) = (IdOf(name), new PointInTime(_random.Next(3) == 0 ? null : Then(), null));
        if (_random.Next(10) == 0) when = when with { KnownAt = Then() };
        var (field, limit) = (Fields[_random.Next(Fields.Length)], _random.Next(1, 40));
        var before = _random.Next(3) == 0 ? _random.Next(30) : long.MaxValue;
        return what switch
        {
            0 => WriteAsync($"view {name} {when}", async () => await Customers.ViewAsync(id, when, _cancel)),
            1 => WriteAsync($"status {name} {when}", async () => await Customers.StatusAsync(id, when, _cancel)),
            2 => WriteAsync($"extent {name} {when}", async () => await Customers.ExtentAsync(id, when, _cancel)),
            3 => WriteAsync(
                $"explain {name} {field} {when}",
                async () => await Customers.ExplainAsync(id, field, when, limit, _cancel)),
            4 => WriteAsync(
                $"entries {name} {before} {limit}",
                async () => await Customers.EntriesAsync(id, before, limit, _cancel)),
            5 => WriteAsync(
                $"own entries {name} {before} {limit}",
                async () => await Customers.OwnEntriesAsync(id, before, limit, _cancel)),
            6 => WriteAsync($"identity {name}", async () => await Customers.IdentityAsync(id, _cancel)),
            _ => WriteAsync($"tick {name}", async () =>
            {
                await Customers.TickAsync(host.Secret.CustomerKeyOf(id), _cancel);
                return "ticked";
            }),
        };
    }

    private async Task WriteAsync(string call, Func<Task<object?>> ask)
    {
        string answer;
        try
        {
            answer = _plain.Text(await ask());
        }
        catch (ArgumentException e)
        {
            answer = $"{e.GetType().Name} {_plain.Text(e.Message)}";
        }

        _lines.Add($"{_step} {call} -> {answer}");
    }
}
