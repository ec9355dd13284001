using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>What conditions read of a customer at an instant.</summary>
internal sealed class StateFacts(CustomerState state, Instant at) : IFacts
{
    public Value Get(Variable variable) => Get(state, at, variable);

    public static Value Get(CustomerState state, Instant at, Variable variable) => variable.Fact switch
    {
        Fact.OrderDays => new(state.Gaps.OrderDays),
        Fact.RecencyDays => new(RecencyDays(state, at) ?? long.MaxValue),
        Fact.AovMinor => new(AovMinor(state) ?? 0),
        Fact.Referrals => new(state.Referrals),
        Fact.PointsAvailable => new(state.Balances.Of(Account.Available)),
        Fact.PointsPending => new(state.Balances.Of(Account.Pending)),
        Fact.Stage => new(Text: state.Stage),
        _ => new(Of(Window(state, at, variable), variable.Fact)),
    };

    /// <summary>What the sums of a window say of a fact; 0 of one that has no window.</summary>
    public static long Of(WindowTotals totals, Fact fact) => fact switch
    {
        Fact.Orders => totals.Orders,
        Fact.SpendMinor => totals.SpendMinor,
        Fact.Units => totals.Units,
        Fact.Returns => totals.Returns,
        Fact.Visits => totals.Visits,
        Fact.Views => totals.Views,
        Fact.Searches => totals.Searches,
        Fact.DiscountMinor => totals.DiscountMinor,
        _ => 0,
    };

    /// <summary>Whole days since the last valid order; null before the first.</summary>
    public static long? RecencyDays(CustomerState state, Instant at) => state.Moments.RecencyDays(at);

    public static long? AovMinor(CustomerState state) =>
        state.Lifetime.Orders > 0 ? state.Lifetime.SpendMinor / state.Lifetime.Orders : null;

    private static WindowTotals Window(CustomerState state, Instant at, Variable variable) =>
        variable.WindowDays == 0 ? state.Lifetime : Buckets.Sum(state.Buckets, variable.WindowDays, at);
}
