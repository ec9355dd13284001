using System.Collections.Immutable;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;

namespace Lifecycle.Domain.Tests.Support;

/// <summary>Programs made by hand. <see cref="Default"/> says what the shipped default program says.</summary>
public static class Retail
{
    public static readonly Program Default = new()
    {
        Version = 1, Name = "retail", Currency = "EUR", TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
        Stages = new()
        {
            Growth =
            [
                Stage("Prospect", "true"), Stage("New", "customer.orders >= 1"),
                Stage("Growing", "customer.order_days >= 2"), Stage("Loyal", "customer.orders_365d >= 6"),
                Stage("Advocate", "customer.orders_365d >= 6 && customer.referrals >= 1"),
            ],
            AtRisk = "AtRisk", Dormant = "Dormant", Churned = "Churned",
            Reactivated = new("Reactivated", 2, TimeSpan.FromDays(60)),
            Silence = new(
                .95, .99, .05, TimeSpan.FromDays(14), TimeSpan.FromDays(540), TimeSpan.FromDays(90), 4,
                TimeSpan.FromDays(46), .05),
            Dwell = Stays(("Loyal", 30), ("Advocate", 30)),
        },
        Points = new()
        {
            Name = "Stars", ValueMinor = 1, Pending = TimeSpan.FromDays(14),
            Expiry = new(12, 0, ExpiryRounding.Month), WhenSpent = WhenSpent.Negative,
            ReturnWindow = TimeSpan.FromDays(180), EarnOnPointsPaid = false,
        },
        Earn = [Award("base", "floor(event.amount_minor / 100)")],
    };

    /// <summary>Points can be spent at once and expire after exactly 100 days.</summary>
    public static readonly Program Quick = Default.Points(points => points with
    {
        Pending = TimeSpan.Zero, Expiry = new(0, 100, ExpiryRounding.None),
    });

    /// <summary>Everything that a program can do, on short times, so that a random history meets it.</summary>
    public static readonly Program Restless = Default.Points(points => points with
    {
        Pending = TimeSpan.FromDays(3), Expiry = new(0, 20, ExpiryRounding.Day), ReturnWindow = TimeSpan.FromDays(60),
    }) with
    {
        Stages = Default.Stages with
        {
            Growth =
            [
                Stage("Prospect", "true"),
                Stage("Looking", "customer.visits_7d >= 2 || customer.searches_30d >= 1", "Prospect"),
                Stage("New", "customer.orders >= 1"), Stage("Fresh", "customer.orders_7d >= 1 && customer.recency_days < 2"),
                Stage("Big", "customer.spend_minor_90d >= 20000", "New", "Fresh", "Huge"),
                Stage("Huge", "customer.spend_minor_30d / customer.orders_30d >= 9000", "Big"),
            ],
            Dwell = Stays(("Big", 5), ("AtRisk", 2)),
            Silence = Default.Stages.Silence with { PopulationMeanGap = TimeSpan.FromDays(12) },
        },
        Earn =
        [
            Award("base", "floor(event.amount_minor / 100)"),
            Award("visit", "3") with { On = EventTypes.Visit },
            Multiply("tea", 2.5m, "event.category == 'tea'"), Multiply("little", .5m, "event.net_minor < 500"),
        ],
    };

    public static Program Points(this Program program, Func<PointsProgram, PointsProgram> change) =>
        program with { Points = change(program.Points) };

    public static Program Stages(this Program program, Func<StageProgram, StageProgram> change) =>
        program with { Stages = change(program.Stages) };

    public static GrowthStage Stage(string name, string when, params string[] from) =>
        new(name, Compile(when, ConditionType.Truth, ConditionScope.Stage), [.. from]);

    public static ImmutableDictionary<string, TimeSpan> Stays(params (string Stage, int Days)[] stays) =>
        stays.ToImmutableDictionary(stay => stay.Stage, stay => TimeSpan.FromDays(stay.Days));

    public static EarnRule Award(string name, string points, string? when = null) => new(
        name, EventTypes.OrderPlaced, When(when), Compile(points, ConditionType.Whole, ConditionScope.Event), null, false);

    public static EarnRule Multiply(string name, decimal factor, string? when = null) => new(
        name, EventTypes.OrderPlaced, When(when), null, factor,
        When(when)?.Reads.Any(variable => variable.OfItem) ?? false);

    private static Condition? When(string? text) =>
        text is null ? null : Compile(text, ConditionType.Truth, ConditionScope.Event);

    private static Condition Compile(string text, ConditionType type, ConditionScope scope)
    {
        var (condition, errors) = ConditionCompiler.Compile(text, type, scope);
        Assert.Empty(errors);
        return condition!;
    }
}
