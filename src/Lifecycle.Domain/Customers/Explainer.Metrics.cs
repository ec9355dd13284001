using System.Collections.Immutable;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>Windows, and what is derived from orders.</summary>
public sealed partial class Explainer
{
    private static string[] WindowFacts =>
        ["orders", "spend_minor", "units", "returns", "visits", "views", "searches", "discount_minor"];

    private static ImmutableArray<(string Name, int Days)> Windows =>
        [.. Variables.Windows.Select(days => ($"{days}d", days)), ("lifetime", 0)];

    private static ImmutableArray<FieldRule> MetricsRules =>
    [
        .. Windows.SelectMany(window => WindowFacts.Select(fact => SumOf(
            $"metrics.windows.{window.Name}.{fact}", effect => ReadWindow(effect, fact), window.Days) with
        {
            OfPart = PartOfWindow(fact, window.Days),
        })),
        .. OrderRules,
        SumOf("metrics.referrals", ReadReferral) with { OfPart = PartOf(part => part.Referrals) },
        SumOf("metrics.unmatched_returns", effect => ReadUnmatched(effect, _ => 1)) with
        {
            OfPart = PartOf(part => part.UnmatchedReturns),
        },
        SumOf("metrics.unmatched_return_minor", effect => ReadUnmatched(effect, one => one.AmountMinor)) with
        {
            OfPart = PartOf(part => part.UnmatchedReturnMinor),
        },
        SumOf("metrics.awaited_returns", ReadAwaited) with { OfPart = PartOf(part => part.AwaitedReturns.Length) },
    ];

    private static ImmutableArray<FieldRule> OrderRules =>
    [
        OfOrders("metrics.recency_days", IsLast, all => new(
            all.Moments.RecencyDays(all.Standing.Instant), Formula: "whole days from last_order_at to as_of")
        {
            Parts = [LastOrder(all)],
        }),
        OfOrders("metrics.frequency", Any, all => new(
            all.Moments.Gaps().OrderDays, Formula: "order-days: the local days with a valid order")),
        SumOf("metrics.monetary_minor", effect => ReadWindow(effect, "spend_minor")) with
        {
            OfPart = PartOfWindow("spend_minor", 0),
        },
        new("metrics.aov_minor", ReadAov, all => new(
            all.Part("orders") > 0 ? all.Part("spend_minor") / all.Part("orders") : null,
            Formula: "spend_minor ÷ orders, rounded towards zero")
        {
            Parts = [Number("spend_minor", all.Part("spend_minor")), Number("orders", all.Part("orders"))],
        })
        {
            OfPart = (part, _) =>
            [
                new("", part.Lifetime.SpendMinor, Part: "spend_minor"), new("", part.Lifetime.Orders, Part: "orders"),
            ],
        },
        OfOrders("metrics.interpurchase_days", Any, all => OfGaps(
            all, gaps => gaps.MeanDays, "sum_days ÷ gaps, rounded to two decimals")),
        OfOrders("metrics.interpurchase_spread_days", Any, all => OfGaps(
            all, gaps => gaps.SpreadDays, "√(square_days ÷ gaps − (sum_days ÷ gaps)²), rounded to two decimals")),
        OfOrders("metrics.next_order_expected_at", Any, all => new(
            null, TextOf(all.Moments.NextExpected(all.Moments.Gaps())),
            "last_order_at + sum_days ÷ gaps, rounded up to the hour")
        {
            Parts = [LastOrder(all), .. GapParts(all.Moments.Gaps())],
        }),
        OfOrders("metrics.first_order_at", IsFirst, all => new(
            null, TextOf(all.Moments.First), "when the first valid order occurred")),
        OfOrders("metrics.last_order_at", IsLast, all => new(
            null, TextOf(all.Moments.Last), "when the last valid order occurred")),
    ];

    /// <summary>Of the valid orders, those at some moment.</summary>
    private static FieldRule OfOrders(string field, Func<OrderMoments, Instant, bool> tells, Func<Told.All, Come> come)
    {
        return new(field, Read, come) { OfOrders = true };

        IEnumerable<Told> Read(Reading reading)
        {
            var (cause, at) = reading.Effect switch
            {
                Effect.OrderCounted { Counts: true } order => ("order", order.OccurredAt),
                Effect.ReturnMatched { Counts: true, Whole: true } back => ("whole return", back.OrderOccurredAt),
                _ => ("", Instant.Never),
            };
            if (cause.Length > 0 && (reading.Standing is null || tells(reading.Standing.Facts.Moments, at)))
                yield return new(cause, null, TextOf(at));
        }
    }

