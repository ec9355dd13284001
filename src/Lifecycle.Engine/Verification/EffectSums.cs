using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Verification;

/// <summary>
/// A second opinion on the fold: what effects alone add up to, by the same reading that <c>explain</c> gives.
/// </summary>
internal sealed class EffectSums
{
    private static readonly (Explainer Explainer, string Field, Func<CustomerState, long> Folded)[] Fields =
    [
        Field("points.available", s => s.Balances.Of(Account.Available)),
        Field("points.pending", s => s.Balances.Of(Account.Pending)),
        Field("points.held", s => s.Balances.Of(Account.Held)),
        Field("points.lifetime.earned", s => -s.Balances.Of(Account.Issued)),
        Field("points.lifetime.redeemed", s => s.Balances.Of(Account.Redeemed)),
        Field("points.lifetime.expired", s => s.Balances.Of(Account.Expired)),
        Field("points.lifetime.reversed", s => s.Balances.Of(Account.Reversed)),
        Field("points.lifetime.adjusted", s => -s.Balances.Of(Account.Adjusted)),
        Field("metrics.windows.lifetime.orders", s => s.Lifetime.Orders),
        Field("metrics.windows.lifetime.spend_minor", s => s.Lifetime.SpendMinor),
        Field("metrics.windows.lifetime.units", s => s.Lifetime.Units),
        Field("metrics.windows.lifetime.returns", s => s.Lifetime.Returns),
        Field("metrics.windows.lifetime.visits", s => s.Lifetime.Visits),
        Field("metrics.windows.lifetime.views", s => s.Lifetime.Views),
        Field("metrics.windows.lifetime.searches", s => s.Lifetime.Searches),
        Field("metrics.windows.lifetime.discount_minor", s => s.Lifetime.DiscountMinor),
    ];

    private readonly Explainer.Explaining[] _sums =
        [.. Fields.Select(field => field.Explainer.BeginSum(Instant.Latest))];

    public void Add(Entry entry)
    {
        foreach (var sum in _sums) sum.Take(entry);
    }

    /// <summary>The fields in which the state differs, each with both values.</summary>
    public IEnumerable<string> DifferencesFrom(CustomerState state)
    {
        for (var i = 0; i < Fields.Length; i++)
        {
            var folded = Fields[i].Folded(state);
            var sum = _sums[i].Sum;
            if (folded != sum) yield return $"{Fields[i].Field} is {folded}, its effects sum to {sum}";
        }
    }

    private static (Explainer, string, Func<CustomerState, long>) Field(
        string name, Func<CustomerState, long> folded) =>
        (Explainer.For(name) ?? throw new ArgumentException(name), name, folded);
}
