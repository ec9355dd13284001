using Lifecycle.Domain.Customers;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Customers;

/// <summary>Everything live of a customer.</summary>
/// <param name="Stage">Where the customer is in the lifecycle.</param>
/// <param name="Points">The balances.</param>
/// <param name="Metrics">What rolling windows and the whole history come to.</param>
/// <param name="Aliases">The other ids that lead to the customer.</param>
public sealed record CustomerWire(
    string Customer, long Version, StageWire Stage, PointsWire Points, MetricsWire Metrics,
    IReadOnlyList<WarningWire> Warnings, IReadOnlyList<string> Aliases, DateTime? NextChangeAt, DateTime? AsOf)
    : IVersioned<CustomerWire>
{
    public CustomerWire WithoutInstant() => this with { AsOf = null };

    public static CustomerWire Of(string customer, CustomerView view) => new(
        view.Customer ?? customer, view.Version, StageWire.Of(view.Stage), PointsWire.Of(view.Points),
        MetricsWire.Of(view.Metrics),
        [.. view.Warnings.Select(w => new WarningWire(w.Code, w.Since.ToWire(), w.Evidence))], view.Aliases,
        view.NextChangeAt.ToWire(), view.AsOf.ToWire());
}

/// <summary>A stage of the lifecycle.</summary>
/// <param name="Name">The stage's name in the program.</param>
/// <param name="Reason">The condition or the silence that led to it.</param>
/// <param name="NextReviewAt">When silence alone would change it; null for never.</param>
public sealed record StageWire(string Name, DateTime? Since, string Reason, DateTime? NextReviewAt)
{
    internal static StageWire Of(StageView stage) =>
        new(stage.Name, stage.Since.ToWire(), stage.Reason, stage.NextReviewAt.ToWire());
}

/// <summary>A customer's points.</summary>
/// <param name="Expiring">What expires next, soonest first.</param>
/// <param name="Lifetime">Sums over the whole history.</param>
public sealed record PointsWire(
    long Available, long Pending, long Held, IReadOnlyList<ExpiringWire> Expiring, LifetimePointsWire Lifetime)
{
    internal static PointsWire Of(PointsView points) => new(
        points.Available, points.Pending, points.Held,
        [.. points.Expiring.Select(e => new ExpiringWire(e.Points, e.ExpiresAt.ToWire()))],
        new(
            points.Lifetime.Earned, points.Lifetime.Redeemed, points.Lifetime.Expired, points.Lifetime.Reversed,
            points.Lifetime.Adjusted));
}

/// <summary>Points that expire together.</summary>
public sealed record ExpiringWire(long Points, DateTime? ExpiresAt);

/// <summary>Points over the whole history.</summary>
/// <param name="Earned">Points that events earned.</param>
/// <param name="Reversed">Points taken back for returns.</param>
/// <param name="Adjusted">Points that staff gave, less those they took.</param>
public sealed record LifetimePointsWire(long Earned, long Redeemed, long Expired, long Reversed, long Adjusted);

/// <summary>Something that somebody should look at.</summary>
/// <param name="Evidence">The numbers that led to it.</param>
public sealed record WarningWire(string Code, DateTime? Since, string Evidence);

/// <summary>The small answer for member apps.</summary>
/// <remarks>For the documentation, and for tests: <see cref="StatusAnswer"/> writes the same.</remarks>
/// <param name="NextExpiry">What expires next; null for nothing.</param>
public sealed record StatusWire(
    string Customer, long Version, string Stage, long Available, long Pending, long Held, NextExpiryWire? NextExpiry,
    DateTime? NextChangeAt, DateTime? AsOf) : IVersioned<StatusWire>
{
    public StatusWire WithoutInstant() => this with { AsOf = null };
}

/// <summary>The points that expire next.</summary>
/// <param name="At">When they expire.</param>
public sealed record NextExpiryWire(long Points, DateTime? At);
