using Lifecycle.Engine.Population;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Population;

/// <summary>A page of customers.</summary>
/// <param name="Customers">In the order that was asked for.</param>
public sealed record CustomersWire(IReadOnlyList<CustomerLineWire> Customers, string? NextCursor, DateTime? AsOf)
{
    internal static CustomersWire Of(ListPage page) =>
        new([.. page.Customers.Select(CustomerLineWire.Of)], page.Cursor, page.AsOf.ToWire());
}

/// <summary>What a list shows of a customer.</summary>
/// <param name="Customer">The customer's own id.</param>
/// <param name="StageSince">When they entered the stage.</param>
/// <param name="Orders">Valid orders of the lifetime.</param>
/// <param name="SpendMinor">Their net amount, in the smallest unit of the currency.</param>
/// <param name="LastOrderAt">Null before the first.</param>
public sealed record CustomerLineWire(
    string Customer, long Version, string Stage, DateTime? StageSince, long Available, long Pending, long Held,
    long Orders, long SpendMinor, DateTime? LastOrderAt, DateTime? NextChangeAt)
{
    internal static CustomerLineWire Of(ListedCustomer customer)
    {
        var view = customer.View;
        var lifetime = view.Metrics.Windows[^1].Totals;
        return new(
            customer.Id, view.Version, view.Stage.Name, view.Stage.Since.ToWire(), view.Points.Available,
            view.Points.Pending, view.Points.Held, lifetime.Orders, lifetime.SpendMinor,
            view.Metrics.LastOrderAt.ToWire(), view.NextChangeAt.ToWire());
    }
}
