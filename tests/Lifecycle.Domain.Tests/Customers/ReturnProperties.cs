using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Customers;

/// <summary>Partial returns of an order never take back more or less than the whole.</summary>
public sealed class ReturnProperties
{
    private static readonly string[] Skus = ["A", "B", "C"];

    [Fact]
    public void Parts_add_up_to_the_whole_and_leave_the_customer_as_if_the_order_never_was() =>
        Prop.ForAll(Orders.ToArbitrary(), Step.Histories(12), Parts.ToArbitrary(), (bought, background, parts) =>
        {
            // What others do in between: no spending and nothing that returns, so that only the order itself is undone.
            var others = background.Where(step => step.Kind is <= 4 or 6 or 7 or >= 17)
                .Select(step => step with { Wait = step.Wait % 9 }).ToArray();
            var (with, without) = (new Journey(Retail.Default), new Journey(Retail.Default));
            Step.Play(with, others.Take(3));
            Step.Play(without, others.Take(3));
            var at = Instant.Max(with.State.At, Day(0));
            var order = Order("it", at, bought.Amount, bought.Items).With(EventSchema.TaxMinor, bought.Tax)
                .With(EventSchema.DiscountMinor, bought.Discount);
            with.Take(order);
            var number = 100;
            foreach (var step in others.Skip(3))
            {
                step.Play(with, number);
                step.Play(without, number++);
            }

            foreach (var part in parts)
            {
                with.Take(part.Lines.Length > 0
                    ? ReturnLines("it", with.State.At.Plus(1), part.Lines)
                    : Return("it", with.State.At.Plus(1), part.Amount));
                AssertNotMoreThan(bought, with);
            }

            with.Take(Return("it", with.State.At.Plus(1), bought.Amount));
            AssertWhole(bought, with);
            without.Take(Event("other", with.State.At));
            without.Pass(with.State.At);
            AssertAsIfNever(with, without);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    private static void AssertNotMoreThan(Bought bought, Journey journey)
    {
        var parts = journey.All<Effect.ReturnMatched>().ToArray();
        Assert.All(parts, part => Assert.True(part is { GrossMinor: >= 0, NetMinor: >= 0, Units: >= 0, DiscountMinor: >= 0 }));
        Assert.True(parts.Sum(p => p.GrossMinor) <= bought.Amount && parts.Sum(p => p.Units) <= bought.Units);
        Assert.True(Reversed(journey) <= Earned(journey));
        foreach (var line in parts.SelectMany(p => p.Lines).GroupBy(line => line.Index))
        {
            Assert.True(line.Sum(l => l.Quantity) <= bought.Items[line.Key].Quantity);
            Assert.True(line.Sum(l => l.AmountMinor) <= bought.Items[line.Key].AmountMinor);
        }
    }

    private static void AssertWhole(Bought bought, Journey journey)
    {
        var parts = journey.All<Effect.ReturnMatched>().ToArray();
        Assert.True(parts[^1].Whole && parts[..^1].All(part => !part.Whole));
        Assert.Equal(
            (bought.Amount, bought.Amount - bought.Tax, bought.Discount, bought.Units, Earned(journey)),
            (parts.Sum(p => p.GrossMinor), parts.Sum(p => p.NetMinor), parts.Sum(p => p.DiscountMinor),
                parts.Sum(p => p.Units), Reversed(journey)));
    }

    private static void AssertAsIfNever(Journey with, Journey without)
    {
        var (a, b) = (with.State, without.State);
        Assert.Equal(b.Lots.Select(lot => (lot.ExpiresAt, lot.Remaining)), a.Lots.Select(lot => (lot.ExpiresAt, lot.Remaining)));
        Assert.Equal(b.Pending.Select(lot => (lot.Dates, lot.Points)), a.Pending.Select(lot => (lot.Dates, lot.Points)));
        Assert.Equal((b.Debt, b.Gaps, b.Moments.First, b.Moments.Last), (a.Debt, a.Gaps, a.Moments.First, a.Moments.Last));
        Assert.Equal(b.Lifetime, a.Lifetime with { Returns = b.Lifetime.Returns });
        foreach (var days in new[] { 0, 5, 30, 200, 370 })
        {
            var instant = a.At.PlusDays(days);
            Assert.Equal(
                without.View(instant).Metrics.Windows,
                with.View(instant).Metrics.Windows.Select(window => (window.Name, window.Totals with { Returns = 0 })));
        }
    }

    private static long Earned(Journey journey) => journey.All<Effect.PointsMoved>()
        .Where(moved => moved.Cause == Causes.Earned && moved.Order == OrderKey.Of("it")).Sum(moved => moved.Points);

    private static long Reversed(Journey journey) => journey.All<Effect.PointsMoved>()
        .Where(moved => moved.Cause == Causes.Returned).Sum(moved => moved.Points);

    private static readonly Gen<OrderItem> Item =
        from sku in Gen.Elements(Skus)
        from quantity in Gen.Choose(0, 5)
        from amount in Gen.Choose(0, 4_000)
        select Line(sku, quantity, amount);

    private static readonly Gen<Bought> Orders =
        from items in Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(Item, count))
        from extra in Gen.Choose(-500, 2_000)
        from tax in Gen.Choose(0, 30)
        from discount in Gen.Choose(0, 300)
        let amount = Math.Max(1, items.Sum(item => item.AmountMinor) + extra)
        select new Bought(items, amount, amount * tax / 100, discount);

    private static readonly Gen<Part[]> Parts = Gen.Choose(0, 12).SelectMany(count => Gen.ArrayOf(
        from lines in Gen.Choose(0, 2).SelectMany(lines => Gen.ArrayOf(Item, lines))
        from amount in Gen.Choose(0, 1_500)
        select new Part(lines, amount), count)).Where(parts => parts.Length < 13);

    private sealed record Bought(OrderItem[] Items, long Amount, long Tax, long Discount)
    {
        public long Units => Items.Sum(item => item.Quantity);
    }

    private sealed record Part(OrderItem[] Lines, long Amount);
}
