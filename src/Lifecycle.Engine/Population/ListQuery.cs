using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Population;

/// <summary>Which customers a list shows, and in what order.</summary>
/// <param name="Prefix">Only those with an id that begins so; empty for all.</param>
/// <param name="Stage">Only those in this stage; null for all.</param>
/// <param name="AvailableMin">Only those with as many points to spend; null for all.</param>
public sealed record ListQuery(string Prefix, string? Stage, long? AvailableMin, ListOrder Order, int Limit);

/// <param name="Column">Null for the order of the ids.</param>
public sealed record ListOrder(RowColumn? Column, bool Descending)
{
    public static readonly ListOrder ById = new(null, false);
}

/// <param name="Customers">It may be short although more follow.</param>
/// <param name="Cursor">For the next page; null on the last.</param>
/// <param name="AsOf">The instant that everybody is viewed at.</param>
public sealed record ListPage(IReadOnlyList<ListedCustomer> Customers, string? Cursor, Instant AsOf);

public sealed record ListedCustomer(string Id, CustomerView View);
