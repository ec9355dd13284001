using Lifecycle.Domain.Customers;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Customers;

/// <summary>Everything live of a customer.</summary>
public sealed record CustomerWire(
    string Customer, long Version, StageWire Stage, PointsWire Points, MetricsWire Metrics,
    IReadOnlyList<WarningWire> Warnings, DateTime? NextChangeAt, DateTime? AsOf) : IVersioned<CustomerWire>
{
    public CustomerWire WithoutInstant() => this with { AsOf = null };

    public static CustomerWire Of(string customer, CustomerView view) => new(
        customer, view.Version, StageWire.Of(view.Stage), PointsWire.Of(view.Points), MetricsWire.Of(view.Metrics),
        [.. view.Warnings.Select(w => new WarningWire(w.Code, w.Since.ToWire(), w.Evidence))],
        view.NextChangeAt.ToWire(), view.AsOf.ToWire());
}

public sealed record StageWire(string Name, DateTime? Since, string Reason, DateTime? NextReviewAt)
{
    internal static StageWire Of(StageView stage) =>
        new(stage.Name, stage.Since.ToWire(), stage.Reason, stage.NextReviewAt.ToWire());
}

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

public sealed record ExpiringWire(long Points, DateTime? ExpiresAt);

public sealed record LifetimePointsWire(long Earned, long Redeemed, long Expired, long Reversed, long Adjusted);

public sealed record WarningWire(string Code, DateTime? Since, string Evidence);

/// <summary>The small answer for member apps.</summary>
public sealed record StatusWire(
    string Customer, long Version, string Stage, long Available, long Pending, long Held, NextExpiryWire? NextExpiry,
    DateTime? NextChangeAt, DateTime? AsOf) : IVersioned<StatusWire>
{
    public StatusWire WithoutInstant() => this with { AsOf = null };

    public static StatusWire Of(string customer, CustomerView view) => new(
        customer, view.Version, view.Stage.Name, view.Points.Available, view.Points.Pending, view.Points.Held,
        view.Points.Expiring is [var next, ..] ? new(next.Points, next.ExpiresAt.ToWire()) : null,
        view.NextChangeAt.ToWire(), view.AsOf.ToWire());
}

public sealed record NextExpiryWire(long Points, DateTime? At);