    private static bool Any(OrderMoments moments, Instant at) => true;

    private static bool IsFirst(OrderMoments moments, Instant at) => at == moments.First;

    private static bool IsLast(OrderMoments moments, Instant at) => at == moments.Last;

    private static ExplanationPart LastOrder(Told.All all) => Time("last_order_at", all.Moments.Last);

    private static Come OfGaps(Told.All all, Func<GapStatistics, double?> of, string formula)
    {
        var gaps = all.Moments.Gaps();
        return new(of(gaps) is { } days ? ToDecimal(Math.Round(days, 2)) : null, Formula: formula)
        {
            Parts = GapParts(gaps),
        };
    }

    private static ImmutableArray<ExplanationPart> GapParts(GapStatistics gaps) =>
    [
        Number("gaps", gaps.Count), Measured("sum_days", gaps.SumDays), Measured("square_days", gaps.SquareDays),
    ];

    private static OrderMoments After(OrderMoments moments, Effect effect) => effect switch
    {
        Effect.OrderCounted { Counts: true } order => moments.Add(new(order.OccurredAt, order.Day)),
        Effect.ReturnMatched { Counts: true, Whole: true } back => moments.Remove(new(back.OrderOccurredAt, back.Day)),
        _ => moments,
    };

    /// <summary>When the fact that an effect counts took place; a return restates the day of its order.</summary>
    private static Instant PlacedAt(Effect effect) => effect switch
    {
        Effect.OrderCounted order => order.OccurredAt,
        Effect.ReturnMatched returned => returned.OrderOccurredAt,
        Effect.ReturnCounted returned => returned.OccurredAt,
        Effect.ActivityCounted activity => activity.OccurredAt,
        _ => Instant.Earliest,
    };

    private static IEnumerable<Told> ReadAov(Reading reading) =>
        ReadWindow(reading.Effect, "spend_minor").Select(told => told with { Part = "spend_minor" })
            .Concat(ReadWindow(reading.Effect, "orders").Select(told => told with { Part = "orders" }));

    private static IEnumerable<Told> ReadReferral(Effect effect)
    {
        if (effect is Effect.ActivityCounted { Kind: ActivityKind.Referral }) yield return new("referral", 1);
    }

    private static IEnumerable<Told> ReadUnmatched(Effect effect, Func<Effect.ReturnUnmatched, long> amount)
    {
        if (effect is Effect.ReturnUnmatched unmatched) yield return new("unmatched return", amount(unmatched));
    }

    private static IEnumerable<Told> ReadAwaited(Effect effect)
    {
        if (effect is Effect.ReturnAwaited) yield return new("awaited return", 1);
        if (effect is Effect.ReturnReleased) yield return new("return released", -1);
    }

    private static IEnumerable<Told> ReadWindow(Effect effect, string fact)
    {
        var (cause, amount) = (effect, fact) switch
        {
            (Effect.OrderCounted { Counts: false }, _) or (Effect.ReturnMatched { Counts: false }, _) => ("", 0L),
            (Effect.OrderCounted, "orders") => ("order", 1L),
            (Effect.OrderCounted order, "spend_minor") => ("order", order.NetMinor),
            (Effect.OrderCounted order, "units") => ("order", order.Units),
            (Effect.OrderCounted order, "discount_minor") => ("order", order.DiscountMinor),
            (Effect.ReturnMatched { Whole: true }, "orders") => ("whole return", -1L),
            (Effect.ReturnMatched returned, "spend_minor") => ("return", -returned.NetMinor),
            (Effect.ReturnMatched returned, "units") => ("return", -returned.Units),
            (Effect.ReturnMatched returned, "discount_minor") => ("return", -returned.DiscountMinor),
            (Effect.ReturnCounted, "returns") => ("return", 1L),
            (Effect.ActivityCounted { Kind: ActivityKind.Visit }, "visits") => ("visit", 1L),
            (Effect.ActivityCounted { Kind: ActivityKind.ProductView }, "views") => ("view", 1L),
            (Effect.ActivityCounted { Kind: ActivityKind.Search }, "searches") => ("search", 1L),
            _ => ("", 0L),
        };
        if (amount != 0) yield return new(cause, amount);
    }
}
