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
        // Texts are made only when they are needed: this runs after every entry of every history.
        foreach (var lot in state.Lots)
            if (lot.Remaining < 0 || lot.Expired < 0 || (lot.Remaining > 0 && lot.ExpiresAt <= state.At))
                Assert.Fail($"At {state.At} there is {lot}.");
        foreach (var lot in state.Pending)
            if (lot.Points <= 0 || lot.Dates.AvailableAt <= state.At) Assert.Fail($"At {state.At} there is {lot}.");
        foreach (var order in state.OpenOrders)
            if (order.ReturnedGrossMinor > order.GrossMinor || order.ReturnedNetMinor > order.NetMinor ||
                order.ReturnedUnits > order.Units)
                Assert.Fail($"{order} has more returned than it has.");
        Ascending(state.Lots.Select(lot => lot.ExpiresAt.Micros));
        Ascending(state.Buckets.ToArray().Select(bucket => bucket.Start));
        Assert.True(state.DueAt > state.At, "The next change is due already.");
    }

    private static void Ascending(IEnumerable<long> keys)
    {
        var last = long.MinValue;
        foreach (var key in keys)
        {
            if (key <= last) Assert.Fail($"{key} follows {last}.");
            last = key;
        }
    }
}
