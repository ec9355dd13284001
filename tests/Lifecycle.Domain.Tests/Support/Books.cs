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
        Assert.True(state.Debt == 0 || state.Lots.All(lot => lot.Remaining == 0), "There is debt and something to spend.");
        foreach (var lot in state.Lots)
        {
            Assert.True(lot is { Remaining: >= 0, Expired: >= 0 }, $"{lot}");
            Assert.True(lot.Remaining == 0 || lot.ExpiresAt > state.At, $"{lot} is expired.");
        }

        foreach (var lot in state.Pending)
            Assert.True(lot.Points > 0 && lot.Dates.AvailableAt > state.At, $"{lot} is mature.");
        Ascending(state.Lots.Select(lot => lot.ExpiresAt.Micros));
        Ascending(state.Buckets.Select(bucket => bucket.Start));
        Assert.True(state.DueAt > state.At, "The next change is due already.");
        foreach (var order in state.OpenOrders)
            Assert.True(
                order.ReturnedGrossMinor <= order.GrossMinor && order.ReturnedNetMinor <= order.NetMinor &&
                order.ReturnedUnits <= order.Units, $"{order} has more returned than it has.");
    }

    private static void Ascending(IEnumerable<long> keys)
    {
        var last = long.MinValue;
        foreach (var key in keys)
        {
            Assert.True(key > last, $"{key} follows {last}.");
            last = key;
        }
    }
}
