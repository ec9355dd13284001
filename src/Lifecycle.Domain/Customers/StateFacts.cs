using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>What conditions read of a customer at an instant.</summary>
internal sealed class StateFacts(CustomerState state, Instant at) : IFacts
{
    public Value Get(Variable variable) => variable.Fact switch
    {
        Fact.Orders => new(Window(variable).Orders),
        Fact.SpendMinor => new(Window(variable).SpendMinor),
        Fact.Units => new(Window(variable).Units),
        Fact.Returns => new(Window(variable).Returns),
        Fact.Visits => new(Window(variable).Visits),
        Fact.Views => new(Window(variable).Views),
        Fact.Searches => new(Window(variable).Searches),
        Fact.DiscountMinor => new(Window(variable).DiscountMinor),
        Fact.OrderDays => new(state.Gaps.OrderDays),
        Fact.RecencyDays => new(RecencyDays(state, at) ?? long.MaxValue),
        Fact.AovMinor => new(AovMinor(state) ?? 0),
        Fact.Referrals => new(state.Referrals),
        Fact.PointsAvailable => new(state.Balances.Of(Account.Available)),
        Fact.PointsPending => new(state.Balances.Of(Account.Pending)),
        Fact.Stage => new(Text: state.Stage),
        _ => default,
    };

    /// <summary>Whole days since the last valid order; null before the first.</summary>
    public static long? RecencyDays(CustomerState state, Instant at) =>
        state.Moments.Last is { } last ? Math.Max(0, (at - last) / Instant.MicrosPerDay) : null;

    public static long? AovMinor(CustomerState state) =>
        state.Lifetime.Orders > 0 ? state.Lifetime.SpendMinor / state.Lifetime.Orders : null;

    private WindowTotals Window(Variable variable) =>
        variable.WindowDays == 0 ? state.Lifetime : Buckets.Sum(state.Buckets, variable.WindowDays, at);
}
