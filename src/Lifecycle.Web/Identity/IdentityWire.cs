using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Points;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Identity;

/// <summary>The ids that lead to a customer.</summary>
/// <param name="Customer">The customer's own id, also when an alias was asked for.</param>
/// <param name="Version">The customer's last <c>seq</c>.</param>
/// <param name="Aliases">In the order they came.</param>
public sealed record AliasesWire(string Customer, long Version, IReadOnlyList<AliasWire> Aliases)
    : IVersioned<AliasesWire>
{
    public AliasesWire WithoutInstant() => this;
}

/// <summary>An id that leads to a customer.</summary>
/// <param name="Id">The id.</param>
/// <param name="Through">The alias that it came with; null for one that was merged into the customer itself.</param>
/// <param name="Since">When it was merged.</param>
public sealed record AliasWire(string Id, string? Through, DateTime? Since);

/// <summary>What a merge takes.</summary>
/// <param name="From">The id that leads to this customer from now on.</param>
public sealed record MergeBody(string From);

/// <summary>What an unmerge takes.</summary>
/// <param name="Alias">The id that is a customer of its own again.</param>
public sealed record UnmergeBody(string Alias);

/// <summary>What came or went with an id, in sums.</summary>
/// <param name="Points">The balance of each account.</param>
/// <param name="Orders">Valid orders.</param>
/// <param name="SpendMinor">Net spend.</param>
/// <param name="Visits">Visits.</param>
/// <param name="OpenOrders">Orders that may still be returned without an order id.</param>
/// <param name="AwaitedReturns">Returns that wait for their order.</param>
/// <param name="Aliases">Other ids that came along.</param>
public sealed record PartWire(
    IReadOnlyDictionary<string, long> Points, long Orders, long SpendMinor, long Visits, int OpenOrders,
    int AwaitedReturns, int Aliases)
{
    internal static PartWire Of(Part part) => new(
        Enum.GetValues<Account>().Where(account => part.Balances.Of(account) != 0)
            .ToDictionary(account => account.Name(), account => part.Balances.Of(account)),
        part.Lifetime.Orders, part.Lifetime.SpendMinor, part.Lifetime.Visits, part.OpenOrders.Length,
        part.AwaitedReturns.Length, part.Members.Length);
}
