using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Engine.Tests.Identity;

/// <summary>
/// What every person has, said again in a few lines: each input counts for the id it was sent to, and a person is a
/// tree of ids.
/// </summary>
internal sealed class People
{
    private readonly Dictionary<string, string> _parents = [];
    private readonly Dictionary<string, int> _joinedAt = [];
    private readonly Dictionary<string, Fact> _orders = [];
    private readonly List<Fact> _facts = [];

    public HashSet<string> Known { get; } = [];

    /// <summary>What was taken: who it was sent to, and itself.</summary>
    public List<(string Id, Input Input)> Taken { get; } = [];

    public string RootOf(string id) => _parents.TryGetValue(id, out var parent) ? RootOf(parent) : id;

    public IEnumerable<string> Roots => Known.Select(RootOf).Distinct();

    /// <summary>The ids that can be taken out of a customer: those that were merged into it directly.</summary>
    public IEnumerable<string> AliasesOf(string root) =>
        _parents.Where(pair => pair.Value == root).Select(pair => pair.Key);

    public void Take(string id, Input input, Receipt receipt)
    {
        Known.Add(id);
        Taken.Add((id, input));
        Count(id, receipt);
    }

    /// <summary>What the receipt of an input that was sent to an id says.</summary>
    public void Count(string id, Receipt receipt)
    {
        foreach (var effect in receipt.Effects)
        {
            switch (effect)
            {
                case Effect.OrderCounted order:
                    Add(id, ("orders", 1), ("spend_minor", order.NetMinor), ("units", order.Units));
                    _orders[$"{order.Order}"] = _facts[^1];
                    break;
                case Effect.ReturnMatched returned:
                    Add(
                        _orders[$"{returned.Order}"], ("orders", returned.Whole ? -1 : 0),
                        ("spend_minor", -returned.NetMinor), ("units", -returned.Units));
                    break;
                case Effect.ReturnCounted:
                    Add(id, ("returns", 1));
                    break;
                case Effect.ActivityCounted:
                    Add(id, ("visits", 1));
                    break;
                case Effect.PointsMoved { Cause: Causes.Earned } earned:
                    Add(id, ("earned", earned.Points));
                    break;
                case Effect.PointsMoved { Cause: Causes.Redeemed } redeemed:
                    Add(id, ("redeemed", redeemed.Points));
                    break;
                case Effect.PointsMoved { Cause: Causes.Adjusted, Debit: Domain.Points.Account.Adjusted } given:
                    Add(id, ("adjusted", given.Points));
                    break;
                case Effect.PointsMoved { Cause: Causes.Adjusted } taken:
                    Add(id, ("adjusted", -taken.Points));
                    break;
            }
        }
    }

    public void Merge(string into, string from)
    {
        var (a, b) = (RootOf(into), RootOf(from));
        Known.UnionWith([into, from]);
        if (a == b) return;
        _parents[b] = a;
        _joinedAt[b] = _facts.Count;
    }

    /// <summary>
    /// What came for its aliases while it was one itself stays with it when those are taken out later. A return is of
    /// whom the order is.
    /// </summary>
    public void Unmerge(string alias)
    {
        foreach (var fact in _facts.Skip(_joinedAt[alias]))
            if (fact.Order is null && IsUnder(fact.Owner, alias)) fact.Owner = alias;
        _parents.Remove(alias);
    }

    public long Of(string root, string what) =>
        _facts.Where(fact => RootOf(fact.Owner) == root).Sum(fact => fact.Of(what));

    public static long Seen(CustomerView view, string what)
    {
        var lifetime = view.Metrics.Windows.Single(window => window.Name == "lifetime").Totals;
        return what switch
        {
            "orders" => lifetime.Orders,
            "spend_minor" => lifetime.SpendMinor,
            "units" => lifetime.Units,
            "returns" => lifetime.Returns,
            "visits" => lifetime.Visits,
            "earned" => view.Points.Lifetime.Earned,
            "redeemed" => view.Points.Lifetime.Redeemed,
            "adjusted" => view.Points.Lifetime.Adjusted,
            _ => throw new ArgumentException(what),
        };
    }

    public static readonly string[] Facts =
        ["orders", "spend_minor", "units", "returns", "visits", "earned", "redeemed", "adjusted"];

    private bool IsUnder(string id, string alias) =>
        id == alias || (_parents.TryGetValue(id, out var parent) && IsUnder(parent, alias));

    private void Add(string owner, params (string Name, long Number)[] numbers) =>
        _facts.Add(new(numbers) { Owner = owner });

    private void Add(Fact order, params (string Name, long Number)[] numbers) =>
        _facts.Add(new(numbers) { Order = order });

    private sealed class Fact((string Name, long Number)[] numbers)
    {
        /// <summary>The order that this came back of: it is of whom the order is.</summary>
        public Fact? Order { get; init; }

        public string Owner { get => Order?.Owner ?? field; set; } = "";

        public long Of(string what) => numbers.FirstOrDefault(number => number.Name == what).Number;
    }
}
