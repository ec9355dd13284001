using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Points;

namespace Lifecycle.Domain.Tests.Support;

/// <summary>What must hold of every state.</summary>
public static class Books
{
    public static void Check(CustomerState state)
    {
        Assert.Equal(0, state.Balances.Trial());
        Assert.Equal(state.Lots.Sum(lot => lot.Remaining) - state.Debt, state.Balances.Of(Account.Available));
        Assert.Equal(state.Pending.Sum(lot => lot.Points), state.Balances.Of(Account.Pending));
        Assert.True(state.Debt >= 0, "Debt is below zero.");
        if (state.Debt > 0) Assert.All(state.Lots, lot => Assert.Equal(0, lot.Remaining));
        Assert.All(state.Lots, lot => Assert.True(lot is { Remaining: >= 0, Expired: >= 0 }, $"{lot}"));
        Assert.All(state.Lots, lot => Assert.True(lot.Remaining == 0 || lot.ExpiresAt > state.At, $"{lot} is expired."));
        Assert.All(state.Pending, lot => Assert.True(lot.Points > 0 && lot.Dates.AvailableAt > state.At, $"{lot}"));
        Assert.Equal(state.Lots.OrderBy(lot => lot.ExpiresAt).DistinctBy(lot => lot.ExpiresAt), state.Lots);
        Assert.Equal(state.Buckets.OrderBy(bucket => bucket.Start).DistinctBy(bucket => bucket.Start), state.Buckets);
        Assert.True(state.DueAt > state.At, "The next change is due already.");
        Assert.All(state.OpenOrders, order => Assert.True(
            order.ReturnedGrossMinor <= order.GrossMinor && order.ReturnedNetMinor <= order.NetMinor &&
            order.ReturnedUnits <= order.Units, $"{order} has more returned than it has."));
    }
}
